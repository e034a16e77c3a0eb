import type { Session } from "../protocol/entities.ts";
import type { Account, Pause, QuotaWindow } from "../protocol/limits.ts";
import { oneLine } from "../protocol/visible.ts";
import { goesOnByItself } from "./continuation-words.ts";
import { clockTime } from "./limit-times.ts";
import { limitedName, limitName, percentWords, windowName } from "./limit-words.ts";
import { harmless } from "./request-words.ts";

const MAX_REASON_LENGTH = 120;
const MAX_TITLE_LENGTH = 40;
/** So many sessions are said to be left, each with why; a notification is not scrolled. */
const MAX_LEFT = 3;

/** Says that a pause began, and what becomes of the sessions that it stopped. */
export function beganText(pause: Pause, stopped: readonly Session[], now: number): string {
  const { until, kind } = pause;
  const name = limitedName(pause);
  const end = until === null ? "" : ` until ${clockTime(until, now)}`;
  if (kind === "manual") {
    const said = `${name} is paused${end || " until somebody lifts it"}: ${oneLine(pause.reason, MAX_REASON_LENGTH)}`;
    return harmless([closed(said), goOnWords(stopped)].filter(Boolean).join(" "));
  }
  const paused = until === null ? "paused, nobody knows until when. It is tried out now and then." : `paused${end}.`;
  return harmless([`${name} has hit its ${limitName(kind)}: ${paused}`, goOnWords(stopped)].filter(Boolean).join(" "));
}

function closed(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function goOnWords(stopped: readonly Session[]): string {
  const count = stopped.filter(goesOnByItself).length;
  if (count === 0) return "";
  return count === 1 ? "1 session goes on by itself then." : `${count} sessions go on by themselves then.`;
}

/** Says that a pause ended, what was resumed, and what was not and why. */
export function endedText(pause: Pause, stopped: readonly Session[]): string {
  const resumed = stopped.filter(({ continuation }) => continuation?.status === "resumed").length;
  const going = stopped.filter(goesOnByItself).length;
  const left = stopped.filter(({ continuation }) => continuation?.status === "not-resumed");
  const parts = [
    `${limitedName(pause)} is no longer paused.`,
    resumed > 0 ? `${sessions(resumed)} resumed.` : "",
    going > 0 ? `${going} still to come.` : "",
    ...left.slice(0, MAX_LEFT).map(leftText),
    left.length > MAX_LEFT ? `${left.length - MAX_LEFT} more not resumed.` : "",
  ];
  return harmless(parts.filter(Boolean).join(" "));
}

function leftText({ title, continuation }: Session): string {
  const why = oneLine(continuation?.text ?? "", MAX_REASON_LENGTH);
  return closed(`"${oneLine(title, MAX_TITLE_LENGTH)}": ${why}`);
}

function sessions(count: number): string {
  return count === 1 ? "1 session" : `${count} sessions`;
}

/** Says that much of an account's window is used, and when it is used up at this pace. */
export function usageText(account: Account, quota: QuotaWindow, now: number): string {
  const { usedPercent, resetsAt, fullAt } = quota;
  const reset = resetsAt === null ? "" : `, which resets ${clockTime(resetsAt, now)}`;
  const forecast = fullAt !== null && fullAt > now ? ` At this pace it is used up by ${clockTime(fullAt, now)}.` : "";
  const name = limitedName({ label: account.label, model: null });
  return harmless(
    `${name} has used ${percentWords(usedPercent)} of its ${windowName(quota)} limit${reset}.${forecast}`,
  );
}
