import serializeAddon from "@xterm/addon-serialize";
import headless, { type Terminal } from "@xterm/headless";
import { drawBuffer, drawCell } from "./draw-buffer.ts";
import { TerminalModes, trackModes } from "./modes.ts";

export const SCROLLBACK_ROWS = 1000;

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}

/** What the program asked, for those who act on it. All are called while bytes are parsed. */
export interface ModelListeners {
  /** The bytes with which the model answers a query of the program, as any terminal would. */
  readonly onAnswer: (answer: string) => void;
  /** The program asked where the cursor is (`CSI 6 n`). */
  readonly onCursorQuery: () => void;
}

interface SavedCursor {
  readonly x: number;
  /** Row from the top of the scrollback. */
  readonly absoluteY: number;
  readonly pen: string;
}

/** A terminal without a display: what the program has drawn so far, and how to draw it again elsewhere. */
export class TerminalModel {
  readonly #terminal: Terminal;
  readonly #modes = new TerminalModes();
  readonly #serializer = new serializeAddon.SerializeAddon();
  readonly #savedCursors = new Map<"normal" | "alternate", SavedCursor>();

  constructor(size: TerminalSize, listeners: ModelListeners) {
    this.#terminal = new headless.Terminal({
      ...atLeastTwoColumns(size),
      scrollback: SCROLLBACK_ROWS,
      allowProposedApi: true,
      logLevel: "off",
      windowOptions: { getWinSizeChars: true },
    });
    this.#terminal.loadAddon(this.#serializer);
    trackModes(this.#terminal, this.#modes);
    this.#trackSavedCursors();
    this.#terminal.onData((answer) => {
      if (answer !== "") listeners.onAnswer(answer);
    });
    this.#terminal.parser.registerCsiHandler({ final: "n" }, ([what]) => {
      if (what === 6) listeners.onCursorQuery();
      return false;
    });
  }

  get size(): TerminalSize {
    return { cols: this.#terminal.cols, rows: this.#terminal.rows };
  }

  /** Whether text that scrolls away leaves no trace, which is what {@link ./skim.ts skim} rests on. */
  get scrollsPlainly(): boolean {
    return this.#modes.screen === "normal" && !this.#modes.scrollRegion && !this.#modes.isOn(6);
  }

  /** Parses `bytes`. Throws where the terminal emulator fails on them; it is of no use then. */
  write(bytes: Uint8Array): void {
    // The emulator parses what comes after input at once and everything else later, where nobody could catch its failure.
    this.#terminal.input("");
    this.#terminal.write(bytes);
  }

  resize(size: TerminalSize): void {
    const { cols, rows } = atLeastTwoColumns(size);
    this.#terminal.resize(cols, rows);
  }

  /** The bytes that make an empty terminal of this size look and behave like this one. They hold no query. */
  snapshot(): string {
    const { buffer, cols } = this.#terminal;
    let data = drawBuffer(buffer.normal, cols);
    if (buffer.active.type === "alternate") {
      data += moveTo(buffer.normal.cursorX, buffer.normal.cursorY);
      data += this.#modes.enterScreen() + drawBuffer(buffer.alternate, cols);
    }
    return data + this.#enterCursor() + this.#modes.enterModes();
  }

  /** What undoes the modes that the program left on; empty when it left none. */
  restore(): string {
    return this.#modes.restore() + (this.#pen() === "" ? "" : "\x1b[m");
  }

  /** The program has set a title. */
  get hasTitle(): boolean {
    return this.#modes.title !== "";
  }

  /**
   * What moves the cursor to the start of the first line below all text, without a position: where the person's shell was before in the
   * same window, a viewer's rows are others than these.
   */
  toFreeLine(): string {
    const { active } = this.#terminal.buffer;
    let last = this.#terminal.rows - 1;
    while (last > active.cursorY && this.#isBlank(last)) last--;
    const down = last > active.cursorY ? `\x1b[${last - active.cursorY}B` : "";
    return this.#isBlank(last) ? "\r" : `${down}\r\n`;
  }

  /** Scrollback and screen as lines of text. Rows that were wrapped are one line; empty lines at the end are left out. */
  text(): string {
    const { normal, active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (const buffer of active.type === "alternate" ? [normal, active] : [normal]) {
      for (let y = 0; y < buffer.length; y++) {
        const line = buffer.getLine(y);
        const wraps = y + 1 < buffer.length && buffer.getLine(y + 1)?.isWrapped === true;
        const text = line?.translateToString(!wraps) ?? "";
        if (line?.isWrapped && y > 0) lines.push((lines.pop() ?? "") + text);
        else lines.push(text);
      }
      while (lines.at(-1)?.trim() === "") lines.pop();
    }
    return lines.map((line) => `${line}\n`).join("");
  }

  /** The rows of the screen as lines of text, each row a line; empty ones at the end are left out. */
  visibleRows(): string {
    const { active } = this.#terminal.buffer;
    const rows = Array.from(
      { length: this.#terminal.rows },
      (_, y) =>
        active
          .getLine(active.baseY + y)
          ?.translateToString(true)
          .trimEnd() ?? "",
    );
    while (rows.at(-1) === "") rows.pop();
    return rows.map((row) => `${row}\n`).join("");
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #isBlank(row: number): boolean {
    const { active } = this.#terminal.buffer;
    return !/\S/.test(active.getLine(active.baseY + row)?.translateToString(true) ?? "");
  }

  /** Saved cursor, scroll region, origin mode, cursor and pen, in the order in which one does not undo the other. */
  #enterCursor(): string {
    const active = this.#terminal.buffer.active;
    const region = this.#modes.scrollRegion;
    let sequences = "";
    const saved = this.#savedCursors.get(active.type);
    if (saved) {
      const y = Math.min(Math.max(saved.absoluteY - active.baseY, 0), this.#terminal.rows - 1);
      const saveCursor = this.#modes.savedDrawsLines ? "\x1b(0\x1b7\x1b(B" : "\x1b7";
      sequences += `${moveTo(saved.x, y)}${saved.pen}${saveCursor}\x1b[m`;
    }
    if (region) sequences += `\x1b[${region.top + 1};${region.bottom + 1}r`;
    const originY = this.#modes.isOn(6) ? (region?.top ?? 0) : 0;
    if (this.#modes.isOn(6)) sequences += "\x1b[?6h";
    const { cols } = this.#terminal;
    const waitsPastMargin = active.cursorX >= cols;
    const line = active.getLine(active.baseY + active.cursorY);
    if (waitsPastMargin && line) {
      const x = line.getCell(cols - 1)?.getWidth() === 0 ? cols - 2 : cols - 1;
      sequences += moveTo(x, active.cursorY - originY) + drawCell(line, x);
    } else {
      sequences += moveTo(active.cursorX, active.cursorY - originY);
    }
    return sequences + this.#pen();
  }

  /**
   * The SGR sequence of the pen, empty for the default one. The addon is the only public way to it: for a row that does not exist it
   * writes just that. Whole numbers will not do, since they count around the buffer.
   */
  #pen(): string {
    return this.#serializer.serialize({
      range: { start: -0.5, end: -0.5 },
      excludeModes: true,
      excludeAltBuffer: true,
    });
  }

  #trackSavedCursors(): void {
    const { parser } = this.#terminal;
    const save = () => {
      const active = this.#terminal.buffer.active;
      this.#savedCursors.set(active.type, {
        x: active.cursorX,
        absoluteY: active.baseY + active.cursorY,
        pen: this.#pen(),
      });
      return false;
    };
    parser.registerEscHandler({ final: "7" }, save);
    parser.registerCsiHandler({ final: "s" }, save);
    parser.registerCsiHandler({ prefix: "?", final: "h" }, (modes) =>
      modes.includes(1048) || modes.includes(1049) ? save() : false,
    );
    const forget = () => {
      this.#savedCursors.delete(this.#terminal.buffer.active.type);
      return false;
    };
    parser.registerCsiHandler({ intermediates: "!", final: "p" }, forget);
    parser.registerEscHandler({ final: "c" }, () => {
      this.#savedCursors.clear();
      return false;
    });
  }
}

/** The sequence that moves the cursor to a column and row, both from 0. */
function moveTo(x: number, y: number): string {
  return `\x1b[${y + 1};${x + 1}H`;
}

/** The model cannot be narrower than a wide character. */
function atLeastTwoColumns({ cols, rows }: TerminalSize): TerminalSize {
  return { cols: Math.max(cols, 2), rows: Math.max(rows, 1) };
}
