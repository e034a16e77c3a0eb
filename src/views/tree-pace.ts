/** Many changes at once are one frame for a person. */
const FRAME_MS = 50;
/**
 * So long the editor gathers what a tree tells it (seen in VS Code 1.139): the first change goes out at once, further ones only
 * when there was none for this time, so that a steady stream of changes would never be shown.
 */
export const EDITOR_GATHERS_MS = 200;

/**
 * What a request meets. `idle`: the editor gathers nothing. `frame`: the first change has just gone out. `open`: one more may be told,
 * which it keeps for a while. `held`: it may keep one, and must not be told of another before that has gone out.
 */
type Phase = "idle" | "frame" | "open" | "held";

/** Runs what tells the editor of changed rows: soon, and never so that it goes on gathering. */
export class TreePace {
  readonly #draw: () => void;
  #phase: Phase = "idle";
  #timer: NodeJS.Timeout | undefined;
  /** How many changes there were meanwhile. */
  #due = 0;
  /** How many want nothing told for now. */
  #stops = 0;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    if (this.isStopped) {
      this.#due += 1;
      return;
    }
    switch (this.#phase) {
      case "idle":
        this.#enter("frame", FRAME_MS);
        this.#draw();
        return;
      case "open":
        this.#enter("held", EDITOR_GATHERS_MS + FRAME_MS);
        this.#draw();
        return;
      case "frame":
      case "held":
        this.#due += 1;
    }
  }

  get isStopped(): boolean {
    return this.#stops > 0;
  }

  /** Tells nothing until {@link goOn} was called as often as this. */
  stop(): void {
    this.#stops += 1;
  }

  /** Tells what there was meanwhile. */
  goOn(): void {
    this.#stops -= 1;
    if (!this.isStopped && (this.#phase === "idle" || this.#phase === "open")) this.#catchUp();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#phase = "held";
  }

  #enter(phase: Exclude<Phase, "idle">, lastsMs: number): void {
    clearTimeout(this.#timer);
    this.#phase = phase;
    this.#timer = setTimeout(() => this.#leave(phase), lastsMs);
  }

  #leave(phase: Phase): void {
    if (phase === "frame") this.#enter("open", EDITOR_GATHERS_MS);
    else this.#phase = "idle";
    // While they come in a stream each goes out at once, and the next when the editor gathers no more.
    if (phase === "held" && this.#due > 1) this.#phase = "open";
    this.#catchUp();
  }

  #catchUp(): void {
    if (this.#due === 0 || this.isStopped) return;
    this.#due = 0;
    this.request();
  }
}
