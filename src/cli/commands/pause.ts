import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readPauseEnd } from "../pause-end.ts";
import { pausedWhat, untilWords } from "../screen/pause-words.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { accountNamed } from "./which-account.ts";

const options = {
  for: { type: "string" },
  until: { type: "string" },
  reason: { type: "string" },
  json: { type: "boolean" },
} as const;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { client } = context;
  const { values, operands } = readArguments(args, options, [], ["agent|persona"]);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const until = readPauseEnd({ for: values.for, until: values.until }, { now: Date.now(), timeZone });
  const reason = values.reason?.trim();
  if (reason === "") throw new UsageError("The reason is empty.");
  const { accounts } = await client.call("limits", {});
  const account = accountNamed(operands[0], accounts, context);
  const body = { account, until, ...(reason === undefined ? {} : { reason }) };
  const { pause } = await client.call("startPause", { body });
  if (values.json) printJson(pause);
  const time = { nowMs: Date.now() };
  say(
    `Paused ${pausedWhat(pause)}: ${untilWords(pause, time)}. What runs goes on; nothing new starts. End it: tally unpause ${pause.id}`,
  );
  return exitCodes.ok;
}
