import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate as otherWork } from "node:timers/promises";
import { LineSplitter } from "./line-splitter.ts";

const MAX_LINE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** How long lines are read before the gateway gets to its other work. */
const SLICE_MS = 15;
/** By so much before the place that was reached a file is known to be still the same. */
const KNOWN_BY_BYTES = 64;

export interface LinesFileOptions {
  readonly path: string;
  /** The file begins, for the first time or anew: it was truncated, or another one is in its place. */
  readonly onBegin: () => void;
  /** A line without its end. Those that are too long are left out. */
  readonly onLine: (line: string, writtenAt: number) => void;
}

/** Follows a file that grows by lines, from its start. */
export class LinesFile {
  readonly #options: LinesFileOptions;
  #splitter = new LineSplitter(MAX_LINE_BYTES);
  #inode: bigint | undefined;
  #writtenNs = 0n;
  #position = 0;
  /** The bytes just before `#position`. */
  #knownBy = Buffer.alloc(0);
  #isClosed = false;

  constructor(options: LinesFileOptions) {
    this.#options = options;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Reads what is new. Not to be called while it runs. */
  async read(): Promise<void> {
    let file;
    try {
      // A pipe in its place must not hang us.
      file = await open(this.#options.path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      // Not there yet, or not any more: then what appears next is another one.
      this.#inode = undefined;
      return;
    }
    try {
      await this.#readFrom(file);
    } finally {
      await file.close();
    }
  }

  /** Takes what stands in the last line for all of it: nothing more is written there. */
  endLine(): void {
    const line = this.#splitter.end();
    if (line !== null && !this.#isClosed) this.#options.onLine(line, writtenAtMs(this.#writtenNs));
  }

  async #readFrom(file: FileHandle): Promise<void> {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) return;
    const isSame = stats.ino === this.#inode && Number(stats.size) >= this.#position;
    if (isSame && Number(stats.size) === this.#position && stats.mtimeNs === this.#writtenNs) return;
    if (!isSame || !(await this.#isKnown(file))) this.#begin(stats.ino);
    this.#writtenNs = stats.mtimeNs;
    await this.#readOn(file, writtenAtMs(stats.mtimeNs));
  }

  /** Whether what was read is still there: a file may have been rewritten, and be longer than before. */
  async #isKnown(file: FileHandle): Promise<boolean> {
    const { length } = this.#knownBy;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, this.#position - length);
    return bytesRead === length && buffer.equals(this.#knownBy);
  }

  #begin(inode: bigint): void {
    this.#inode = inode;
    this.#position = 0;
    this.#knownBy = Buffer.alloc(0);
    this.#splitter = new LineSplitter(MAX_LINE_BYTES);
    this.#options.onBegin();
  }

  async #readOn(file: FileHandle, writtenAt: number): Promise<void> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let sliceStarted = performance.now();
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, this.#position);
      if (bytesRead === 0) return;
      const read = chunk.subarray(0, bytesRead);
      this.#position += bytesRead;
      this.#knownBy = Buffer.from(Buffer.concat([this.#knownBy, read]).subarray(-KNOWN_BY_BYTES));
      for (const line of this.#splitter.push(read)) {
        if (performance.now() - sliceStarted > SLICE_MS) {
          await otherWork();
          sliceStarted = performance.now();
        }
        if (this.#isClosed) return;
        this.#options.onLine(line, writtenAt);
      }
    }
  }
}

function writtenAtMs(ns: bigint): number {
  return Number(ns / 1_000_000n);
}
