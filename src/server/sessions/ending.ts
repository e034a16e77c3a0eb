import { TallyError } from "../../protocol/errors.ts";
import type { StoredSession } from "../store/store.ts";

type EndSignal = "SIGTERM" | "SIGHUP" | "SIGKILL";

export interface EndingOptions {
  /** How long a process may take to end by itself. */
  readonly graceMs: number;
  readonly signal: (session: StoredSession, signal: EndSignal) => Promise<unknown>;
}

/** After this part of the grace SIGHUP follows: an interactive shell ignores SIGTERM, and takes a hang-up. */
const HANGUP_AFTER = 0.3;
/** A process that even SIGKILL does not end hangs in the kernel; nobody should wait for it for ever. */
const GIVE_UP_MS = 5_000;

/** Ends processes gently first: SIGTERM, SIGHUP, and after the grace SIGKILL. */
export class EndingSessions {
  readonly #options: EndingOptions;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  /** Resolves once the process has ended. @throws {TallyError} `end-timed-out` when it will not, or what kept a signal from it. */
  async end(session: StoredSession, force: boolean): Promise<void> {
    const { graceMs, signal } = this.#options;
    const steps: [afterMs: number, signal: EndSignal][] = force
      ? [[0, "SIGKILL"]]
      : [
          [0, "SIGTERM"],
          [graceMs * HANGUP_AFTER, "SIGHUP"],
          [graceMs, "SIGKILL"],
        ];
    const timers: NodeJS.Timeout[] = [];
    let waiter: (() => void) | undefined;
    const later = (afterMs: number, act: () => void) => {
      const timer = setTimeout(act, afterMs);
      timers.push(timer);
      this.#timers.add(timer);
    };
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = resolve;
        this.#waitersOf(session.id).add(waiter);
        for (const [afterMs, name] of steps) later(afterMs, () => void signal(session, name).catch(reject));
        later((force ? 0 : graceMs) + GIVE_UP_MS, () => reject(timedOut(session)));
      });
    } finally {
      if (waiter) this.#waitersOf(session.id).delete(waiter);
      if (this.#waitersOf(session.id).size === 0) this.#waiting.delete(session.id);
      for (const timer of timers) {
        clearTimeout(timer);
        this.#timers.delete(timer);
      }
    }
  }

  /** Tells that a session's process has ended, for whatever reason. */
  ended(sessionId: string): void {
    for (const resolve of this.#waiting.get(sessionId) ?? []) resolve();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #waitersOf(sessionId: string): Set<() => void> {
    let waiters = this.#waiting.get(sessionId);
    if (!waiters) {
      waiters = new Set();
      this.#waiting.set(sessionId, waiters);
    }
    return waiters;
  }
}

function timedOut({ id, pid }: StoredSession): TallyError {
  return new TallyError(
    "end-timed-out",
    `Session ${id} (process ${pid ?? "unknown"}) does not end, not even by force. It may hang in the kernel; try again later.`,
  );
}
