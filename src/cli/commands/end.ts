import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { isHeld } from "../screen/continuation-words.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, { force: { type: "boolean" } }, ["id"]);
  const session = await resolveSession(client, operands[0]);
  const { id, title } = session;
  await client.call("endSession", { id, body: { force: values.force ?? false } });
  say(`${isHeld(session) ? "Cancelled" : "Ended"} ${id} (${printable(title)}).`);
  return exitCodes.ok;
}
