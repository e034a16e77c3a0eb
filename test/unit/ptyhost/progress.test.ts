import assert from "node:assert/strict";
import { parseProgress } from "../../../src/ptyhost/progress.ts";

describe("progress by OSC 9;4", () => {
  const cases: readonly (readonly [string, ReturnType<typeof parseProgress>])[] = [
    ["4;0", { progress: null }],
    ["4;0;", { progress: null }],
    ["4;1;40", { progress: { state: "normal", percent: 40 } }],
    ["4;1", { progress: { state: "normal", percent: null } }],
    ["4;1;4000", { progress: { state: "normal", percent: 100 } }],
    ["4;2", { progress: { state: "error", percent: null } }],
    ["4;2;80", { progress: { state: "error", percent: 80 } }],
    ["4;3;", { progress: { state: "indeterminate", percent: null } }],
    ["4;3;50", { progress: { state: "indeterminate", percent: null } }],
    ["4;4;10", { progress: { state: "warning", percent: 10 } }],
  ];
  for (const [payload, expected] of cases) {
    it(`reads ${JSON.stringify(payload)}`, () => {
      assert.deepEqual(parseProgress(payload), expected);
    });
  }

  for (const payload of ["", "4", "4;", "4;5;1", "4;1;x", "4;1;-3", "40;1;1", "4 files"]) {
    it(`is not ${JSON.stringify(payload)}`, () => {
      assert.equal(parseProgress(payload), undefined);
    });
  }
});
