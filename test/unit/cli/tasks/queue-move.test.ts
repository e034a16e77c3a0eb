import assert from "node:assert/strict";
import { planMove } from "../../../../src/cli/tasks/queue-move.ts";
import { UsageError } from "../../../../src/cli/usage.ts";
import { aRun } from "../../../support/entities.ts";

const waiting = ["alpha", "bravo", "delta"].map((id) => aRun({ id, title: `Task ${id}` }));
const [alpha, bravo, delta] = waiting as [(typeof waiting)[0], (typeof waiting)[0], (typeof waiting)[0]];
const plan = (task: typeof alpha, to: string, otherRef?: string) => planMove(waiting, task, { to, otherRef });

describe("a move in the queue", () => {
  it("goes to either end", () => {
    assert.deepEqual(plan(delta, "first"), { move: { to: "first" }, number: 1 });
    assert.deepEqual(plan(alpha, "last"), { move: { to: "last" }, number: 3 });
  });

  it("goes past a neighbour", () => {
    assert.deepEqual(plan(bravo, "up"), { move: { before: "alpha" }, number: 1 });
    assert.deepEqual(plan(bravo, "down"), { move: { after: "delta" }, number: 3 });
    assert.deepEqual(plan(delta, "up"), { move: { before: "bravo" }, number: 2 });
    assert.deepEqual(plan(alpha, "down"), { move: { after: "bravo" }, number: 2 });
  });

  it("goes beside another, which is named as any task is", () => {
    assert.deepEqual(plan(alpha, "after", "task delta"), { move: { after: "delta" }, number: 3 });
    assert.deepEqual(plan(delta, "before", "bravo"), { move: { before: "bravo" }, number: 2 });
  });

  it("is none where the task is there already", () => {
    assert.deepEqual(plan(alpha, "up"), { move: null, number: 1 });
    assert.deepEqual(plan(alpha, "first"), { move: null, number: 1 });
    assert.deepEqual(plan(delta, "down"), { move: null, number: 3 });
    assert.deepEqual(plan(delta, "last"), { move: null, number: 3 });
  });

  it("is refused to a place that is none, or beside a task that does not wait", () => {
    assert.throws(() => plan(alpha, "sideways"), { name: UsageError.name, message: /first, last, up, down/ });
    assert.throws(() => plan(alpha, "before"), { name: UsageError.name, message: /before which task/ });
    assert.throws(() => plan(alpha, "before", "alpha"), { name: UsageError.name, message: /No other task "alpha"/ });
    assert.throws(() => plan(alpha, "up", "bravo"), { name: UsageError.name, message: /one argument too many/ });
  });
});
