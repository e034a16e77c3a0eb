import { addDays, type CalendarDay, dayOf, momentLeftOut, momentsOf } from "../../protocol/wall-clock.ts";

/** A day somewhere, which the night that the clocks change makes longer or shorter. */
export interface LocalDay {
  /** `2026-11-21` */
  readonly day: string;
  readonly startsAt: number;
  /** When the next one starts. */
  readonly endsAt: number;
}

/** The days of a time zone from the one that `from` is in to the one that `to` is in. */
export function localDays(from: number, to: number, timeZone: string): LocalDay[] {
  // What is too far ahead is in no calendar.
  if (from > to) return [];
  const days: LocalDay[] = [];
  let day = dayOf(from, timeZone);
  let startsAt = startOf(day, timeZone);
  while (startsAt <= to) {
    const next = addDays(day, 1);
    const endsAt = startOf(next, timeZone);
    days.push({ day: dayText(day), startsAt, endsAt });
    [day, startsAt] = [next, endsAt];
  }
  return days;
}

/** When the day `days` before the one that `at` is in began. */
export function startOfDay(at: number, timeZone: string, daysBefore = 0): number {
  return startOf(addDays(dayOf(at, timeZone), -daysBefore), timeZone);
}

/** Where clocks are put forward at midnight, a day begins with the moment at which they are. */
function startOf(day: CalendarDay, timeZone: string): number {
  const midnight = { ...day, hour: 0, minute: 0, second: 0 };
  return momentsOf(midnight, timeZone)[0] ?? momentLeftOut(midnight, timeZone);
}

function dayText({ year, month, day }: CalendarDay): string {
  const digits = (number: number, count: number) => String(number).padStart(count, "0");
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}
