const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Beyond this a day without its year could be taken for another. */
const FAR_DAYS = 300;

/** In which time zone and for which present a time is told; without a zone it is this machine's. */
export interface TimeSense {
  readonly nowMs: number;
  readonly timeZone?: string;
}

/** A time as a clock on the wall shows it, with the day where that is not today: `15:00`, `tomorrow 15:00`, `Tue 24 Nov 07:56`. */
export function clockWords(atMs: number, { nowMs, timeZone }: TimeSense): string {
  const time = format(atMs, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, timeZone);
  const days = dayNumber(atMs, timeZone) - dayNumber(nowMs, timeZone);
  if (days === 0) return time;
  if (days === 1) return `tomorrow ${time}`;
  if (days === -1) return `yesterday ${time}`;
  const date = { weekday: "short", day: "numeric", month: "short" } as const;
  const isFar = Math.abs(days) > FAR_DAYS;
  const dayWords = format(atMs, isFar ? { ...date, year: "numeric" } : date, timeZone);
  return `${dayWords.replaceAll(",", "")} ${time}`;
}

/** Two units at most, rounded up so that it is never over before it is over: `2 h 13 min`, `3 d 4 h`, `40 s`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
  const hours = Math.ceil(minutes / 60);
  return joined([Math.floor(hours / 24), "d"], [hours % 24, "h"]);
}

/** How long something took; what was over in no time is not made longer than it was. */
export function spentWords(ms: number): string {
  return ms < SECOND_MS ? "<1 s" : durationWords(ms);
}

/** To the second, for a countdown that a person watches: `2 h 13 min 5 s`. */
export function exactDurationWords(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND_MS)) * SECOND_MS;
  return joined(
    [Math.floor(left / DAY_MS), "d"],
    [Math.floor((left % DAY_MS) / HOUR_MS), "h"],
    [Math.floor((left % HOUR_MS) / MINUTE_MS), "min"],
    [(left % MINUTE_MS) / SECOND_MS, "s"],
  );
}

/** `in 2 h 13 min`; a time that has come is `due now`. */
export function countdownWords(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? "due now" : `in ${durationWords(atMs - nowMs)}`;
}

/** `15:00, in 2 h 13 min`. */
export function momentWords(atMs: number, time: TimeSense): string {
  return `${clockWords(atMs, time)}, ${countdownWords(atMs, time.nowMs)}`;
}

function joined(...parts: readonly (readonly [number, string])[]): string {
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return shown.length === 0 ? "0 s" : shown.join(" ");
}

function format(atMs: number, how: Intl.DateTimeFormatOptions, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat("en-GB", { ...how, ...(timeZone === undefined ? {} : { timeZone }) }).format(atMs);
}

/** Days since the epoch, of the calendar day that it is there. */
function dayNumber(atMs: number, timeZone: string | undefined): number {
  const parts = format(atMs, { year: "numeric", month: "2-digit", day: "2-digit" }, timeZone).split("/").map(Number);
  const [day = 1, month = 1, year = 1970] = parts;
  return Date.UTC(year, month - 1, day) / DAY_MS;
}
