const SNAPSHOTS = "refs/tally/snapshots/";

/** A snapshot's ref as it is shown and typed: without what they all begin with. */
export function shortRef(ref: string): string {
  return ref.startsWith(SNAPSHOTS) ? ref.slice(SNAPSHOTS.length) : ref;
}

/** The ref that was typed, in full. A name stays what it is: none looks like the time of a snapshot. */
export function fullRef(typed: string): string {
  return /^[^/]+\/\d{8}-\d{6}(-\d+)?$/.test(typed) ? SNAPSHOTS + typed : typed;
}
