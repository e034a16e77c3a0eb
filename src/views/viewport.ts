export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/**
 * The size of one terminal tab against the size its session has. When another viewer set the session's size, the tab is
 * overridden to it; the editor then reports the overridden size back as if it were the tab's own, which must not be
 * taken for a resize: two windows would chase each other.
 */
export class Viewport {
  #own: Size;
  #override: Size | null = null;

  constructor(own: Size) {
    this.#own = own;
  }

  /** The size this tab has when nothing overrides it, as far as known. */
  get own(): Size {
    return this.#own;
  }

  /**
   * The editor reports the tab's size.
   * @returns the size to tell the session, or null when the report is only the echo of our override.
   */
  reported(size: Size): Size | null {
    const own = {
      cols: trueExtent(size.cols, this.#override?.cols, this.#own.cols),
      rows: trueExtent(size.rows, this.#override?.rows, this.#own.rows),
    };
    if (same(own, this.#own)) return null;
    this.#own = own;
    return own;
  }

  /**
   * The session has this size now.
   * @returns what to override the tab with; `undefined` lets it have its own size, and null changes nothing.
   */
  sessionSized(size: Size): Size | undefined | null {
    const wanted = same(size, this.#own) ? null : size;
    if (wanted === null ? this.#override === null : this.#override !== null && same(wanted, this.#override))
      return null;
    this.#override = wanted;
    return wanted ?? undefined;
  }
}

/** An overridden extent that is reported unchanged says only that the tab is at least that large. */
function trueExtent(reported: number, override: number | undefined, own: number): number {
  return override !== undefined && reported === override ? Math.max(own, reported) : reported;
}

function same(a: Size, b: Size): boolean {
  return a.cols === b.cols && a.rows === b.rows;
}
