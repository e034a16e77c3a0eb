import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "./resolve.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["id"]);
  const { id, title } = await resolveSession(client, operands[0]);
  await client.call("removeSession", { id });
  say(`Removed ${id} (${printable(title)}).`);
  return exitCodes.ok;
}
