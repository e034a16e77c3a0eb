/** Ages are said in minutes: twice as often is enough for them. */
const STEP_MS = 30_000;

/** The time by which ages are said: it goes on in steps, so that all that is drawn between two of them says the same. */
export function shownTime(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS) * STEP_MS;
}

/** How long it is until the next step. */
export function untilNextShownTime(nowMs: number): number {
  return shownTime(nowMs) + STEP_MS - nowMs;
}
