import { skim, endsBetweenSequences } from "./skim.ts";
import { SCROLLBACK_ROWS, TerminalModel, type ModelListeners, type TerminalSize } from "./terminal-model.ts";

/**
 * Up to so many bytes within the delay are parsed at once; more is a flood, which is parsed in larger and rarer portions. A
 * pty gives about 4 kB at a time, so a flood shows in what comes within a while, not in what waits.
 */
const FLOOD_BYTES = 64 * 1024;
const FLOOD_DELAY_MS = 20;
/** How much is parsed without letting the event loop go on, about 2 ms. */
const SLICE_BYTES = 128 * 1024;
/** Above this, reading from the pty rests until the screen has caught up. */
export const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

export interface ScreenListeners extends ModelListeners {
  /** The backlog has grown over its bound (true), or is worked off (false). */
  readonly onOverload: (overloaded: boolean) => void;
  /** The terminal emulator failed on what the program wrote, and was replaced. */
  readonly onError: (error: unknown) => void;
}

type Entry =
  /** `answers`: whether the model answers the queries in these bytes, because no viewer that does was there when they came. */
  | { readonly type: "bytes"; readonly bytes: Buffer; readonly answers: boolean }
  | { readonly type: "resize"; readonly size: TerminalSize }
  | { readonly type: "then"; readonly run: () => void };

/**
 * The memory of one pty's screen. Bytes, resizes and callbacks take effect in the order in which they were given, but later than
 * that: delivery to viewers does not wait for parsing.
 */
export class Screen {
  readonly #listeners: ScreenListeners;
  readonly #entries: Entry[] = [];
  #size: TerminalSize;
  /** Made with the first byte: most of an idle pty's memory would be its empty screen. */
  #model: TerminalModel | null = null;
  #backlogBytes = 0;
  /** How many callbacks are in line. */
  #waiting = 0;
  #overloaded = false;
  #working = false;
  #answering = false;
  #betweenSequences = true;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  readonly #now: () => number;
  /** What came since `#burstAtMs`, which is at most the flood's delay ago while bytes keep coming. */
  #burstBytes = 0;
  #burstAtMs = -Infinity;

  constructor(size: TerminalSize, listeners: ScreenListeners, now: () => number = Date.now) {
    this.#size = size;
    this.#listeners = listeners;
    this.#now = now;
  }

  /** The size as the model has it; a resize that still waits in line is not in it. */
  get size(): TerminalSize {
    return this.#model?.size ?? this.#size;
  }

  write(bytes: Buffer, answers: boolean): void {
    this.#entries.push({ type: "bytes", bytes, answers });
    this.#backlogBytes += bytes.length;
    this.#measureBurst(bytes.length);
    if (!this.#overloaded && this.#backlogBytes > MAX_BACKLOG_BYTES) {
      this.#overloaded = true;
      this.#listeners.onOverload(true);
    }
    this.#schedule();
  }

  resize(size: TerminalSize): void {
    this.#entries.push({ type: "resize", size });
    this.#schedule();
  }

  /** Calls `run` once everything given before is on the screen. */
  whenCaughtUp(run: () => void): void {
    this.#entries.push({ type: "then", run });
    this.#waiting++;
    this.#schedule();
  }

  snapshot(): string {
    return this.#model?.snapshot() ?? "";
  }

  restore(): string {
    return this.#model?.restore() ?? "";
  }

  get hasTitle(): boolean {
    return this.#model?.hasTitle ?? false;
  }

  toFreeLine(): string {
    return this.#model?.toFreeLine() ?? "";
  }

  text(): string {
    return this.#model?.text() ?? "";
  }

  visibleRows(): string {
    return this.#model?.visibleRows() ?? "";
  }

  /** Drops everything; what waits in line is not run any more. */
  dispose(): void {
    this.#stopTimers();
    this.#entries.length = 0;
    this.#waiting = 0;
    this.#model?.dispose();
    this.#model = null;
  }

  #measureBurst(bytes: number): void {
    const now = this.#now();
    // Half of the last window's bytes carry over, so that a steady flood does not look new in every window.
    if (now - this.#burstAtMs > FLOOD_DELAY_MS) {
      const isSteady = now - this.#burstAtMs <= 2 * FLOOD_DELAY_MS;
      this.#burstBytes = isSteady ? this.#burstBytes / 2 : 0;
      this.#burstAtMs = now;
    }
    this.#burstBytes += bytes;
  }

  #schedule(): void {
    if (this.#working) return;
    const isFlood = this.#burstBytes > FLOOD_BYTES;
    if (!isFlood || this.#waiting > 0 || this.#overloaded) {
      this.#immediate ??= setImmediate(() => this.#work());
    } else {
      this.#timer ??= setTimeout(() => this.#work(), FLOOD_DELAY_MS);
    }
  }

  /** Works off what is in line now; what comes meanwhile is scheduled anew, so that a flood is again taken in a large portion. */
  #work(): void {
    this.#stopTimers();
    this.#working = true;
    const portion = this.#workOff(this.#entries.length);
    const step = () => {
      if (portion.next().done !== true) {
        this.#immediate = setImmediate(step);
        return;
      }
      this.#immediate = null;
      this.#working = false;
      if (this.#entries.length > 0) this.#schedule();
    };
    step();
  }

  /** Takes the first `count` entries, and yields where the event loop shall go on. */
  *#workOff(count: number): Generator<void> {
    let left = count;
    while (left > 0) {
      const [entry] = this.#entries;
      if (!entry) return;
      if (entry.type === "bytes") {
        const parts = this.#takeAlike(entry.answers, left);
        left -= parts.length;
        this.#answering = entry.answers;
        yield* this.#parse(Buffer.concat(parts));
      } else {
        this.#entries.shift();
        left--;
        if (entry.type === "resize") this.#applySize(entry.size);
        else this.#runThen(entry.run);
      }
    }
  }

  /** Takes the bytes at the head of the line that are to be answered alike. */
  #takeAlike(answers: boolean, limit: number): Buffer[] {
    const parts: Buffer[] = [];
    for (const entry of this.#entries) {
      if (parts.length === limit || entry.type !== "bytes" || entry.answers !== answers) break;
      parts.push(entry.bytes);
    }
    this.#entries.splice(0, parts.length);
    return parts;
  }

  *#parse(bytes: Buffer): Generator<void> {
    let rest = bytes;
    let maySkim = true;
    while (rest.length > 0) {
      const model = (this.#model ??= this.#makeModel());
      if (maySkim && rest.length > SLICE_BYTES && this.#betweenSequences && model.scrollsPlainly) {
        const skimmed = skim(rest, SCROLLBACK_ROWS + 2 * model.size.rows);
        maySkim = skimmed !== null;
        rest = skimmed ?? rest;
      }
      const slice = rest.subarray(0, SLICE_BYTES);
      rest = rest.subarray(slice.length);
      this.#betweenSequences = endsBetweenSequences(slice, this.#betweenSequences);
      try {
        model.write(slice);
      } catch (error) {
        // An emulator that failed is in pieces. A new one shows what comes next, and most programs redraw.
        model.dispose();
        this.#model = null;
        this.#listeners.onError(error);
      }
      if (rest.length > 0) yield;
    }
    this.#parsed(bytes.length);
  }

  #makeModel(): TerminalModel {
    const { onAnswer } = this.#listeners;
    return new TerminalModel(this.#size, {
      ...this.#listeners,
      onAnswer: (answer) => {
        if (this.#answering) onAnswer(answer);
      },
    });
  }

  #parsed(bytes: number): void {
    this.#backlogBytes -= bytes;
    if (this.#overloaded && this.#backlogBytes < MAX_BACKLOG_BYTES / 4) {
      this.#overloaded = false;
      this.#listeners.onOverload(false);
    }
  }

  #runThen(run: () => void): void {
    this.#waiting--;
    try {
      run();
    } catch (error) {
      // Thrown on, but where it cannot leave the line half worked off.
      setImmediate(() => {
        throw error;
      });
    }
  }

  #stopTimers(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }

  #applySize(size: TerminalSize): void {
    this.#size = size;
    this.#model?.resize(size);
  }
}
