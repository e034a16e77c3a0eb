import assert from "node:assert/strict";
import { coloured, plain } from "../../../../src/cli/screen/style.ts";
import { columnsOf } from "../../../../src/cli/screen/width.ts";
import { endedStepLine, linesInSight, rowsTaken, stepLines } from "../../../../src/cli/worktree/step-lines.ts";
import type { Step } from "../../../../src/protocol/worktrees.ts";

const step = (fields: Partial<Step>): Step => ({
  id: "copy",
  label: "Copy ignored files",
  state: "pending",
  detail: null,
  processId: null,
  ...fields,
});
const look = { style: plain, width: null, frame: 0, elapsedMs: () => null };

describe("the list of steps", () => {
  it("marks each by its state, and says how far it is or what came of it", () => {
    const steps = [
      step({ label: "Check out", state: "done", detail: "Branch a, from main" }),
      step({ state: "running", detail: "1,204 of 20,000 files" }),
      step({ label: "Set up" }),
      step({ label: "Link", state: "skipped", detail: "nothing to link" }),
    ];
    assert.deepEqual(stepLines(steps, look), [
      "✓ Check out: Branch a, from main",
      "⠋ Copy ignored files: 1,204 of 20,000 files",
      "· Set up",
      "– Link: nothing to link",
    ]);
  });

  it("leaves why a step failed to the error, which says it in full", () => {
    assert.deepEqual(stepLines([step({ state: "failed", detail: "npm ci ended with 1" })], look), [
      "✗ Copy ignored files",
    ]);
  });

  it("says how long a step has been running, once that is long", () => {
    const running = [step({ state: "running" })];
    assert.deepEqual(stepLines(running, { ...look, elapsedMs: () => 12_000 }), ["⠋ Copy ignored files (12 s)"]);
    assert.deepEqual(stepLines(running, { ...look, elapsedMs: () => 1_000 }), ["⠋ Copy ignored files"]);
  });

  it("turns the mark of what runs", () => {
    assert.notEqual(
      stepLines([step({ state: "running" })], look)[0]?.[0],
      stepLines([step({ state: "running" })], { ...look, frame: 1 })[0]?.[0],
    );
  });

  it("keeps each line on one row of a narrow terminal, also with wide characters", () => {
    const steps = [
      step({ state: "running", detail: "文件 文件 文件 文件 文件 文件" }),
      step({ label: "Set up the whole" }),
    ];
    for (const line of stepLines(steps, { ...look, width: 20 })) assert.ok(columnsOf(line) < 20, line);
  });

  it("shows nothing of a detail that a terminal would act on", () => {
    assert.deepEqual(stepLines([step({ state: "running", detail: "a\x1b[2Jb\nc" })], look), [
      "⠋ Copy ignored files: a [2Jb c",
    ]);
  });

  it("is a line a step that is over where there is no terminal", () => {
    const lines = [step({}), step({ state: "running" }), step({ state: "done", detail: "3 files" })].map(endedStepLine);
    assert.deepEqual(lines, [null, null, "✓ Copy ignored files: 3 files"]);
  });
});

describe("the rows that lines take up", () => {
  it("are more where the terminal has become narrower, and styles take up none", () => {
    assert.equal(rowsTaken(["a".repeat(30), coloured("green", "short")], 80), 2);
    assert.equal(rowsTaken(["a".repeat(30), coloured("green", "short")], 20), 3);
  });
});

describe("a list that is higher than the terminal", () => {
  const steps = ["done", "done", "done", "running", "pending"].map((state) => step({ state: state as Step["state"] }));
  const lines = ["1", "2", "3", "4", "5"];

  it("is shown down to the step that runs", () => {
    assert.deepEqual(linesInSight(lines, steps, 2), ["3", "4"]);
  });

  it("is shown down to its end when all is over", () => {
    const over = steps.map((each) => ({ ...each, state: "done" as const }));
    assert.deepEqual(linesInSight(lines, over, 2), ["4", "5"]);
  });

  it("is shown from its beginning as long as that has room for what runs", () => {
    assert.deepEqual(linesInSight(lines, [step({ state: "running" }), ...steps.slice(1)], 3), ["1", "2", "3"]);
  });
});
