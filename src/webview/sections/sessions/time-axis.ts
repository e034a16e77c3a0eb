import type { TimeWindow } from "./timeline.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The clocks on all walls are whole quarters of an hour apart: their round times are among these. */
const ROUND_MS = 5 * MINUTE_MS;

/** How far back the timeline can go, the shortest first. */
export const timelineSpans = {
  "1h": { words: "hour", ms: HOUR_MS, tickMs: 15 * MINUTE_MS },
  "6h": { words: "6 hours", ms: 6 * HOUR_MS, tickMs: 2 * HOUR_MS },
  "24h": { words: "24 hours", ms: DAY_MS, tickMs: 6 * HOUR_MS },
  "7d": { words: "7 days", ms: 7 * DAY_MS, tickMs: 2 * DAY_MS },
} as const;
export type TimelineSpan = keyof typeof timelineSpans;
export const timelineSpanIds = Object.keys(timelineSpans) as TimelineSpan[];

/** The shortest span that reaches back to `since`, or the longest where none does. */
export function spanSince(since: number, now: number): TimelineSpan {
  return timelineSpanIds.find((span) => now - since <= timelineSpans[span].ms) ?? "7d";
}

export interface Tick {
  readonly at: number;
  /** `14:30`; of days `Mon 16`. */
  readonly label: string;
}

/** The marks of an axis, at round times of the clock on this machine's wall: all of them, also in an hour that comes twice. */
export function ticksOf(window: TimeWindow, tickMs: number): readonly Tick[] {
  const isDays = tickMs >= DAY_MS;
  const times = isDays
    ? midnights(window).filter(isEvery(tickMs / DAY_MS))
    : roundTimes(window).filter(isRound(tickMs));
  const label = isDays ? dayLabel : timeLabel;
  return times.filter((at) => at > window.from && at < window.until).map((at) => ({ at, label: label(at) }));
}

/** When each day began that is in the window; not all days have 24 hours. */
function midnights({ from, until }: TimeWindow): number[] {
  const first = new Date(from);
  const midnight = (day: number) => new Date(first.getFullYear(), first.getMonth(), first.getDate() + day).getTime();
  return Array.from({ length: Math.ceil((until - from) / DAY_MS) + 2 }, (_, day) => midnight(day));
}

function roundTimes({ from, until }: TimeWindow): number[] {
  const first = Math.ceil(from / ROUND_MS);
  return Array.from({ length: Math.ceil(until / ROUND_MS) - first }, (_, place) => (first + place) * ROUND_MS);
}

function isRound(tickMs: number): (at: number) => boolean {
  return (at) => {
    const date = new Date(at);
    return (date.getHours() * HOUR_MS + date.getMinutes() * MINUTE_MS) % tickMs === 0;
  };
}

/** Always the same days, while the window goes on. */
function isEvery(days: number): (midnight: number) => boolean {
  return (midnight) => {
    const date = new Date(midnight);
    return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS) % days === 0;
  };
}

function timeLabel(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function dayLabel(at: number): string {
  return new Date(at).toLocaleDateString("en-GB", { weekday: "short", day: "numeric" });
}
