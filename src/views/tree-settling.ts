import { setTimeout as delay } from "node:timers/promises";
import { EDITOR_GATHERS_MS } from "./tree-pace.ts";

/** Timers are not on time to the millisecond. */
const MARGIN_MS = 40;
/** What was told before that is on the screen by now, however slow the machine. */
const SURELY_DRAWN_MS = 2_000;
/** Nobody waits longer than this for what they opened. */
const PATIENCE_MS = 1_000;
/** A change that the editor kept goes out between two of them. */
const QUIET_ROUND_TRIPS = 2;
/** So long after something else was given the keyboard, the editor's tree knows that it has lost it. */
const NOTICED_WITHIN_MS = 100;

export interface TreeSettlingOptions {
  /** Resolves when the editor's window has dealt with all that it was told before. */
  readonly roundTrip: () => PromiseLike<unknown>;
}

/** Knows when the editor has drawn what a tree told it. */
export class TreeSettling {
  readonly #roundTrip: () => PromiseLike<unknown>;
  #toldAt = -Infinity;
  /** When the editor passes on what it was told last. */
  #outAt = -Infinity;
  #askedAt = -Infinity;
  /** How often the tree told the editor something, or was asked for a row. */
  #exchanges = 0;

  constructor({ roundTrip }: TreeSettlingOptions) {
    this.#roundTrip = roundTrip;
  }

  /** The tree has told the editor of a change, or of its message: the first goes out at once, what comes soon after another is kept. */
  told(): void {
    const now = Date.now();
    const isKept = now - this.#toldAt < EDITOR_GATHERS_MS + MARGIN_MS;
    this.#toldAt = now;
    this.#outAt = isKept ? now + EDITOR_GATHERS_MS + MARGIN_MS : now;
    this.#exchanges += 1;
  }

  /** The editor has asked for a row, as it does for those that it draws, also of a view that comes to the front. */
  asked(): void {
    this.#askedAt = Date.now();
    this.#exchanges += 1;
  }

  /** Resolves when all that was told is drawn; or after a second. */
  async untilDrawn(): Promise<void> {
    const startedAt = Date.now();
    if (startedAt - Math.max(this.#toldAt, this.#askedAt) > SURELY_DRAWN_MS) return;
    const leftMs = () => startedAt + PATIENCE_MS - Date.now();
    for (let quiet = 0; quiet < QUIET_ROUND_TRIPS && leftMs() > 0;) {
      const keptMs = this.#outAt - Date.now();
      if (keptMs > 0) await delay(Math.min(keptMs, leftMs()));
      const before = this.#exchanges;
      await this.#answerWithin(leftMs());
      quiet = this.#exchanges === before ? quiet + 1 : 0;
    }
  }

  /** Resolves when the tree knows that something else was given the keyboard just before. */
  async untilNoticed(): Promise<void> {
    await this.#answerWithin(PATIENCE_MS);
    await delay(NOTICED_WITHIN_MS);
  }

  /** An editor that closes answers no more: nothing depends on it then. */
  async #answerWithin(ms: number): Promise<void> {
    const answer = Promise.resolve(this.#roundTrip()).catch(() => undefined);
    await Promise.race([answer, delay(ms)]);
  }
}
