const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * When the quiet hours end that hold now: the first moment at which a clock on the wall there is past them. Null when none hold.
 * They go by that clock, so the night that the clocks change is longer or shorter; hours from and to the same time are none.
 * @param quietHours as {@link ../../protocol/limits.ts} has them: `22:00-07:00`.
 */
export function quietUntil(quietHours: string | null, now: number, timeZone: string): number | null {
  const hours = quietHours === null ? null : parse(quietHours);
  if (hours === null) return null;
  const clock = wallClock(timeZone);
  const isQuiet = (at: number) => minutesSince(hours.from, clock(at)) < minutesSince(hours.from, hours.to);
  if (!isQuiet(now)) return null;
  // Minute by minute: where a clock is changed meanwhile, nothing else finds the moment for certain.
  let until = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
  while (isQuiet(until)) until += MINUTE_MS;
  return until;
}

function parse(quietHours: string): { from: number; to: number } | null {
  const match = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(quietHours);
  if (!match) return null;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
}

/** From one time of day to another, over midnight where it must be. */
function minutesSince(from: number, to: number): number {
  return (to - from + DAY_MINUTES) % DAY_MINUTES;
}

/** The minutes since midnight that a clock on the wall shows. */
function wallClock(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (at) => {
    const [hour = 0, minute = 0] = format.format(at).split(":").map(Number);
    return hour * 60 + minute;
  };
}
