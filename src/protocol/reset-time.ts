import { readDuration } from "./duration.ts";
import { splitTimeZone } from "./time-zone-words.ts";
import {
  addDays,
  dayOf,
  daysBetween,
  isDay,
  momentLeftOut,
  momentsOf,
  weekdayOf,
  type CalendarDay,
} from "./wall-clock.ts";

const MINUTE_MS = 60_000;

/** When and where words are read: without a date or a zone they mean the time from then on, there. */
export interface ReadingTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** An IANA name. */
  readonly timeZone: string;
}

/**
 * The moment that words name, in milliseconds since the epoch, or null: `3am`, `15:00`, `7:56am (America/New_York)`, `Nov 24, 7:56am`,
 * `Nov 24th, 2026 1:04 PM`, `tomorrow at 3am`, `Monday 9am`, `3:04 PM PDT`, `in 2h 13m`, ISO 8601, seconds or milliseconds since the epoch.
 *
 * - A clock time is the next time that the clocks show it, and the present minute is now: agents leave out the seconds.
 * - A date without a year is the one nearest to now, so it may be past, as a date with a year may.
 * - A zone that the text names beats the given one.
 * - On a day when the clocks show it twice it is the first time that is not past; on a day when they leave it out, it is later by what they
 *   leave out: 2:30 is 3:30.
 */
export function readResetTime(text: string, { now, timeZone }: ReadingTime): number | null {
  // Intl puts a narrow no-break space before AM and PM.
  const words = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const epoch = readEpoch(words);
  if (epoch !== null) return epoch;
  const duration = readDuration(words.replace(/^in /i, "").replace(/^~/, ""));
  if (duration !== null) return now + duration;
  const { rest, zone } = splitTimeZone(words);
  const named = shapes.map((shape) => shape.exec(rest.toLowerCase())?.groups).find((groups) => groups !== undefined);
  return named === undefined || zone === null ? null : momentOf(named, { now, timeZone: zone ?? timeZone });
}

/** As long as an epoch is from 2001 to 2286, in seconds or milliseconds. */
function readEpoch(words: string): number | null {
  if (/^\d{13}$/.test(words)) return Number(words);
  return /^\d{10}$/.test(words) ? Number(words) * 1_000 : null;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const CLOCK =
  "(?<hour>\\d{1,2})(?:(?::(?<minute>\\d{2}))(?::(?<second>\\d{2})(?:\\.\\d+)?)?(?: ?(?<half>[ap])\\.?m\\.?)?| ?(?<wholeHalf>[ap])\\.?m\\.?)";
const MONTH = `(?<month>${months.join("|")})[a-z]{0,6}\\.?`;
const DATE = "(?<day>\\d{1,2})(?:st|nd|rd|th)?";
const YEAR = "(?:,? (?<year>\\d{4}))?";
const days = [
  `${MONTH} ${DATE}${YEAR}`,
  `${DATE} ${MONTH}${YEAR}`,
  "(?<year>\\d{4})-(?<monthNumber>\\d{2})-(?<day>\\d{2})",
  "(?<relative>today|tomorrow)",
  `(?<weekday>${weekdays.join("|")})[a-z]{0,6}`,
] as const;
const shapes = [
  CLOCK,
  ...days.flatMap((day) => [`${day}(?:(?:,? at |, | |t)${CLOCK})?`, `${CLOCK},?(?: on)? ${day}`]),
].map((shape) => new RegExp(`^(?:at |on )?${shape}$`));

/** What a shape has found, by its names of groups. */
type Named = Readonly<Record<string, string | undefined>>;

interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function momentOf(named: Named, when: ReadingTime): number | null {
  const clock = clockTimeOf(named);
  if (clock === null) return null;
  const times = daysOf(named, when).map((day) => ({ ...day, ...clock }));
  const moments = times.flatMap((time) => momentsOf(time, when.timeZone));
  const next = moments.find((moment) => moment > when.now - MINUTE_MS) ?? moments.at(-1);
  return next ?? (times[0] === undefined ? null : momentLeftOut(times[0], when.timeZone));
}

/** A day without a clock time is its midnight. */
function clockTimeOf({ hour = "0", minute = "0", second = "0", half, wholeHalf }: Named): ClockTime | null {
  const halfOfDay = half ?? wholeHalf;
  const [min, max] = halfOfDay === undefined ? [0, 23] : [1, 12];
  if (Number(hour) < min || Number(hour) > max || Number(minute) > 59 || Number(second) > 59) return null;
  const hours = halfOfDay === undefined ? Number(hour) : (Number(hour) % 12) + (halfOfDay === "p" ? 12 : 0);
  return { hour: hours, minute: Number(minute), second: Number(second) };
}

/** The days that words may mean, in order. */
function daysOf(named: Named, { now, timeZone }: ReadingTime): CalendarDay[] {
  const today = dayOf(now, timeZone);
  const from = (count: number) => Array.from({ length: count }, (_, index) => addDays(today, index));
  if (named["day"] !== undefined) return datesOf(named, today);
  if (named["relative"] !== undefined) return [addDays(today, named["relative"] === "tomorrow" ? 1 : 0)];
  const weekday = named["weekday"];
  // Two more days: the clocks may leave the time out on one of them.
  return weekday === undefined ? from(3) : from(8).filter((day) => weekdayOf(day) === weekdays.indexOf(weekday));
}

function datesOf({ year, month, monthNumber, day }: Named, today: CalendarDay): CalendarDay[] {
  const date = { month: month === undefined ? Number(monthNumber) : months.indexOf(month) + 1, day: Number(day) };
  const years = year === undefined ? [today.year - 1, today.year, today.year + 1] : [Number(year)];
  const possible = years.map((each) => ({ year: each, ...date })).filter(isDay);
  const distance = (each: CalendarDay) => Math.abs(daysBetween(today, each));
  return possible.toSorted((a, b) => distance(a) - distance(b)).slice(0, 1);
}
