import assert from "node:assert/strict";
import { handOver } from "../../../src/ptyhost/hand-over.ts";
import { TerminalModel } from "../../../src/ptyhost/terminal-model.ts";

function modelAfter(stream: string): TerminalModel {
  const model = new TerminalModel({ cols: 20, rows: 5 }, { onAnswer: () => undefined, onCursorQuery: () => undefined });
  model.write(Buffer.from(stream));
  return model;
}

/** What a program switches on, and what undoes it: modes that the terminal emulator itself does not know, among others. */
const modes: readonly { name: string; on: string; restored: string; off: string }[] = [
  { name: "the alternate screen", on: "\x1b[?1049h", restored: "\x1b[?1049l", off: "\x1b[?1049l" },
  { name: "bracketed paste", on: "\x1b[?2004h", restored: "\x1b[?2004l", off: "\x1b[?2004l" },
  { name: "a hidden cursor", on: "\x1b[?25l", restored: "\x1b[?25h", off: "\x1b[?25h" },
  { name: "a cursor style", on: "\x1b[5 q", restored: "\x1b[0 q", off: "\x1b[0 q" },
  { name: "mouse tracking", on: "\x1b[?1003h", restored: "\x1b[?1003l", off: "\x1b[?1003l" },
  { name: "UTF-8 mouse positions", on: "\x1b[?1005h", restored: "\x1b[?1005l", off: "\x1b[?1005l" },
  { name: "urxvt mouse positions", on: "\x1b[?1015h", restored: "\x1b[?1015l", off: "\x1b[?1015l" },
  { name: "pixel mouse positions", on: "\x1b[?1016h", restored: "\x1b[?1016l", off: "\x1b[?1016l" },
  { name: "focus reports", on: "\x1b[?1004h", restored: "\x1b[?1004l", off: "\x1b[?1004l" },
  { name: "colour scheme reports", on: "\x1b[?2031h", restored: "\x1b[?2031l", off: "\x1b[?2031l" },
  { name: "in-band resize", on: "\x1b[?2048h", restored: "\x1b[?2048l", off: "\x1b[?2048l" },
  { name: "no wraparound", on: "\x1b[?7l", restored: "\x1b[?7h", off: "\x1b[?7h" },
  { name: "kitty keyboard flags", on: "\x1b[>5u", restored: "\x1b[<1u", off: "\x1b[<u" },
  { name: "modifyOtherKeys", on: "\x1b[>4;2m", restored: "\x1b[>4m", off: "\x1b[>4m" },
  { name: "the application keypad", on: "\x1b=", restored: "\x1b[?66l", off: "\x1b>" },
  { name: "line drawing", on: "\x1b(0", restored: "\x1b(B", off: "\x1b(B" },
];

describe("terminal modes", () => {
  for (const { name, on, restored, off } of modes) {
    it(`restores a terminal from ${name}`, () => {
      assert.equal(modelAfter(on).restore(), restored);
    });

    it(`restores nothing once the program has undone ${name} itself`, () => {
      assert.equal(modelAfter(on + off).restore(), "");
    });

    it(`keeps ${name} in a snapshot`, () => {
      assert.equal(modelAfter(modelAfter(on).snapshot()).restore(), restored);
    });

    it(`leaves nothing of ${name} to the next program`, () => {
      const handedOver = handOver(modelAfter(on).restore(), { title: false, progress: false });
      assert.equal(modelAfter(on + handedOver).restore(), "");
    });

    it(`forgets ${name} on a full reset`, () => {
      assert.equal(modelAfter(`${on}\x1bc`).restore(), "");
    });
  }

  it("keeps one keyboard stack for each screen", () => {
    const stream = "\x1b[>1u\x1b[?1049h\x1b[>3u\x1b[>7u";
    const restored = "\x1b[<2u\x1b[?1049l\x1b[<1u";
    assert.equal(modelAfter(stream).restore(), restored);
    assert.equal(modelAfter(modelAfter(stream).snapshot()).restore(), restored);
  });

  it("restores the scroll regions of both screens", () => {
    const left = "\x1b[1;2r\x1b[?1049h\x1b[2;4r";
    const model = modelAfter(left + modelAfter(left).restore());
    assert.ok(model.scrollsPlainly);
    model.write(Buffer.from("\x1b[?1049h"));
    assert.doesNotMatch(model.snapshot(), /\d+;\d+r/);
  });

  it("never replays synchronized output as on", () => {
    assert.doesNotMatch(modelAfter("\x1b[?2026htext").snapshot(), /2026/);
  });

  it("keeps the title in a snapshot, without control characters", () => {
    assert.match(modelAfter("\x1b]0;my \x7ftitle\x07").snapshot(), /\]2;my title/);
  });

  it("keeps the scroll region of a snapshot until a resize", () => {
    const model = modelAfter("\x1b[2;4r");
    assert.match(model.snapshot(), /\[2;4r/);
    model.resize({ cols: 20, rows: 6 });
    assert.doesNotMatch(model.snapshot(), /\[2;4r/);
  });
});
