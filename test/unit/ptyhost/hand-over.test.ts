import assert from "node:assert/strict";
import fc from "fast-check";
import { handOver } from "../../../src/ptyhost/hand-over.ts";
import { TerminalModel } from "../../../src/ptyhost/terminal-model.ts";
import { COLS, output, Reference, ROWS } from "../../support/small-terminal.ts";

/** Where a program may have been when it was killed. */
const brokenOff = fc.constantFrom(
  ...[
    "",
    "\x1b",
    "\x1b[",
    "\x1b[3",
    "\x1b[?104",
    "\x1b(",
    "\x1b]0;half a ti",
    "\x1b]8;;http://a.b",
    "\x1bP$q",
    "\x1b_G",
  ],
  ...["\x1b]0;a title\x07", "\x1b[?2026h", "\x1b]8;;http://a.b\x07link", "\x0e\x1b)0"],
);

/** What a viewer and the screen memory show once `stream` was broken off and the terminal handed over to the next program. */
function handedOver(stream: string): { readonly viewer: Reference; readonly model: TerminalModel } {
  const model = new TerminalModel(
    { cols: COLS, rows: ROWS },
    { onAnswer: () => undefined, onCursorQuery: () => undefined },
  );
  const viewer = new Reference();
  const show = (text: string) => {
    model.write(Buffer.from(text));
    viewer.write(text);
  };
  show(stream);
  show(handOver(model.restore(), { title: model.hasTitle, progress: false }));
  show(model.toFreeLine());
  return { viewer, model };
}

describe("a terminal that is handed over to the next program", () => {
  const after = (check: (stream: string) => void) =>
    fc.assert(
      fc.property(fc.array(output, { maxLength: 40 }), brokenOff, (parts, end) => check(parts.join("") + end)),
      { numRuns: 400 },
    );

  it("has no mode of the one before", () =>
    after((stream) => {
      const { viewer, model } = handedOver(stream);
      assert.deepEqual(viewer.terminal.modes, new Reference().terminal.modes);
      assert.equal(viewer.terminal.buffer.active.type, "normal");
      assert.equal(model.restore(), "");
      assert.ok(!model.hasTitle);
    }));

  it("is the same for a viewer and in the screen memory", () =>
    after((stream) => {
      const { viewer, model } = handedOver(stream);
      const late = new Reference();
      late.write(model.snapshot());
      assert.deepEqual(late.describe(), viewer.describe());
    }));

  it("shows what comes next as a fresh one does", () =>
    after((stream) => {
      const { viewer } = handedOver(stream);
      const fresh = new Reference();
      const next = "\x1b[H\x1b[2Jqx漢\x1b[1Ky\r\nmore text that wraps around\r\n\n\nlast\x1b[2;3Hz\x1bM";
      for (const part of [next, "\x1b[?1049h\x1b[Hin\n\n\n\n\n\n.", "\x1b[?1049lout"]) {
        viewer.write(part);
        fresh.write(part);
        assert.deepEqual(viewer.rows(), fresh.rows());
      }
    }));

  it("starts on a line of its own, below all text", () =>
    after((stream) => {
      const { viewer } = handedOver(stream);
      const { active } = viewer.terminal.buffer;
      assert.equal(active.cursorX, 0);
      for (let y = active.cursorY; y < ROWS; y++) {
        assert.equal(
          active
            .getLine(active.baseY + y)
            ?.translateToString(true)
            .trim(),
          "",
        );
      }
    }));

  it("keeps its text", () => {
    const { viewer } = handedOver("one\r\ntwo\x1b[1;2H");
    const { active } = viewer.terminal.buffer;
    assert.deepEqual(
      [0, 1, 2].map((y) => active.getLine(y)?.translateToString(true)),
      ["one", "two", ""],
    );
    assert.equal(active.cursorY, 2);
  });

  it("leaves no gap where nothing was drawn", () => {
    const { viewer } = handedOver("\x1b[?25l");
    assert.equal(viewer.terminal.buffer.active.cursorY, 0);
  });

  it("takes back a progress that terminals go on showing", () => {
    assert.match(handOver("", { title: false, progress: true }), /\]9;4;0/);
    assert.doesNotMatch(handOver("", { title: false, progress: false }), /\]9;/);
  });
});
