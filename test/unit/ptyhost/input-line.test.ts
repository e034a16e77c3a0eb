import assert from "node:assert/strict";
import { InputLine } from "../../../src/ptyhost/input-line.ts";

const LONG_AGO_MS = 60_000;

/** Whether somebody types, a minute after these keys. */
function isTypingAfter(...keys: string[]): boolean {
  let now = 0;
  const program = { write: () => undefined };
  const line = new InputLine({
    screen: { whenCaughtUp: (done) => done() },
    clock: { now: () => now },
    program: () => program,
  });
  for (const key of keys) {
    if (key === "new program") line.restart();
    else line.receive({ bytes: Buffer.from(key), isTyped: true, hasReply: false });
  }
  now += LONG_AGO_MS;
  return line.isTyping(15_000);
}

describe("whether somebody types in a terminal, long after the last key", () => {
  const cases: [what: string, keys: string[], isTyping: boolean][] = [
    ["nothing was typed", [], false],
    ["a prompt was sent", ["fix the cart", "\r"], false],
    ["a prompt was sent in one write", ["fix the cart\r"], false],
    ["a prompt was begun and not sent", ["fix the", " cart"], true],
    ["a prompt was pasted and not sent, whatever lines are in it", ["\x1b[200~one\rtwo\r\x1b[201~"], true],
    ["a pasted prompt was sent", ["\x1b[200~one\rtwo\x1b[201~", "\r"], false],
    ["a prompt was begun and thrown away with Ctrl-C", ["fix", "\x03"], false],
    ["a prompt was begun and deleted again", ["fixed", "\x7f\x7f\x7f\x7f\x7f"], false],
    ["a menu was moved through", ["\x1b[A", "\x1b[B", "\x1bOA"], false],
    ["a menu took one key", ["1"], false],
    ["what was begun was for a program that is gone", ["fix the cart", "new program"], false],
  ];
  for (const [what, keys, isTyping] of cases) {
    it(`is ${isTyping} when ${what}`, () => assert.equal(isTypingAfter(...keys), isTyping));
  }

  it("is not asked where a replacement is to happen regardless", () => {
    const line = new InputLine({
      screen: { whenCaughtUp: (done) => done() },
      clock: { now: () => 0 },
      program: () => null,
    });
    line.receive({ bytes: Buffer.from("half a prompt"), isTyped: true, hasReply: false });
    assert.equal(line.isTyping(0), false);
  });
});
