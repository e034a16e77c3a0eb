import assert from "node:assert/strict";
import fc from "fast-check";
import xterm from "@xterm/headless";
import { SCROLLBACK_ROWS, TerminalModel } from "../../../src/ptyhost/terminal-model.ts";

const COLS = 12;
const ROWS = 5;

function makeModel(answers: string[] = []): TerminalModel {
  return new TerminalModel(
    { cols: COLS, rows: ROWS },
    {
      onAnswer: (answer) => answers.push(answer),
      onCursorQuery: () => undefined,
    },
  );
}

/** What tells two terminals apart: every cell with its look, the cursor and the modes. */
class Reference {
  readonly terminal = new xterm.Terminal({ cols: COLS, rows: ROWS, scrollback: 1000, allowProposedApi: true });

  write(data: string): void {
    // Input makes the emulator parse what comes next at once.
    this.terminal.input("");
    this.terminal.write(data);
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
const output = fc.oneof(
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

function snapshotOf(stream: string): string {
  const model = makeModel();
  model.write(Buffer.from(stream));
  const data = model.snapshot();
  model.dispose();
  return data;
}

describe("a snapshot", () => {
  it("makes a fresh terminal look and behave like the one it was taken of", () => {
    fc.assert(
      fc.property(fc.array(output, { maxLength: 40 }), (parts) => {
        const stream = parts.join("");
        const original = new Reference();
        const restored = new Reference();
        original.write(stream);
        restored.write(snapshotOf(stream));
        assert.deepEqual(restored.describe(), original.describe());
      }),
      { numRuns: 400 },
    );
  });

  it("draws half a wide character as a blank", () => {
    const original = new Reference();
    const restored = new Reference();
    original.write("漢\b\x1b[0@");
    restored.write(snapshotOf("漢\b\x1b[0@"));
    assert.deepEqual(restored.describe(), original.describe());
  });

  it("leaves the terminal in a state in which what follows is drawn alike", () => {
    const follow = "x\x1b[Ky漢\r\nmore text that wraps around\x1b[2;3Hz\x1b[3L\n\n\x1b[1J.";
    fc.assert(
      fc.property(fc.array(output, { maxLength: 25 }), (parts) => {
        const stream = parts.join("");
        const original = new Reference();
        const restored = new Reference();
        original.write(stream + follow);
        restored.write(snapshotOf(stream) + follow);
        assert.deepEqual(restored.describe(), original.describe());
      }),
      { numRuns: 400 },
    );
  });

  it("holds once the scrollback is full, too", () => {
    fc.assert(
      fc.property(fc.array(output, { maxLength: 25 }), (parts) => {
        const stream = "a line\r\n".repeat(SCROLLBACK_ROWS + 2 * ROWS) + parts.join("");
        const original = new Reference();
        const restored = new Reference();
        original.write(stream);
        restored.write(snapshotOf(stream));
        assert.deepEqual(restored.describe(), original.describe());
      }),
      { numRuns: 30 },
    );
  });

  it("shows its text also in a terminal with fewer rows", () => {
    const model = makeModel();
    model.write(Buffer.from("top\r\n"));
    const smaller = new xterm.Terminal({ cols: COLS, rows: 2, allowProposedApi: true });
    smaller.input("");
    smaller.write(model.snapshot());
    assert.equal(smaller.buffer.active.getLine(smaller.buffer.active.baseY)?.translateToString(true), "top");
  });

  it("holds no query: no terminal answers it", async () => {
    const stream = "\x1b[c\x1b[>c\x1b[6n\x1b[5n\x1b[?2004$p\x1bP$qm\x1b\\\x1b]11;?\x07text\x1b[?u";
    const answers: string[] = [];
    const data = snapshotOf(stream);
    const terminal = new Reference();
    terminal.terminal.onData((answer) => answers.push(answer));
    terminal.terminal.write(data);
    await new Promise<void>((resolve) => terminal.terminal.write("", resolve));
    assert.deepEqual(answers, []);
  });
});

describe("what a terminal model restores", () => {
  it("is nothing after plain text", () => {
    const model = makeModel();
    model.write(Buffer.from("hello\r\n\x1b[31mred\x1b[0m"));
    assert.equal(model.restore(), "");
  });

  it("resets a pen that was left coloured", () => {
    const model = makeModel();
    model.write(Buffer.from("\x1b[31mred"));
    assert.equal(model.restore(), "\x1b[m");
  });

  it("brings back every mode of a terminal that a program left in the alternate screen", () => {
    const model = makeModel();
    const left = "\x1b[?1049h\x1b[?1h\x1b=\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[4h\x1b[?7l\x1b[1m";
    model.write(Buffer.from(left));
    const restored = new Reference();
    restored.write(left + model.restore());
    const fresh = new Reference();
    assert.deepEqual(restored.terminal.modes, fresh.terminal.modes);
    assert.equal(restored.terminal.buffer.active.type, "normal");
  });
});

describe("the text of a screen", () => {
  function textOf(stream: string): string {
    const model = makeModel();
    model.write(Buffer.from(stream));
    return model.text();
  }

  it("has scrolled lines first and no blank lines at its end", () => {
    assert.equal(textOf("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n\r\n\r\n"), "1\n2\n3\n4\n5\n6\n");
  });

  it("joins rows that were wrapped", () => {
    assert.equal(textOf("a line that is wider than twelve\r\nnext"), "a line that is wider than twelve\nnext\n");
  });

  it("shows the alternate screen after what was there before it", () => {
    assert.equal(textOf("before\r\n\x1b[?1049h\x1b[Hinside"), "before\ninside\n");
  });

  it("is empty when nothing was drawn", () => {
    assert.equal(textOf("\r\n\r\n"), "");
  });
});

describe("the visible rows of a screen", () => {
  function rowsOf(stream: string): string {
    const model = makeModel();
    model.write(Buffer.from(stream));
    return model.visibleRows();
  }

  it("are as they are shown: without what has scrolled away, each row for itself", () => {
    assert.equal(rowsOf("1\r\n2\r\n3\r\n\r\nwider than twelve\r\n6\r\n"), "\nwider than t\nwelve\n6\n");
  });

  it("are those of the alternate screen while a program is there", () => {
    assert.equal(rowsOf("before\x1b[?1049h\x1b[2;1Hinside  "), "\ninside\n");
  });

  it("are none when nothing was drawn", () => {
    assert.equal(rowsOf("\r\n\r\n"), "");
  });
});
