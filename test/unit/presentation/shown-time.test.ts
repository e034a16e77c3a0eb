import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { shownTime, untilNextShownTime } from "../../../src/presentation/shown-time.ts";

describe("the time by which ages are said", () => {
  it("is the same until its next step, wherever it is looked at", () => {
    const step = shownTime(1_000_000_000_000);
    const next = step + untilNextShownTime(step);
    assert.deepEqual([shownTime(step), shownTime(next - 1), shownTime(next)], [step, step, next]);
  });

  it("never is ahead", () => assert.ok(shownTime(1_000_000_012_345) <= 1_000_000_012_345));
});
