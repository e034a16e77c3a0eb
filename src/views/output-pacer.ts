import { ACK_EVERY_BYTES } from "../protocol/terminal.ts";

/** Time as the pacer sees it; tests give it one that they move by hand. */
export interface PacerClock {
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function calls it off. */
  schedule(delayMs: number, task: () => void): () => void;
}

export interface OutputPacerOptions {
  /** Shows text in the terminal. The editor takes whatever it is given and queues it, so it must be given little. */
  readonly show: (text: string) => void;
  /** Tells the pty host that so many more bytes were handled. */
  readonly ack: (bytes: number) => void;
  readonly clock: PacerClock;
}

/** One frame of a 60 Hz screen: what arrives within it is shown at once, in one piece. */
export const FRAME_MS = 16;
/** More than this a person cannot read and the editor's renderer cannot draw while it stays responsive. */
export const RATE_BYTES_PER_S = 4 * 1024 * 1024;
/** Acknowledged without delay after a pause, so that opening a file in a pager is not slowed down. */
export const BURST_BYTES = 512 * 1024;
/** Half of what the pty host wants to hear of at least, so that it never stops for want of an `ack`. */
const ACK_UNIT_BYTES = ACK_EVERY_BYTES / 2;

/**
 * Between the pty host and a terminal without flow control: gathers output into frames (an isolated echo goes through
 * at once), decodes UTF-8 across chunks, and acknowledges at a bounded rate, so that the pty host's flow control does
 * the holding back and the skipping ahead.
 */
export class OutputPacer {
  readonly #options: OutputPacerOptions;
  #decoder = new TextDecoder();
  #chunks: Uint8Array[] = [];
  #lastShownAt = -Infinity;
  #cancelFrame: (() => void) | undefined;
  #owedBytes = 0;
  #budgetBytes = BURST_BYTES;
  #budgetAt: number;
  #cancelAck: (() => void) | undefined;

  constructor(options: OutputPacerOptions) {
    this.#options = options;
    this.#budgetAt = options.clock.now();
  }

  /** Bytes the agent wrote. */
  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    if (this.#cancelFrame) return;
    const waitMs = this.#lastShownAt + FRAME_MS - this.#options.clock.now();
    if (waitMs <= 0) this.#showFrame();
    else this.#cancelFrame = this.#options.clock.schedule(waitMs, () => this.#showFrame());
  }

  /** Everything so far, anew: shows `text` on a cleared terminal in place of what is still held. */
  replace(text: string): void {
    this.#owe(this.#takeChunks().reduce((sum, chunk) => sum + chunk.length, 0));
    this.#decoder = new TextDecoder();
    this.#options.show(`\x1bc${text}`);
    this.#owe(Buffer.byteLength(text));
  }

  /** Shows what is held, without waiting for the frame to end. */
  flush(): void {
    this.#showFrame();
  }

  dispose(): void {
    this.#takeChunks();
    this.#cancelAck?.();
    this.#cancelAck = undefined;
  }

  #takeChunks(): Uint8Array[] {
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    return this.#chunks.splice(0);
  }

  #showFrame(): void {
    const chunks = this.#takeChunks();
    if (chunks.length === 0) return;
    this.#lastShownAt = this.#options.clock.now();
    let text = "";
    let bytes = 0;
    for (const chunk of chunks) {
      text += this.#decoder.decode(chunk, { stream: true });
      bytes += chunk.length;
    }
    if (text) this.#options.show(text);
    this.#owe(bytes);
  }

  #owe(bytes: number): void {
    this.#owedBytes += bytes;
    if (!this.#cancelAck) this.#payAcks();
  }

  /** Acknowledges whole units as far as the budget goes, and comes back when it has refilled. */
  #payAcks(): void {
    this.#refillBudget();
    const affordable = Math.floor(Math.min(this.#owedBytes, this.#budgetBytes) / ACK_UNIT_BYTES) * ACK_UNIT_BYTES;
    if (affordable > 0) {
      this.#owedBytes -= affordable;
      this.#budgetBytes -= affordable;
      this.#options.ack(affordable);
    }
    if (this.#owedBytes < ACK_UNIT_BYTES) return;
    const missingBytes = ACK_UNIT_BYTES - this.#budgetBytes;
    const waitMs = Math.max(1, Math.ceil((missingBytes / RATE_BYTES_PER_S) * 1000));
    this.#cancelAck = this.#options.clock.schedule(waitMs, () => {
      this.#cancelAck = undefined;
      this.#payAcks();
    });
  }

  #refillBudget(): void {
    const now = this.#options.clock.now();
    const earned = ((now - this.#budgetAt) / 1000) * RATE_BYTES_PER_S;
    this.#budgetBytes = Math.min(BURST_BYTES, this.#budgetBytes + earned);
    this.#budgetAt = now;
  }
}

export const systemClock: PacerClock = {
  now: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
