import { readDuration } from "../protocol/duration.ts";
import { type ReadingTime, readResetTime } from "../protocol/reset-time.ts";
import { UsageError } from "./usage.ts";

interface PauseEnd {
  readonly for: string | undefined;
  readonly until: string | undefined;
}

/** When a pause that a person begins is to end; null when it lasts until it is lifted. @throws {UsageError} for words that tell no time to come */
export function readPauseEnd(given: PauseEnd, when: ReadingTime): number | null {
  if (given.for !== undefined && given.until !== undefined)
    throw new UsageError("--for and --until exclude each other.");
  if (given.for !== undefined) return endAfter(given.for, when);
  return given.until === undefined ? null : endAt(given.until, when);
}

function endAfter(text: string, { now }: ReadingTime): number {
  const ms = readDuration(text);
  if (ms !== null && ms > 0) return now + ms;
  throw new UsageError(`"${text}" is no duration. Say for example 30m, 2h or 3d.`);
}

function endAt(text: string, when: ReadingTime): number {
  const at = readResetTime(text, when);
  if (at === null) {
    throw new UsageError(`"${text}" is no time. Say for example 3pm, 15:30, tomorrow 9am or 2026-11-24T07:56.`);
  }
  if (at <= when.now) throw new UsageError(`"${text}" is in the past.`);
  return at;
}
