import type { Clock } from "./clock.ts";

const WINDOW_MS = 250;
/** What is urgent is told at once, but not more often than this within a window: programs are free to flood us. */
const URGENT_PER_WINDOW = 10;

/** Tells that something has changed, less often than it changes: the first change at once, those that follow soon together. */
export class Announcements {
  readonly #clock: Clock;
  readonly #announce: () => void;
  #urgentLeft = URGENT_PER_WINDOW;
  #hasNews = false;
  #cancelWindow: (() => void) | null = null;

  constructor(clock: Clock, announce: () => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  /** A change that someone may be waiting for. */
  atOnce(): void {
    if (this.#urgentLeft === 0) {
      this.#hasNews = true;
      return;
    }
    this.#urgentLeft--;
    this.#tell();
  }

  /** A change of something that may change all the time. */
  soon(): void {
    if (this.#cancelWindow) this.#hasNews = true;
    else this.#tell();
  }

  /** Whoever stops this tells the last state. */
  stop(): void {
    this.#cancelWindow?.();
    this.#cancelWindow = null;
    this.#hasNews = false;
  }

  #tell(): void {
    this.#hasNews = false;
    this.#cancelWindow ??= this.#clock.schedule(WINDOW_MS, () => {
      this.#cancelWindow = null;
      this.#urgentLeft = URGENT_PER_WINDOW;
      if (this.#hasNews) this.#tell();
    });
    this.#announce();
  }
}
