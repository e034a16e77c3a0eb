const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Within this time a weekday says which day is meant. */
const WEEK_MS = 6 * DAY_MS;

/** When it is, by the clock on this machine's wall: `15:00`, `tomorrow 09:30`, `Mon 07:56`, `24 Nov 07:56`. */
export function clockTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  const day = dayWords(at, new Date(nowMs));
  return day === "" ? time : `${day} ${time}`;
}

function dayWords(at: Date, now: Date): string {
  const days = dayNumber(at) - dayNumber(now);
  if (days === 0) return "";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  if (days > 0 && at.getTime() - now.getTime() < WEEK_MS) return at.toLocaleDateString("en-GB", { weekday: "short" });
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
