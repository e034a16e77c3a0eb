import assert from "node:assert/strict";
import {
  FAR_BEHIND_BYTES,
  HIGH_WATER_BYTES,
  LOW_WATER_BYTES,
  STALLED_MS,
  decideFlow,
} from "../../../src/ptyhost/flow.ts";

const NOW_MS = 100_000;

function viewer(unackedBytes: number, idleMs = 0) {
  return { unackedBytes, progressAtMs: NOW_MS - idleMs };
}

const keepsUp = viewer(0);
const behind = viewer(HIGH_WATER_BYTES + 1);
const farBehind = viewer(FAR_BEHIND_BYTES + 1);
const stalled = viewer(HIGH_WATER_BYTES + 1, STALLED_MS);

describe("the flow from a pty to its viewers", () => {
  it("goes on without any viewer", () => {
    assert.deepEqual(decideFlow([], true, NOW_MS), { paused: false, skipped: [], againInMs: null });
  });

  it("goes on while a viewer keeps up, and gives one that is behind time", () => {
    const { paused, skipped } = decideFlow([keepsUp, behind], false, NOW_MS);
    assert.deepEqual({ paused, skipped }, { paused: false, skipped: [] });
  });

  it("rests when all viewers are behind", () => {
    assert.equal(decideFlow([behind, behind], false, NOW_MS).paused, true);
  });

  it("rests for a lone viewer, which so loses nothing", () => {
    const { paused, skipped } = decideFlow([behind], false, NOW_MS);
    assert.deepEqual({ paused, skipped }, { paused: true, skipped: [] });
  });

  it("goes on only once a viewer has caught up", () => {
    assert.equal(decideFlow([viewer(LOW_WATER_BYTES + 1)], true, NOW_MS).paused, true);
    assert.equal(decideFlow([viewer(LOW_WATER_BYTES)], true, NOW_MS).paused, false);
  });

  it("skips a viewer that falls far behind another", () => {
    const { paused, skipped } = decideFlow([keepsUp, farBehind], false, NOW_MS);
    assert.deepEqual({ paused, skipped }, { paused: false, skipped: [farBehind] });
  });

  it("skips a lone viewer that has stalled, and does not rest for it", () => {
    const { paused, skipped } = decideFlow([stalled], true, NOW_MS);
    assert.deepEqual({ paused, skipped }, { paused: false, skipped: [stalled] });
  });

  it("never takes a viewer for stalled that has nothing to acknowledge", () => {
    assert.deepEqual(decideFlow([viewer(0, STALLED_MS * 10)], false, NOW_MS).skipped, []);
  });

  it("looks again when the first viewer would be stalled", () => {
    const slow = viewer(HIGH_WATER_BYTES + 1, 500);
    assert.equal(decideFlow([slow, behind], false, NOW_MS).againInMs, STALLED_MS - 500);
  });
});
