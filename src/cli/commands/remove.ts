import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { isHeld } from "../screen/continuation-words.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { resolveSession } from "./resolve.ts";

export async function run(args: readonly string[], { client }: CliContext): Promise<number> {
  const { operands } = readArguments(args, {}, ["id"]);
  const session = await resolveSession(client, operands[0]);
  const { id, title } = session;
  if (isHeld(session))
    throw new TallyError("session-live", `Session ${id} is held. Call it off first: tally end ${id}`);
  await client.call("removeSession", { id });
  say(`Removed ${id} (${printable(title)}).`);
  return exitCodes.ok;
}
