import assert from "node:assert/strict";
import { mock } from "node:test";
import { afterEach, beforeEach, describe, it } from "mocha";
import { TreePace } from "../../../src/views/tree-pace.ts";

/** So long the editor waits for more after each change but the first. */
const EDITOR_GATHERS_MS = 200;

describe("a tree that tells the editor of changes", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
  afterEach(() => mock.timers.reset());

  /** When changes were told, in milliseconds. */
  function paced(): { pace: TreePace; toldAt: number[] } {
    const startedAt = Date.now();
    const toldAt: number[] = [];
    return { pace: new TreePace(() => toldAt.push(Date.now() - startedAt)), toldAt };
  }

  function stream(pace: TreePace, everyMs: number, lastsMs: number): void {
    for (let at = 0; at < lastsMs; at += everyMs) {
      pace.request();
      pass(everyMs);
    }
  }

  it("does so right away for the first", () => {
    const { pace, toldAt } = paced();
    pace.request();
    assert.deepEqual(toldAt, [0]);
  });

  it("does so once more for all that come within a frame", () => {
    const { pace, toldAt } = paced();
    for (let n = 0; n < 20; n++) pace.request();
    pass(2_000);
    assert.deepEqual(toldAt, [0, 50]);
  });

  it("does so right away again once the editor gathers no more", () => {
    const { pace, toldAt } = paced();
    pace.request();
    pass(400);
    pace.request();
    assert.deepEqual(toldAt, [0, 400]);
  });

  for (const everyMs of [10, 50, 120, 190]) {
    it(`lets the editor show them also while one comes every ${everyMs} ms`, () => {
      const { pace, toldAt } = paced();
      stream(pace, everyMs, 3_000);
      const longestGathered = longestRun(toldAt);
      assert.ok(longestGathered <= 2, `${longestGathered} changes in a row put one another off: ${toldAt.join(" ")}`);
      assert.ok(toldAt.length >= 10, `told only at ${toldAt.join(" ")}`);
    });
  }

  it("tells of a stream no more often than the editor shows it", () => {
    const { pace, toldAt } = paced();
    stream(pace, 50, 1_200);
    assert.deepEqual(toldAt, [0, 50, 300, 550, 800, 1_050]);
  });

  it("tells of the last one too", () => {
    const { pace, toldAt } = paced();
    stream(pace, 10, 120);
    pass(2_000);
    assert.deepEqual(toldAt, [0, 50, 300]);
  });

  it("does not while it is stopped, and once afterwards", () => {
    const { pace, toldAt } = paced();
    pace.stop();
    stream(pace, 50, 500);
    assert.deepEqual(toldAt, []);
    pace.goOn();
    pass(2_000);
    assert.deepEqual(toldAt, [500]);
  });

  it("does not when it was stopped in the middle of a stream, and goes on in step with the editor", () => {
    const { pace, toldAt } = paced();
    stream(pace, 50, 100);
    pace.stop();
    stream(pace, 50, 100);
    pace.goOn();
    stream(pace, 50, 400);
    pass(2_000);
    assert.deepEqual(toldAt, [0, 50, 300, 550, 800]);
  });

  it("goes on only when everybody lets it", () => {
    const { pace, toldAt } = paced();
    pace.stop();
    pace.stop();
    pace.request();
    pace.goOn();
    pass(1_000);
    assert.deepEqual(toldAt, []);
    pace.goOn();
    assert.deepEqual(toldAt, [1_000]);
  });

  it("has nothing to tell after a stop without changes", () => {
    const { pace, toldAt } = paced();
    pace.stop();
    pace.goOn();
    pass(1_000);
    assert.deepEqual(toldAt, []);
  });

  it("does so no more once it is gone", () => {
    const { pace, toldAt } = paced();
    pace.request();
    pace.request();
    pace.dispose();
    pace.request();
    pass(2_000);
    assert.deepEqual(toldAt, [0]);
  });
});

/** In steps: within one the mocked clock stands still at its end. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed += 10) mock.timers.tick(10);
}

/** How many changes in a row come before the editor has shown the one before. */
function longestRun(times: readonly number[]): number {
  let run = 0;
  return times.reduce((longest, at, index) => {
    run = index > 0 && at - (times[index - 1] ?? 0) < EDITOR_GATHERS_MS ? run + 1 : 1;
    return Math.max(longest, run);
  }, 0);
}
