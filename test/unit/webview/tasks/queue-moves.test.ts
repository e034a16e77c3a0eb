import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dropInQueue, stepInQueue } from "../../../../src/webview/sections/tasks/queue-moves.ts";

const order = ["a", "b", "c"];

describe("a task that is dropped in the queue", () => {
  for (const [dragged, on, half, move] of [
    ["c", "a", "upper", { before: "a" }],
    ["c", "a", "lower", { after: "a" }],
    ["a", "c", "lower", { after: "c" }],
    ["a", "c", "upper", { before: "c" }],
  ] as const) {
    it(`goes from ${dragged} to the ${half} half of ${on}`, () => {
      assert.deepEqual(dropInQueue(order, dragged, on, half), move);
    });
  }

  for (const [what, dragged, on, half] of [
    ["on itself", "b", "b", "upper"],
    ["right before the next one", "a", "b", "upper"],
    ["right after the one before", "b", "a", "lower"],
    ["on what does not wait", "a", "x", "upper"],
    ["after it has begun", "x", "a", "upper"],
  ] as const) {
    it(`stays where it is ${what}`, () => assert.equal(dropInQueue(order, dragged, on, half), null));
  }
});

describe("one step in the queue", () => {
  it("goes before the one above", () => assert.deepEqual(stepInQueue(order, "b", "up"), { before: "a" }));
  it("goes behind the one below", () => assert.deepEqual(stepInQueue(order, "b", "down"), { after: "c" }));
  it("goes nowhere at the ends", () => {
    assert.deepEqual([stepInQueue(order, "a", "up"), stepInQueue(order, "c", "down")], [null, null]);
  });
});
