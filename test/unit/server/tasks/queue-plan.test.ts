import assert from "node:assert/strict";
import type { TaskWait } from "../../../../src/protocol/tasks.ts";
import { planQueue, type QueueSituation, type WaitingTask } from "../../../../src/server/tasks/queue-plan.ts";

function waiting(id: string, place = id, fields: Partial<WaitingTask> = {}): WaitingTask {
  return { id, title: `Do ${id}`, accountId: "one", label: "Claude Code", place, wait: null, ...fields };
}

function situation(fields: Partial<QueueSituation> = {}): QueueSituation {
  return {
    waiting: [],
    running: [],
    busyPlaces: new Map(),
    unproven: new Set(),
    maxTasks: 10,
    maxTasksPerAccount: 10,
    hasMemory: true,
    ...fields,
  };
}

const held: TaskWait = { kind: "pause", text: "Claude Code is paused.", until: 5_000 };
const stuck: TaskWait = { kind: "person", text: "There is no folder.", until: null };

describe("the plan of the queue", () => {
  const kinds = (given: QueueSituation) =>
    Object.fromEntries([...planQueue(given).waits].map(([id, { kind }]) => [id, kind]));

  it("begins all that nothing keeps back", () => {
    assert.deepEqual(planQueue(situation({ waiting: [waiting("a"), waiting("b")] })).start, ["a", "b"]);
  });

  it("begins one at a time in a worktree, the first one first", () => {
    const given = situation({ waiting: [waiting("a", "shop"), waiting("b", "shop"), waiting("c", "other")] });
    assert.deepEqual(planQueue(given).start, ["a", "c"]);
    assert.deepEqual(kinds(given), { b: "writer" });
  });

  it("begins nothing beside a task that runs in the same worktree", () => {
    const running = [{ accountId: "two", place: "shop", title: "Fix" }];
    const { waits } = planQueue(situation({ running, waiting: [waiting("a", "shop")] }));
    const wait = { kind: "writer", text: "Task Fix works in its worktree.", until: null };
    assert.deepEqual([...waits], [["a", wait]]);
  });

  it("begins nothing where an agent works by itself, and says which", () => {
    const busyPlaces = new Map([["shop", "Session Fix works in its worktree."]]);
    const { waits } = planQueue(situation({ busyPlaces, waiting: [waiting("a", "shop")] }));
    assert.equal(waits.get("a")?.text, "Session Fix works in its worktree.");
  });

  it("overtakes nobody in the same worktree, but elsewhere", () => {
    const given = situation({ waiting: [waiting("a", "shop", { wait: held }), waiting("b", "shop"), waiting("c")] });
    assert.deepEqual(planQueue(given).start, ["c"]);
    assert.deepEqual(kinds(given), { a: "pause", b: "writer" });
    assert.equal(planQueue(given).waits.get("b")?.text, "Task Do a comes first in its worktree.");
  });

  it("overtakes one that waits for a person", () => {
    const given = situation({ waiting: [waiting("a", "shop", { wait: stuck }), waiting("b", "shop")] });
    assert.deepEqual(planQueue(given).start, ["b"]);
  });

  it("keeps the order of three in one worktree when the second cannot begin", () => {
    const busyPlaces = new Map([["shop", "Session Fix works in its worktree."]]);
    const given = situation({
      busyPlaces,
      waiting: [waiting("a", "shop"), waiting("b", "shop", { wait: held }), waiting("c", "shop")],
    });
    assert.deepEqual(planQueue(given).start, []);
  });

  it("runs no more than may at once, in all and of one account", () => {
    const three = [waiting("a"), waiting("b"), waiting("c", "c", { accountId: "two" })];
    assert.deepEqual(planQueue(situation({ waiting: three, maxTasks: 2 })).start, ["a", "b"]);
    assert.deepEqual(planQueue(situation({ waiting: three, maxTasksPerAccount: 1 })).start, ["a", "c"]);
  });

  it("sends one ahead after a reset, and the others once it works", () => {
    const two = [waiting("a"), waiting("b")];
    const given = situation({ waiting: two, unproven: new Set(["one"]) });
    assert.deepEqual(planQueue(given).start, ["a"]);
    assert.deepEqual(kinds(given), { b: "trial" });
  });

  it("begins nothing without memory", () => {
    assert.deepEqual(kinds(situation({ waiting: [waiting("a")], hasMemory: false })), { a: "memory" });
  });
});
