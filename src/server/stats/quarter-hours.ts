const QUARTER_HOUR_MS = 15 * 60_000;

/** When the quarter hour began that a moment is in. Everywhere on earth days begin at one of them, so that days of any time zone can be made. */
export function quarterHourOf(at: number): number {
  return at - (at % QUARTER_HOUR_MS);
}
