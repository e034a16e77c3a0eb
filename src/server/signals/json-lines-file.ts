import { LinesFile, type LinesFileOptions } from "./lines-file.ts";

export interface JsonLinesFileOptions extends Pick<LinesFileOptions, "path" | "onBegin"> {
  readonly onValue: (value: unknown, writtenAt: number) => void;
}

/** Follows a file that grows by lines of JSON, from its start. Lines that are none are left out. */
export class JsonLinesFile {
  readonly #lines: LinesFile;
  readonly #onValue: JsonLinesFileOptions["onValue"];

  constructor({ path, onBegin, onValue }: JsonLinesFileOptions) {
    this.#lines = new LinesFile({ path, onBegin, onLine: (line, writtenAt) => this.#take(line, writtenAt) });
    this.#onValue = onValue;
  }

  close(): void {
    this.#lines.close();
  }

  /** Reads what is new. Not to be called while it runs. */
  read(): Promise<void> {
    return this.#lines.read();
  }

  #take(line: string, writtenAt: number): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      // A blank line, or one that its writer did not live to end.
      return;
    }
    this.#onValue(value, writtenAt);
  }
}
