/** opencode's ids begin with when they were made: 36 bits of milliseconds, then 12 of a counter, in hexadecimal. */
const id = /^(?:evt|msg|per|que)_([0-9a-f]{9})[0-9a-f]{3}/;
/** So often the 36 bits begin anew: every 2.2 years. */
const ROUND_MS = 2 ** 36;
/** What is further away than this is no time, and the id is of another making. */
const PLAUSIBLE_MS = 30 * 24 * 60 * 60 * 1000;

/** When an event, a message or a request with this id was made, milliseconds since the epoch. Undefined when the id does not tell. */
export function timeOfId(text: string, now: number): number | undefined {
  const digits = id.exec(text)?.[1];
  if (digits === undefined) return undefined;
  const withinRound = Number.parseInt(digits, 16);
  const at = Math.round((now - withinRound) / ROUND_MS) * ROUND_MS + withinRound;
  return Math.abs(now - at) <= PLAUSIBLE_MS ? at : undefined;
}
