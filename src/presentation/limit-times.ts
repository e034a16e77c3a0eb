const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Within this time the clock alone says which day is meant. */
const SOON_MS = 12 * HOUR_MS;
/** Within this time a weekday says which day is meant. */
const WEEK_MS = 6 * DAY_MS;

/** When it is, by the clock on this machine's wall: `15:00` today or before long, `tomorrow 09:30`, `Mon 07:56`, `24 Nov 07:56`. */
export function clockTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  const day = dayWords(at, new Date(nowMs));
  return day === "" ? time : `${day} ${time}`;
}

function dayWords(at: Date, now: Date): string {
  const days = dayNumber(at) - dayNumber(now);
  const inMs = at.getTime() - now.getTime();
  if (days === 0 || (inMs >= 0 && inMs < SOON_MS)) return "";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  if (days > 0 && inMs < WEEK_MS) return at.toLocaleDateString("en-GB", { weekday: "short" });
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** Counts calendar days, which are not all of 24 hours. */
function dayNumber(date: Date): number {
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
}

/** How long that is, in minutes: `2 h 13 min`, `13 min`, `3 d 4 h`; what is left of a minute is one. */
export function lengthWords(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE_MS);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60];
  if (minutes <= 1) return "1 min";
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`;
  return `${rest} min`;
}

/** How long it is until then, to the nearest minute: the clock by which it is drawn goes on in steps of half of one. */
export function timeLeftWords(ms: number): string {
  return lengthWords(Math.round(ms / MINUTE_MS) * MINUTE_MS);
}
