import assert from "node:assert/strict";
import { applyShellMark, type ShellState } from "../../../src/ptyhost/shell-marks.ts";

describe("a shell's marks", () => {
  const after = (...payloads: readonly string[]): ShellState | null =>
    payloads.reduce<ShellState | null>((state, payload) => applyShellMark(payload, state) ?? state, null);

  const cases: readonly (readonly [string, readonly string[], ShellState])[] = [
    ["a prompt", ["A"], { state: "prompt", exitCode: null }],
    ["a prompt with options", ["A;cl=m;aid=1", "B"], { state: "prompt", exitCode: null }],
    ["a command", ["A", "B", "C"], { state: "command", exitCode: null }],
    ["the end of a command", ["C", "D"], { state: "prompt", exitCode: null }],
    ["its exit code, at the next prompt too", ["C", "D;3;aid=1", "A", "B"], { state: "prompt", exitCode: 3 }],
    ["no exit code of the command before", ["C", "D;3", "A", "B", "C"], { state: "command", exitCode: null }],
    ["a prompt after a command that did not tell its end", ["C", "A"], { state: "prompt", exitCode: null }],
    ["no exit code that is no number", ["C", "D;err=x"], { state: "prompt", exitCode: null }],
  ];
  for (const [what, payloads, expected] of cases) {
    it(`tell ${what}`, () => {
      assert.deepEqual(after(...payloads), expected);
    });
  }

  for (const payload of ["", "L", "P;k=s", "AB", "prompt"]) {
    it(`are not ${JSON.stringify(payload)}`, () => {
      assert.equal(applyShellMark(payload, null), null);
    });
  }
});
