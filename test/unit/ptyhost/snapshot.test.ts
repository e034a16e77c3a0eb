import assert from "node:assert/strict";
import fc from "fast-check";
import xterm from "@xterm/headless";
import { SCROLLBACK_ROWS, TerminalModel } from "../../../src/ptyhost/terminal-model.ts";
import { COLS, output, Reference, ROWS } from "../../support/small-terminal.ts";

function makeModel(answers: string[] = []): TerminalModel {
  return new TerminalModel(
    { cols: COLS, rows: ROWS },
    {
      onAnswer: (answer) => answers.push(answer),
      onCursorQuery: () => undefined,
    },
  );
}

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
