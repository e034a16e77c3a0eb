/** Many changes at once are one frame for a person. */
const FRAME_MS = 50;

/** Runs what draws a view: for the first change right away, for those that follow within a frame once at its end. */
export class Paced {
  readonly #draw: () => void;
  readonly #frameMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;

  constructor(draw: () => void, frameMs = FRAME_MS) {
    this.#draw = draw;
    this.#frameMs = frameMs;
  }

  request(): void {
    if (this.#timer !== undefined) {
      this.#isDue = true;
      return;
    }
    this.#timer = setTimeout(() => this.#endFrame(), this.#frameMs);
    this.#draw();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
  }

  #endFrame(): void {
    this.#timer = undefined;
    if (!this.#isDue) return;
    this.#isDue = false;
    this.request();
  }
}
