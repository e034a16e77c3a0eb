import type { Session } from "../protocol/entities.ts";
import type { Account, Pause, QuotaWindow } from "../protocol/limits.ts";
import { wasStarted } from "../protocol/limit-outcomes.ts";
import { oneLine } from "../protocol/visible.ts";
import { goesOnByItself } from "./continuation-words.ts";
import { withoutLinks } from "./editor-text.ts";
import { clockTime } from "./limit-times.ts";
import { limitedName, limitName, percentWords, windowName } from "./limit-words.ts";

const MAX_REASON_LENGTH = 120;
const MAX_TITLE_LENGTH = 40;
/** So many sessions are said to be left, each with why; a notification is not scrolled. */
const MAX_LEFT = 3;
/** What goes on later than the reset by more than this, as in quiet hours, does not go on "then". */
const LATER_MS = 5 * 60_000;

/** Says that a pause began, and what becomes of the sessions that it stopped. */
export function beganText(pause: Pause, stopped: readonly Session[], now: number): string {
  const { until, kind } = pause;
  const name = limitedName(pause);
  const end = until === null ? "" : ` until ${clockTime(until, now)}`;
  if (kind === "manual") {
    const said = `${name} is paused${end || " until it is lifted"}: ${oneLine(pause.reason, MAX_REASON_LENGTH)}`;
    return withoutLinks([closed(said), goOnWords(stopped, pause, now)].filter(Boolean).join(" "));
  }
  const said = `${name} has hit its ${limitName(kind)}: ${pausedWords(pause, now)}`;
  return withoutLinks([said, goOnWords(stopped, pause, now)].filter(Boolean).join(" "));
}

/** Says that the limit was tried out and is still there, and what becomes of the sessions that wait for its end. */
export function prolongedText(pause: Pause, stopped: readonly Session[], now: number): string {
  const said = `${limitedName(pause)}: the ${limitName(pause.kind)} is still there: ${pausedWords(pause, now)}`;
  return withoutLinks([said, goOnWords(stopped, pause, now)].filter(Boolean).join(" "));
}

function pausedWords({ until }: Pause, now: number): string {
  if (until === null) return "paused, nobody knows until when. It is tried out now and then.";
  return `paused until ${clockTime(until, now)}.`;
}

function closed(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function goOnWords(stopped: readonly Session[], { until }: Pause, now: number): string {
  const going = stopped.filter(goesOnByItself);
  if (going.length === 0) return "";
  const firstAt = Math.min(...going.map(({ continuation }) => continuation?.at ?? 0));
  const when = until !== null && firstAt > until + LATER_MS ? `at ${clockTime(firstAt, now)}` : "then";
  return going.length === 1
    ? `1 session goes on by itself ${when}.`
    : `${going.length} sessions go on by themselves ${when}.`;
}

/** Says that a pause ended, what was resumed, and what was not and why. */
export function endedText(pause: Pause, stopped: readonly Session[]): string {
  const started = stopped.filter(wasStarted).length;
  const resumed = stopped.filter(({ continuation }) => continuation?.status === "resumed").length - started;
  const going = stopped.filter(goesOnByItself).length;
  const left = stopped.filter(({ continuation }) => continuation?.status === "not-resumed");
  const parts = [
    `${limitedName(pause)} is no longer paused.`,
    resumed > 0 ? `${sessions(resumed)} resumed.` : "",
    started > 0 ? `${sessions(started)} started.` : "",
    going > 0 ? `${going} still to come.` : "",
    ...left.slice(0, MAX_LEFT).map(leftText),
    left.length > MAX_LEFT ? `${left.length - MAX_LEFT} more not resumed.` : "",
  ];
  return withoutLinks(parts.filter(Boolean).join(" "));
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
  return withoutLinks(
    `${name} has used ${percentWords(usedPercent)} of its ${windowName(quota)} limit${reset}.${forecast}`,
  );
}
