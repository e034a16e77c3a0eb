import { readDuration } from "../../protocol/duration.ts";
import { UsageError } from "../usage.ts";

/** `7d` ago, `today`, `yesterday`, or a day or moment of this machine's time zone, in milliseconds since the epoch. @throws {UsageError} for anything else */
export function readSince(text: string, nowMs: number): number {
  const ageMs = readDuration(text);
  if (ageMs !== null) return Math.max(0, nowMs - ageMs);
  const daysAgo = ["today", "yesterday"].indexOf(text.trim().toLowerCase());
  if (daysAgo >= 0) {
    const now = new Date(nowMs);
    return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime();
  }
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text.trim()) ?? [];
  // Without a time of day it would be midnight in UTC.
  const at = day === undefined ? NaN : new Date(`${day}T${time ?? "00:00"}`).getTime();
  if (at >= 0) return at;
  throw new UsageError(
    `"${text}" is neither an age nor a day. Say for example 7d, 12h, yesterday, 2026-11-01 or 2026-11-01T15:30.`,
  );
}
