/** What desktops take for one double click at most, as they are set by default. */
const DOUBLE_CLICK_MS = 500;

/** Tells the second click of a double click: where the first takes a row away, it is on the next row, for which it was not meant. */
export class DoubleClick {
  #lastMs = -Infinity;

  /** @param nowMs of a clock that only goes on. */
  isSecond(nowMs: number): boolean {
    const isSecond = nowMs - this.#lastMs < DOUBLE_CLICK_MS;
    // Of many in a row, each counts that comes after the time.
    if (!isSecond) this.#lastMs = nowMs;
    return isSecond;
  }
}
