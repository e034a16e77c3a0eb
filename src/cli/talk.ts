import { writeSync } from "node:fs";

const LOOK_AGAIN_MS = 5;

/**
 * Says something to the person, on stderr. Not with `process.stderr`: touching that makes the descriptor non-blocking for an
 * agent that shares it, whose own writes could then fail.
 */
export function say(text: string): void {
  write(`${text}\n`);
}

/** The same without a line's end. */
export function write(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(2, bytes, written);
    } catch (error) {
      // Anything else than a pipe that is full means that nobody reads stderr (any more): there is nobody to tell.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      waitSync(LOOK_AGAIN_MS);
    }
  }
}

function waitSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
}
