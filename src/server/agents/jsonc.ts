import { parseJson } from "../../protocol/json.ts";

const stringOrComment = /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const stringOrTrailingComma = /("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g;

/** JSON as people write it, with comments and commas behind the last element. Undefined when it is none. */
export function parseJsonc(text: string): unknown {
  const keepString = (_match: string, string: string | undefined) => string ?? "";
  return parseJson(text.replace(stringOrComment, keepString).replace(stringOrTrailingComma, keepString));
}
