import type { Pause, Settings } from "../../protocol/limits.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { readPauseEnd } from "../pause-end.ts";
import { pausedWhat, untilWords } from "../screen/pause-words.ts";
import { printJson } from "../screen/print.ts";
import { oneLine } from "../screen/request-text.ts";
import type { TimeSense } from "../screen/time-words.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { accountNamed, asNamed } from "./which-account.ts";

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
  const { accounts, pauses, settings } = await client.call("limits", {});
  const account = accountNamed(operands[0], accounts, context);
  const body = { account, until, ...(reason === undefined ? {} : { reason }) };
  const { pause } = await asNamed(operands[0], client.call("startPause", { body }));
  if (values.json) printJson(pause);
  const isChanged = pauses.some(({ id }) => id === pause.id);
  const words = pausedWords(pause, isChanged, { nowMs: Date.now() });
  say(`${words} ${effectWords[settings.block]} End it: tally unpause ${pause.id}`);
  return exitCodes.ok;
}

/** What a pause does to launches, as the person has set it. */
export const effectWords: Record<Settings["block"], string> = {
  block: "What runs goes on; nothing new starts.",
  warn: 'It holds nothing: launches are only warned, as tally.limits.block is "warn".',
  off: 'It holds nothing, as tally.limits.block is "off".',
};

/** @param isChanged it was paused by hand already: there is one such pause an account. */
export function pausedWords(pause: Pause, isChanged: boolean, time: TimeSense): string {
  const until = untilWords(pause, time);
  if (!isChanged) return `Paused ${pausedWhat(pause)}: ${until}.`;
  return `Changed the pause of ${pausedWhat(pause)}: now ${until}. Why: ${oneLine(pause.reason).replace(/\.$/, "")}.`;
}
