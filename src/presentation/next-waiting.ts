import type { Session } from "../protocol/entities.ts";

/** The one to go to from the session in front: the next in order, from the last to the first again. */
export function nextWaiting(waiting: readonly Session[], frontId: string | null): Session | undefined {
  const front = waiting.findIndex(({ id }) => id === frontId);
  return waiting[(front + 1) % waiting.length];
}
