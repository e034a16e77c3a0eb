import type { ReadingTime } from "../../protocol/reset-time.ts";

/** When and where words are read that were printed this moment, on this machine. */
export function hereAndNow(): ReadingTime {
  return { now: Date.now(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
