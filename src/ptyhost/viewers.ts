import type { ViewerMessage } from "../protocol/terminal.ts";
import { decideFlow, LOW_WATER_BYTES } from "./flow.ts";
import type { ProcessExit } from "./pty-process.ts";
import type { Screen } from "./screen.ts";
import type { TerminalSize } from "./terminal-model.ts";
import { Viewer, lastToType, type ViewerConnection } from "./viewer.ts";
import { type ProgramInput, ViewerInput } from "./viewer-input.ts";

/** How long after a cursor position query `ESC [ 1 ; n R` from a viewer that does not answer is taken for its reply. */
const CURSOR_REPLY_MS = 2000;

export interface ViewersOptions {
  readonly screen: Pick<Screen, "whenCaughtUp" | "snapshot" | "restore" | "size">;
  readonly now: () => number;
  /** Sends what was held back to all viewers, so that the next frame starts exactly at this point of the stream. */
  readonly flushOutput: () => void;
  readonly hasWritten: () => boolean;
  readonly onInput: (input: ProgramInput) => void;
  readonly onSize: (size: TerminalSize) => void;
  readonly onContinue: () => void;
  /** Reading from the pty rests (true) or goes on (false). */
  readonly onPause: (paused: boolean) => void;
}

/** One viewer's messages, and the end of its connection. */
export interface ViewerHandle {
  readonly receiveBytes: (bytes: Buffer) => void;
  readonly receiveMessage: (message: Exclude<ViewerMessage, { type: "attach" }>) => void;
  readonly disconnected: () => void;
}

/** The viewers of one pty: who sees what, who answers the program's queries, whose size counts, and whether the pty has to wait for them. */
export class Viewers {
  readonly #options: ViewersOptions;
  #viewers: readonly Viewer[] = [];
  #size: TerminalSize;
  #typedOrder = 0;
  #paused = false;
  #flowTimer: NodeJS.Timeout | null = null;
  #cursorQueryAtMs = -Infinity;
  #exit: ProcessExit | null = null;

  constructor(size: TerminalSize, options: ViewersOptions) {
    this.#size = size;
    this.#options = options;
  }

  /** Whether a viewer is there that answers the program's queries; otherwise the pty host does. */
  get answer(): boolean {
    return this.#answering !== null;
  }

  get size(): TerminalSize {
    return this.#size;
  }

  attach(
    connection: ViewerConnection,
    { cols, rows, answersQueries }: Extract<ViewerMessage, { type: "attach" }>,
  ): ViewerHandle {
    const viewer = new Viewer({ connection, size: { cols, rows }, answersQueries, now: this.#options.now });
    const input = new ViewerInput({
      isAnswering: () => this.#answering === viewer,
      expectsCursorReply: () => this.#options.now() - this.#cursorQueryAtMs < CURSOR_REPLY_MS,
      forward: (programInput) => {
        if (programInput.isTyped) this.#typed(viewer);
        this.#options.onInput(programInput);
      },
    });
    this.#options.flushOutput();
    this.#viewers = [...this.#viewers, viewer];
    if (!this.#applySize()) connection.sendMessage({ type: "size", ...this.#size });
    if (this.#options.hasWritten()) this.#join(viewer, "attach");
    if (this.#exit) this.#finish(this.#exit);
    return {
      receiveBytes: (bytes) => input.receive(bytes),
      receiveMessage: (message) => this.#receive(viewer, message),
      disconnected: () => {
        input.dispose();
        this.#remove(viewer);
      },
    };
  }

  deliver(frame: Buffer): void {
    for (const viewer of this.#viewers) viewer.deliver(frame);
    this.#regulate();
  }

  cursorQueried(): void {
    this.#cursorQueryAtMs = this.#options.now();
  }

  /** The program has exited and all of its output was given to `deliver`: shows the rest, says so, and closes. */
  exited(exit: ProcessExit): void {
    this.#exit = exit;
    this.#finish(exit);
  }

  /** Another program is started after the one that had exited: who attaches from now on sees it. */
  restarted(): void {
    this.#exit = null;
  }

  closeAll(code: number, reason: string): void {
    for (const viewer of this.#viewers) viewer.connection.close(code, reason);
  }

  get #answering(): Viewer | null {
    return lastToType(this.#viewers.filter((viewer) => viewer.answersQueries));
  }

  #receive(viewer: Viewer, message: Exclude<ViewerMessage, { type: "attach" }>): void {
    switch (message.type) {
      case "resize":
        viewer.size = { cols: message.cols, rows: message.rows };
        this.#applySize();
        return;
      case "ack":
        viewer.acknowledge(message.bytes);
        if (viewer.state === "skipped" && viewer.unackedBytes <= LOW_WATER_BYTES) {
          this.#options.flushOutput();
          this.#join(viewer, "behind");
        }
        this.#regulate();
        return;
      case "continue":
        this.#options.onContinue();
        return;
      case "detach":
        this.#options.flushOutput();
        this.#options.screen.whenCaughtUp(() => {
          viewer.connection.sendMessage({ type: "detached", restore: this.#options.screen.restore() });
          viewer.connection.close(1000, "detached");
        });
    }
  }

  #remove(viewer: Viewer): void {
    viewer.state = "left";
    this.#viewers = this.#viewers.filter((other) => other !== viewer);
    this.#applySize();
    this.#regulate();
  }

  #typed(viewer: Viewer): void {
    if (lastToType(this.#viewers) === viewer && viewer.typedOrder > 0) return;
    viewer.typedOrder = ++this.#typedOrder;
    this.#applySize();
  }

  /** Takes the size of the viewer whose size counts. True when that was a change, of which all viewers were told. */
  #applySize(): boolean {
    const size = lastToType(this.#viewers)?.size;
    if (!size || this.#exit || (size.cols === this.#size.cols && size.rows === this.#size.rows)) return false;
    this.#size = size;
    this.#options.flushOutput();
    this.#options.onSize(size);
    for (const viewer of this.#viewers) viewer.connection.sendMessage({ type: "size", ...size });
    return true;
  }

  #join(viewer: Viewer, why: "attach" | "behind"): void {
    viewer.state = "joining";
    this.#options.screen.whenCaughtUp(() => {
      if (viewer.state !== "joining") return;
      viewer.deliverSnapshot(this.#options.screen.snapshot(), this.#options.screen.size, why);
      this.#regulate();
    });
  }

  #finish(exit: ProcessExit): void {
    for (const viewer of this.#viewers) if (viewer.state === "skipped") this.#join(viewer, "behind");
    const present = this.#viewers;
    this.#options.screen.whenCaughtUp(() => {
      const restore = this.#options.screen.restore();
      for (const viewer of present) {
        viewer.connection.sendMessage({ type: "exit", ...exit, restore });
        viewer.connection.close(1000, "exit");
      }
      this.#viewers = this.#viewers.filter((viewer) => !present.includes(viewer));
    });
  }

  #regulate(): void {
    if (this.#flowTimer) clearTimeout(this.#flowTimer);
    this.#flowTimer = null;
    const { now, onPause } = this.#options;
    const current = this.#viewers.filter((viewer) => viewer.state === "current");
    const { paused, skipped, againInMs } = decideFlow(current, this.#paused, now());
    for (const viewer of skipped) viewer.skip();
    if (againInMs !== null) this.#flowTimer = setTimeout(() => this.#regulate(), againInMs);
    if (paused === this.#paused) return;
    this.#paused = paused;
    onPause(paused);
  }
}
