/** Above this a viewer is behind: so much was sent to it that it has not yet handled. */
export const HIGH_WATER_BYTES = 512 * 1024;
/** At or below this a viewer has caught up. Above the 64 KB that a viewer may leave unacknowledged. */
export const LOW_WATER_BYTES = 128 * 1024;
/** A viewer reaches this only while another keeps up, since otherwise the pty rests. Then it is skipped ahead. */
export const FAR_BEHIND_BYTES = 2 * 1024 * 1024;
/** A viewer that is behind and has acknowledged nothing for so long is skipped ahead, even a lone one: an agent does not wait for a frozen window. */
export const STALLED_MS = 2000;

export interface ViewerFlow {
  readonly unackedBytes: number;
  /** When it last acknowledged something, or got behind if that was later. */
  readonly progressAtMs: number;
}

export interface FlowDecision<V> {
  /** Whether reading from the pty rests. */
  readonly paused: boolean;
  readonly skipped: readonly V[];
  /** When to decide again even if nothing happens, in ms from now; null when there is no need. */
  readonly againInMs: number | null;
}

/** Who is skipped ahead, and whether the pty rests, for the viewers that get the stream. Without any it never rests. */
export function decideFlow<V extends ViewerFlow>(
  viewers: readonly V[],
  wasPaused: boolean,
  nowMs: number,
): FlowDecision<V> {
  const isBehind = (viewer: V) => viewer.unackedBytes > HIGH_WATER_BYTES;
  const isStalled = (viewer: V) => isBehind(viewer) && nowMs - viewer.progressAtMs >= STALLED_MS;
  const skipped = viewers.filter((viewer) => viewer.unackedBytes > FAR_BEHIND_BYTES || isStalled(viewer));
  const kept = viewers.filter((viewer) => !skipped.includes(viewer));
  const restsAbove = wasPaused ? LOW_WATER_BYTES : HIGH_WATER_BYTES;
  const stallsInMs = kept.filter(isBehind).map((viewer) => viewer.progressAtMs + STALLED_MS - nowMs);
  return {
    paused: kept.length > 0 && kept.every((viewer) => viewer.unackedBytes > restsAbove),
    skipped,
    againInMs: stallsInMs.length === 0 ? null : Math.max(1, Math.min(...stallsInMs)),
  };
}
