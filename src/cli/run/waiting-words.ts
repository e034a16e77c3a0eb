import type { Connection } from "../../client/live-model.ts";
import type { Pause } from "../../protocol/limits.ts";
import { pausedWhat, untilWords } from "../screen/pause-words.ts";
import { clockWords, exactDurationWords, type TimeSense } from "../screen/time-words.ts";

/** What the countdown says: `Claude Code is paused until 15:00: starts in 2 h 13 min 5 s`. */
export function waitingWords(pause: Pause, connection: Connection, time: TimeSense): string {
  const words = `[Tally] ${pausedWhat(pause)} is paused${whenWords(pause, time)}`;
  return connection === "stopped" ? `${words} (the gateway was stopped: tally gateway start)` : words;
}

function whenWords(pause: Pause, time: TimeSense): string {
  const { until, kind } = pause;
  if (until === null) return kind === "manual" ? " until it is lifted" : `; ${untilWords(pause, time)}`;
  const clock = clockWords(until, time);
  if (until > time.nowMs) return ` until ${clock}: starts in ${exactDurationWords(until - time.nowMs)}`;
  return ` until ${clock}: starts as soon as the limit is seen to be gone`;
}

/** What to say when a pause lasts longer than it was to; null when it does not. */
export function prolongedWords(before: Pause, after: Pause, time: TimeSense): string | null {
  if (after.tries <= before.tries && (after.until ?? Infinity) <= (before.until ?? Infinity)) return null;
  return `${pausedWhat(after)} stays paused: ${untilWords(after, time)}`;
}
