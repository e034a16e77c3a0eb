const LINE_FEED = 0x0a;

/** Cuts bytes into lines of UTF-8, wherever the chunks end; a line counts once its end is there. One that is too long is left out. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isTooLong = false;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that end in this chunk, to be taken to the last one. The chunk may be written to afterwards. */
  *push(chunk: Buffer): Generator<string, void> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.#add(chunk.subarray(start, end));
      start = end + 1;
      const line = this.#take();
      if (line !== null) yield line;
    }
    this.#add(Buffer.from(chunk.subarray(start)));
  }

  /** What stands in the line that has no end yet, as a line. Null: nothing, or too much. */
  end(): string | null {
    const isEmpty = this.#bytes === 0;
    const line = this.#take();
    return isEmpty ? null : line;
  }

  #take(): string | null {
    const line = this.#isTooLong ? null : Buffer.concat(this.#pieces, this.#bytes).toString("utf8");
    this.#clear();
    this.#isTooLong = false;
    return line;
  }

  #add(piece: Buffer): void {
    this.#isTooLong ||= this.#bytes + piece.length > this.#maxLineBytes;
    if (this.#isTooLong) {
      this.#clear();
      return;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  #clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}
