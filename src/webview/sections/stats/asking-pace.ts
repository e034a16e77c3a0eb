/** Work goes on many times a second, and what it comes to is counted anew in the gateway each time. */
export const GAP_MS = 10_000;
/** Changes come in bursts; one question after the burst is enough. */
const SETTLING_MS = 500;

/** How long to wait before what was asked at `lastAskedAt` is asked again, because something changed. */
export function waitBeforeAsking(now: number, lastAskedAt: number): number {
  return Math.max(SETTLING_MS, lastAskedAt + GAP_MS - now);
}
