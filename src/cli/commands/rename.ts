import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveSession } from "../resolve-session.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["id", "title"]);
  const title = operands[1].trim();
  if (title === "") throw new UsageError("The title is empty.");
  const { id } = await resolveSession(client, operands[0]);
  const { session } = await client.call("renameSession", { id, body: { title } });
  say(`Renamed ${id} to ${printable(session.title)}.`);
  return exitCodes.ok;
}
