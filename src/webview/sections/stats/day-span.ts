const DAY_MS = 86_400_000;

/** The calendar day on this machine's wall, as `2026-11-21`. */
export function calendarDay(atMs: number): string {
  const at = new Date(atMs);
  return new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())).toISOString().slice(0, 10);
}

/** When the day began that is so many days before the one of `atMs`. Not all days have 24 hours. */
export function startOfDay(atMs: number, daysBefore: number): number {
  const at = new Date(atMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - daysBefore).getTime();
}

/** So many days in a row, the last one being `lastDay`. */
export function daysUntil(lastDay: string, count: number): string[] {
  const last = Date.parse(lastDay);
  return Array.from({ length: count }, (_, index) =>
    new Date(last - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

/** `21 Nov`. */
export function dayWords(day: string): string {
  return new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
