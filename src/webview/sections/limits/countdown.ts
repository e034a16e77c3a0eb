const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** Before that, seconds are no news, and a page that moves all the time is a nuisance. */
const LAST_MS = 5 * MINUTE_MS;

/** How often what is left of a pause is said anew. */
export function tickMs(until: number | null, now: number): number {
  return isLast(until, now) ? SECOND_MS : MINUTE_MS / 2;
}

/** In the last minutes of a pause what is left of it to the second: `4:59`; null before and after them. */
export function lastSeconds(until: number | null, now: number): string | null {
  if (!isLast(until, now)) return null;
  const seconds = Math.ceil((until - now) / SECOND_MS);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function isLast(until: number | null, now: number): until is number {
  return until !== null && until > now && until - now <= LAST_MS;
}
