import { clockTime, lengthWords } from "../../../presentation/limit-times.ts";

const MINUTE_MS = 60_000;

/** Since when a session waits, in whole minutes as its row says it: `since 23:14 (4 min)`. */
export function waitingSince(since: number, now: number): string {
  const elapsedMs = Math.max(0, now - since);
  const length = elapsedMs < MINUTE_MS ? "just now" : lengthWords(elapsedMs - (elapsedMs % MINUTE_MS));
  return `since ${clockTime(since, Math.max(now, since))} (${length})`;
}
