/** Time and timers, so that tests can move them on. */
export interface Clock {
  now(): number;
  /** Calls `run` after the delay; returns what takes that back. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Timers of this clock keep no process alive. */
export const systemClock: Clock = {
  now: Date.now,
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
