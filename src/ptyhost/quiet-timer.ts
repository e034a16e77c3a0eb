import type { Clock } from "./clock.ts";

/** Notices when something that goes on has been quiet for a while. While nothing goes on there is no timer, and however much does, only one. */
export class QuietTimer {
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #onQuiet: () => void;
  #stirredAtMs = 0;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, quietMs: number, onQuiet: () => void) {
    this.#clock = clock;
    this.#quietMs = quietMs;
    this.#onQuiet = onQuiet;
  }

  /** Something went on just now. */
  stir(): void {
    this.#stirredAtMs = this.#clock.now();
    this.#cancel ??= this.#clock.schedule(this.#quietMs, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #look(): void {
    const leftMs = this.#stirredAtMs + this.#quietMs - this.#clock.now();
    this.#cancel = leftMs > 0 ? this.#clock.schedule(leftMs, () => this.#look()) : null;
    if (leftMs <= 0) this.#onQuiet();
  }
}
