/** Runs `task` once after `delayMs`; the returned function calls it off. */
export type SetTimer = (delayMs: number, task: () => void) => () => void;

export interface WallClockAlarmOptions {
  /** The wall clock. */
  readonly now: () => number;
  readonly onDue: () => void;
  readonly setTimer: SetTimer;
}

/** How late it may be after a sleep of the machine, or when its clock was set forward. */
export const MAX_SLEEP_MS = 30_000;

/** A timer of the system, which does not keep the process alive by itself. */
export const systemTimer: SetTimer = (delayMs, task) => {
  const timer = setTimeout(task, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

/**
 * Goes off once when the wall clock has come to a time. A timer alone would not: it counts the time that the machine is awake, and
 * nothing of a clock that is set. So it looks at the clock at least every {@link MAX_SLEEP_MS}.
 */
export class WallClockAlarm {
  readonly #options: WallClockAlarmOptions;
  #at: number | null = null;
  #cancel: () => void = () => undefined;

  constructor(options: WallClockAlarmOptions) {
    this.#options = options;
  }

  /** When it goes off next, null when it does not. */
  get at(): number | null {
    return this.#at;
  }

  /** In place of what was set before. A time that is past goes off at once, but never before this returns. Null: not at all. */
  set(at: number | null): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#at = at;
    if (at !== null) this.#sleep(at);
  }

  #sleep(at: number): void {
    const { now, setTimer } = this.#options;
    const delayMs = Math.min(Math.max(at - now(), 0), MAX_SLEEP_MS);
    this.#cancel = setTimer(delayMs, () => this.#look(at));
  }

  #look(at: number): void {
    if (this.#options.now() < at) {
      this.#sleep(at);
      return;
    }
    this.#at = null;
    this.#options.onDue();
  }
}
