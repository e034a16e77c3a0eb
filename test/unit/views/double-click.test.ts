import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DoubleClick } from "../../../src/views/double-click.ts";

describe("the second click of a double click", () => {
  const secondAmong = (...timesMs: number[]): boolean[] => {
    const clicks = new DoubleClick();
    return timesMs.map((timeMs) => clicks.isSecond(timeMs));
  };

  it("comes soon after the first", () => assert.deepEqual(secondAmong(0, 200), [false, true]));

  it("is none that comes later", () => assert.deepEqual(secondAmong(0, 500), [false, false]));

  it("keeps none back that comes after it", () => {
    assert.deepEqual(secondAmong(0, 300, 600), [false, true, false]);
  });
});
