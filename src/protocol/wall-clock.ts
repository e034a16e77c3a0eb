import { tzOffset } from "@date-fns/tz/tzOffset";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A day in a calendar, of no zone. `month` is 1 to 12. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** What a clock on a wall shows. */
export interface WallTime extends CalendarDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Offsets of real zones are whole quarters of an hour. */
const QUARTER_MINUTES = 15;

/** Whether it is a zone that can be reckoned with: an IANA name, or an offset such as `+05:30`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false; // A RangeError: it is none.
  }
  return tzOffset(name, new Date()) % QUARTER_MINUTES === 0;
}

/** The day that it is somewhere. */
export function dayOf(at: number, timeZone: string): CalendarDay {
  return calendarDay(at + offsetMs(at, timeZone));
}

/** A day so many days later, or earlier. */
export function addDays({ year, month, day }: CalendarDay, days: number): CalendarDay {
  return calendarDay(Date.UTC(year, month - 1, day + days));
}

/** How many days later the second one is. */
export function daysBetween(from: CalendarDay, to: CalendarDay): number {
  return (Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / DAY_MS;
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** False for the 30th of February. */
export function isDay(day: CalendarDay): boolean {
  const { year, month, day: date } = addDays(day, 0);
  return year === day.year && month === day.month && date === day.day;
}

/**
 * The moments at which the clocks of a zone show this, in order: usually one; two where they are put back over it, none where they are put
 * forward over it.
 */
export function momentsOf(wall: WallTime, timeZone: string): readonly number[] {
  const { asUtc, before, after } = around(wall, timeZone);
  // In order, for clocks that are put back are further ahead before.
  return [...new Set([before, after])]
    .map((offset) => asUtc - offset)
    .filter((moment) => moment + offsetMs(moment, timeZone) === asUtc);
}

/** The moment at which clocks that are not put forward would show this: of a night without it, 2:30 is 3:30. */
export function momentLeftOut(wall: WallTime, timeZone: string): number {
  const { asUtc, before } = around(wall, timeZone);
  return asUtc - before;
}

/** What the clocks would show in UTC, and how far they are ahead of it a day before and after. */
function around({ year, month, day, hour, minute, second }: WallTime, timeZone: string) {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  return { asUtc, before: offsetMs(asUtc - DAY_MS, timeZone), after: offsetMs(asUtc + DAY_MS, timeZone) };
}

function offsetMs(at: number, timeZone: string): number {
  return tzOffset(timeZone, new Date(at)) * MINUTE_MS;
}

function calendarDay(asUtc: number): CalendarDay {
  const date = new Date(asUtc);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
