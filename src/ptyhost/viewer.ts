import type { TerminalMessage } from "../protocol/terminal.ts";
import { HIGH_WATER_BYTES, type ViewerFlow } from "./flow.ts";
import type { TerminalSize } from "./terminal-model.ts";

/** The other end of a viewer's socket. */
export interface ViewerConnection {
  readonly sendBytes: (bytes: Buffer) => void;
  readonly sendMessage: (message: TerminalMessage) => void;
  readonly close: (code: number, reason: string) => void;
}

export interface ViewerOptions {
  readonly connection: ViewerConnection;
  readonly size: TerminalSize;
  readonly answersQueries: boolean;
  readonly now: () => number;
}

/** One attached viewer: what it was sent, and what it has handled of it. */
export class Viewer implements ViewerFlow {
  readonly connection: ViewerConnection;
  readonly answersQueries: boolean;
  size: TerminalSize;
  /**
   * `current`: gets the stream. `joining`: waits for its snapshot, and the stream after it is queued. `skipped`: fell behind; the stream
   * passes it by until it has caught up with what it was sent.
   */
  state: "current" | "joining" | "skipped" | "left" = "current";
  /** Orders viewers by their last typing; 0 for one that never typed. */
  typedOrder = 0;
  unackedBytes = 0;
  progressAtMs: number;
  readonly #now: () => number;
  #queued: Buffer[] = [];

  constructor({ connection, size, answersQueries, now }: ViewerOptions) {
    this.connection = connection;
    this.size = size;
    this.answersQueries = answersQueries;
    this.#now = now;
    this.progressAtMs = now();
  }

  deliver(frame: Buffer): void {
    if (this.state === "joining") this.#queued.push(frame);
    if (this.state !== "current") return;
    this.#sent(frame.length);
    this.connection.sendBytes(frame);
  }

  /** Brings a joining or skipped viewer up to date: `data` shows everything before the frames queued since. */
  deliverSnapshot(data: string, { cols, rows }: TerminalSize, why: "attach" | "behind"): void {
    this.#sent(Buffer.byteLength(data));
    this.connection.sendMessage({ type: "snapshot", cols, rows, data, why });
    this.state = "current";
    const queued = this.#queued;
    this.#queued = [];
    for (const frame of queued) this.deliver(frame);
  }

  /** Lets the stream pass this viewer by until it has caught up. */
  skip(): void {
    this.state = "skipped";
    this.#queued = [];
  }

  /** Counts what the viewer has handled. Acknowledging more than was sent heals to nothing outstanding. */
  acknowledge(bytes: number): void {
    this.unackedBytes = Math.max(0, this.unackedBytes - bytes);
    this.progressAtMs = this.#now();
  }

  #sent(bytes: number): void {
    const wasBehind = this.unackedBytes > HIGH_WATER_BYTES;
    this.unackedBytes += bytes;
    if (!wasBehind && this.unackedBytes > HIGH_WATER_BYTES) this.progressAtMs = this.#now();
  }
}

/** The viewer that typed last, or the first one where none has typed. `viewers` are in the order in which they attached. */
export function lastToType(viewers: readonly Viewer[]): Viewer | null {
  return viewers.reduce<Viewer | null>(
    (last, viewer) => (last && last.typedOrder >= viewer.typedOrder ? last : viewer),
    null,
  );
}
