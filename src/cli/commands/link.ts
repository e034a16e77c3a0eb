import { sessionLink } from "../../protocol/links.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

/** RFC 3986. */
const SCHEME = /^[a-z][a-z0-9+.-]*$/;

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, { scheme: { type: "string", default: "vscode" } }, ["id"]);
  if (!SCHEME.test(values.scheme)) throw new UsageError(`"${values.scheme}" is no scheme, such as vscode-insiders.`);
  const { id } = await resolveSession(client, operands[0]);
  process.stdout.write(`${sessionLink(values.scheme, id)}\n`);
  return exitCodes.ok;
}
