/** Frames to viewers are no larger than this. */
export const MAX_FRAME_BYTES = 64 * 1024;
const WINDOW_MS = 1;

/**
 * Joins the many small chunks of a busy pty into frames. A chunk that comes after a quiet time, such as the echo of a key, goes out at
 * once; what follows within a millisecond is joined.
 */
export class OutputBatch {
  readonly #send: (frame: Buffer) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #window: NodeJS.Timeout | null = null;

  constructor(send: (frame: Buffer) => void) {
    this.#send = send;
  }

  push(chunk: Buffer): void {
    if (this.#bytes + chunk.length > MAX_FRAME_BYTES) this.flush();
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#window) return;
    this.flush();
    this.#openWindow();
  }

  /** Sends what is held back now. */
  flush(): void {
    if (this.#bytes === 0) return;
    const [first, ...more] = this.#chunks;
    const frame = first && more.length === 0 ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    for (let at = 0; at < frame.length; at += MAX_FRAME_BYTES) this.#send(frame.subarray(at, at + MAX_FRAME_BYTES));
  }

  #openWindow(): void {
    this.#window = setTimeout(() => {
      this.#window = null;
      if (this.#bytes === 0) return;
      this.flush();
      this.#openWindow();
    }, WINDOW_MS);
  }
}
