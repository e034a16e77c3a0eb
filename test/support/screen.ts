import xterm from "@xterm/headless";

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** Long enough for a real agent to start on a busy machine; only a test that fails waits for it. */
const WITHIN_MS = 20_000;

/** What a person would see: a real terminal emulator without a window. */
export class Screen {
  readonly #terminal: xterm.Terminal;

  constructor({ cols, rows }: Size) {
    this.#terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
  }

  /** `onShown` is called when the terminal has handled the bytes. */
  write(bytes: Uint8Array | string, onShown?: () => void): void {
    this.#terminal.write(bytes, onShown);
  }

  /** What the terminal says of itself: answers to queries, focus reports. */
  onAnswer(listener: (data: string) => void): void {
    this.#terminal.onData(listener);
  }

  resize({ cols, rows }: Size): void {
    this.#terminal.resize(cols, rows);
  }

  reset(): void {
    this.#terminal.reset();
  }

  /** The visible lines, without trailing blanks. */
  text(): string {
    const { buffer, rows } = this.#terminal;
    const { active } = buffer;
    return Array.from(
      { length: rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    ).join("\n");
  }

  /** The lines that have scrolled off the top. */
  scrollback(): string[] {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.baseY }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  }

  /** Whether an application has switched to the alternate screen. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  /** Resolves once the visible text matches; rejects with the screen as it is when it never does. */
  untilShows(wanted: string | RegExp): Promise<void> {
    const shows = () => {
      const text = this.text();
      return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
    };
    if (shows()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const parsed = this.#terminal.onWriteParsed(() => {
        if (!shows()) return;
        clearTimeout(timer);
        parsed.dispose();
        resolve();
      });
      const timer = setTimeout(() => {
        parsed.dispose();
        reject(new Error(`The screen never showed ${String(wanted)}. It shows:\n${this.text()}`));
      }, WITHIN_MS);
    });
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
