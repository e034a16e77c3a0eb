import type { Listening } from "./conclude-process.ts";
import { answersOn } from "./port-probe.ts";

export interface PortWatchOptions {
  readonly now: () => number;
  /** How long a port may be silent before that is called a failure. */
  readonly startTimeoutMs: number;
  /** Called after each look. */
  readonly onLook: (id: string, listening: Listening) => void;
}

/** While a program starts, somebody waits for it. */
const WHILE_SILENT_MS = 150;
/** Only to notice that it stopped answering, or answers late. */
const OTHERWISE_MS = 3_000;

interface Watched {
  readonly port: number;
  was: boolean;
  silentSince: number;
  timer: NodeJS.Timeout | null;
}

/** Looks whether programs answer on their ports, as long as they run. */
export class PortWatch {
  readonly #options: PortWatchOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: PortWatchOptions) {
    this.#options = options;
  }

  /** Watches a port from now on, if it is not watched already. `was`: it has been seen to answer before. */
  watch(id: string, port: number, was: boolean): void {
    if (this.#watched.has(id)) return;
    const watched: Watched = { port, was, silentSince: this.#options.now(), timer: null };
    this.#watched.set(id, watched);
    void this.#look(id, watched);
  }

  unwatch(id: string): void {
    const timer = this.#watched.get(id)?.timer;
    if (timer) clearTimeout(timer);
    this.#watched.delete(id);
  }

  stop(): void {
    for (const id of [...this.#watched.keys()]) this.unwatch(id);
  }

  async #look(id: string, watched: Watched): Promise<void> {
    const { now, startTimeoutMs, onLook } = this.#options;
    const is = await answersOn(watched.port);
    if (this.#watched.get(id) !== watched) return;
    if (is) watched.silentSince = now();
    const isOverdue = !is && now() - watched.silentSince >= startTimeoutMs;
    const waitMs = is || isOverdue ? OTHERWISE_MS : WHILE_SILENT_MS;
    watched.timer = setTimeout(() => void this.#look(id, watched), waitMs);
    onLook(id, { is, was: watched.was, isOverdue });
    watched.was ||= is;
  }
}
