import assert from "node:assert/strict";
import type { Task, Usage } from "../../../../src/protocol/entities.ts";
import { changedWork as changed, type WorkChange } from "../../../../src/server/stats/work-done.ts";
import { aRun } from "../../../support/entities.ts";

const QUARTER_MS = 15 * 60_000;
const usage: Usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };

const run = aRun({ sessionId: "session1", state: "RUNNING", run: { ...aRun().run!, via: "headless" }, startedAt: 100 });
const done = { ...run, state: "DONE", endedAt: 2 * QUARTER_MS + 7, updatedAt: 2 * QUARTER_MS + 7 } as const;
const changedWork = (before: Task | null, after: Task) =>
  changed(before, after, ({ run: each }) => each?.via === "headless");
const told = (changes: readonly WorkChange[]) =>
  changes.map(({ at, ...change }) => [
    at / QUARTER_MS,
    Object.fromEntries(Object.entries(change).filter(([, number]) => typeof number === "number" && number !== 0)),
  ]);

describe("what a task adds to the work done", () => {
  it("is nothing while it runs", () => {
    assert.deepEqual(changedWork(null, run), []);
  });

  it("is its end, in the quarter hour of that", () => {
    assert.deepEqual(told(changedWork(run, done)), [[2, { done: 1, executionMs: 2 * QUARTER_MS - 93 }]]);
  });

  it("is nothing when it is told again", () => {
    assert.deepEqual(changedWork(done, { ...done, title: "Mend the tests" }), []);
  });

  it("is taken back when it is done again", () => {
    const again = { ...done, state: "QUEUED", endedAt: null } as const;
    assert.deepEqual(told(changedWork(done, again)), [[2, { done: -1, executionMs: 93 - 2 * QUARTER_MS }]]);
  });

  it("is another end where that is told of better later", () => {
    const failed = { ...done, state: "ERROR" } as const;
    assert.deepEqual(
      told(changedWork(done, failed)).map(([, change]) => Object.keys(change!).sort()),
      [
        ["done", "executionMs"],
        ["executionMs", "failed"],
      ],
    );
  });

  it("is what it used, when that was told, and then what it used more", () => {
    const first = { ...run, usage, updatedAt: QUARTER_MS };
    const more = { ...first, usage: { ...usage, outputTokens: 8, costUsd: 0.5 }, updatedAt: 3 * QUARTER_MS };
    assert.deepEqual(told(changedWork(run, first)), [[1, { inputTokens: 10, outputTokens: 5 }]]);
    assert.deepEqual(told(changedWork(first, more)), [[3, { outputTokens: 3, costUsd: 0.5 }]]);
  });

  it("is nothing for what does not count", () => {
    const inTerminal = { ...done, usage, run: { ...run.run!, via: "terminal" } } as const;
    assert.deepEqual(changedWork(null, inTerminal), []);
  });
});
