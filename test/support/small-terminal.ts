import fc from "fast-check";
import xterm from "@xterm/headless";

export const COLS = 12;
export const ROWS = 5;

/** What tells two terminals apart: every cell with its look, the cursor and the modes. */
export class Reference {
  readonly terminal = new xterm.Terminal({ cols: COLS, rows: ROWS, scrollback: 1000, allowProposedApi: true });

  write(data: string): void {
    // Input makes the emulator parse what comes next at once.
    this.terminal.input("");
    this.terminal.write(data);
  }

  /** The rows of the screen in use, each cell with its look. */
  rows(): string[] {
    const { active } = this.terminal.buffer;
    return describeBuffer(active).slice(active.baseY);
  }

  describe(): object {
    const { buffer, modes } = this.terminal;
    return {
      normal: describeBuffer(buffer.normal),
      alternate: buffer.active.type === "alternate" ? describeBuffer(buffer.alternate) : null,
      cursor: [buffer.active.cursorX, buffer.active.cursorY, buffer.active.baseY],
      modes: { ...modes, synchronizedOutputMode: false },
    };
  }
}

function describeBuffer(buffer: xterm.IBuffer): string[] {
  const rows: string[] = [];
  for (let y = 0; y < buffer.length; y++) {
    const line = buffer.getLine(y)!;
    // Row 0 has nothing to be continued from once what it continued has scrolled out.
    let row = y > 0 && line.isWrapped ? "wrapped " : "";
    for (let x = 0; x < COLS; x++) {
      const cell = line.getCell(x)!;
      const isBlank = cell.getChars() === "" || cell.getChars() === " ";
      const look =
        isBlank && !cell.isUnderline() && !cell.isInverse() && !cell.isStrikethrough() && !cell.isOverline()
          ? [cell.getBgColorMode(), cell.getBgColor()]
          : [
              [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()],
              [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isBlink(), cell.isInverse()],
              [cell.isInvisible(), cell.isStrikethrough(), cell.isOverline()],
            ]
              .flat()
              .map(Number);
      // Half a wide character, which the emulator leaves after an insertion in its middle, is shown as nothing in one column.
      const isHalf = cell.getWidth() === 0 && line.getCell(x - 1)?.getWidth() !== 2;
      row += `${isHalf ? 1 : cell.getWidth()}${isBlank ? "_" : cell.getChars()}${look.some((part) => part !== 0) ? look.join(".") : ""}|`;
    }
    rows.push(row.replace(/(1_\|)+$/, ""));
  }
  return rows;
}

const small = fc.integer({ min: 0, max: 14 });
/** One thing that a program writes. */
export const output = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.string({
      unit: fc.constantFrom("a", "b", " ", "é", "漢", "🙂", "e\u0301"),
      minLength: 1,
      maxLength: 16,
    }),
  },
  { weight: 5, arbitrary: fc.constantFrom("\r\n", "\n", "\r", "\b", "\t") },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(0, 1, 2, 3, 4, 5, 7, 9, 22, 24, 27, 31, 39, 42, 49, 53, 93, 104, "38;5;200", "48;2;1;2;3")
      .map((code) => `\x1b[${code}m`),
  },
  { weight: 3, arbitrary: fc.tuple(small, small).map(([row, column]) => `\x1b[${row};${column}H`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(small, fc.constantFrom(...Array.from("@ABCDEFGILMPSTXZd")))
      .map(([count, final]) => `\x1b[${count}${final}`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(0, 2), fc.constantFrom("J", "K")).map(([how, final]) => `\x1b[${how}${final}`),
  },
  { weight: 1, arbitrary: fc.tuple(small, small).map(([top, bottom]) => `\x1b[${top};${bottom}r`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(1, 6, 9, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004, 2026),
        fc.constantFrom("h", "l"),
      )
      .map(([mode, final]) => `\x1b[?${mode}${final}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\x1b7",
      "\x1b8",
      "\x1bM",
      "\x1bD",
      "\x1bE",
      "\x1b[4h",
      "\x1b[4l",
      "\x1b(0",
      "\x1b(B",
      "\x1b[!p",
      "\x1bc",
      "\x1b=",
      "\x1b>",
    ),
  },
);
