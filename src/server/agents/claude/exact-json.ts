/** A number as it is written: what a program makes of `1e400`, `1.0` or a long id is its own affair. */
interface RawNumber {
  readonly rawJSON: string;
}

/** Part of the language since V8 11.4; TypeScript's library does not know it yet. */
const json = JSON as unknown as {
  rawJSON(source: string): RawNumber;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON text as a value that can be changed, with every number as it stands. Null when it holds no object. */
export function parseExactly(text: string): JsonObject | null {
  try {
    const value = json.parse(withoutMark(text), (_key, nested, { source }) =>
      typeof nested === "number" && source !== undefined ? json.rawJSON(source) : nested,
    );
    return isJsonObject(value) ? value : null;
  } catch {
    // Broken, or half written.
    return null;
  }
}

/** The value as JSON in the form of the text that it comes from: its indentation, its last line's end. */
export function writeLike(text: string, value: JsonObject): string {
  const indentation = /^\s*\{\r?\n([ \t]+)"/.exec(withoutMark(text))?.[1];
  const end = /\r?\n$/.exec(text)?.[0] ?? "";
  return `${text.slice(0, text.length - withoutMark(text).length)}${JSON.stringify(value, null, indentation)}${end}`;
}

/** Some Windows editors put a byte order mark in front. */
function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
