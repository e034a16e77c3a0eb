import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { emptyModel } from "../../../src/protocol/model.ts";
import { draggedTask, dropMove, dropMoves, nextInQueue, stepMove } from "../../../src/presentation/queue-drop.ts";
import { buildTree } from "../../../src/presentation/tree-model.ts";
import { LATER_ID, QUEUE_ID } from "../../../src/presentation/tree-nodes.ts";
import { aProject, aRun, aSession } from "../../support/entities.ts";

const tasks = [
  aRun({ id: "runs", state: "RUNNING", position: null }),
  ...["a", "b", "c"].map((id, position) => aRun({ id, position })),
];
const tree = buildTree({
  ...emptyModel,
  projects: new Map([["project1", aProject()]]),
  sessions: new Map([["s", aSession({ id: "s" })]]),
  tasks: new Map(tasks.map((task) => [task.id, task])),
});

describe("a task that is dropped in the queue", () => {
  it("takes the place of the one that it is dropped on, from above and from below", () => {
    assert.deepEqual(dropMove(tree, "a", "run:c"), { after: "c" });
    assert.deepEqual(dropMove(tree, "c", "run:a"), { before: "a" });
  });

  it("becomes the first on the queue itself, and on a task that runs", () => {
    assert.deepEqual(dropMove(tree, "b", QUEUE_ID), { to: "first" });
    assert.deepEqual(dropMove(tree, "b", "run:runs"), { to: "first" });
  });

  it("stays where it is elsewhere, and where that is its place already", () => {
    for (const target of [undefined, "session:s", "run:b"]) assert.equal(dropMove(tree, "b", target), null);
    assert.equal(dropMove(tree, "a", QUEUE_ID), null);
    assert.equal(dropMove(tree, "runs", "run:c"), null);
  });

  it("is one that waits: nothing else can be dragged", () => {
    const rows = ["run:a", "run:runs", QUEUE_ID, "session:s"];
    assert.deepEqual(
      rows.map((id) => draggedTask(tree, id)),
      ["a", null, null, null],
    );
  });
});

describe("tasks that are dropped together", () => {
  it("go side by side in the order that they have, whichever was taken first", () => {
    assert.deepEqual(dropMoves(tree, ["b", "a"], "run:c"), [
      { taskId: "a", move: { after: "c" } },
      { taskId: "b", move: { after: "a" } },
    ]);
    assert.deepEqual(dropMoves(tree, ["b", "c"], "run:a"), [
      { taskId: "b", move: { before: "a" } },
      { taskId: "c", move: { after: "b" } },
    ]);
  });

  it("come to the first of them where that has its place already", () => {
    assert.deepEqual(dropMoves(tree, ["a", "c"], QUEUE_ID), [{ taskId: "c", move: { after: "a" } }]);
  });

  it("stay where they are on one of themselves, and elsewhere", () => {
    for (const target of ["run:b", "session:s", undefined]) assert.deepEqual(dropMoves(tree, ["a", "b"], target), []);
  });

  it("become the last on the row of those that come later", () => {
    const more = Array.from({ length: 9 }, (_, position) => aRun({ id: `t${position}`, position }));
    const long = buildTree({ ...emptyModel, tasks: new Map(more.map((task) => [task.id, task])) });
    assert.deepEqual(dropMoves(long, ["t0"], LATER_ID), [{ taskId: "t0", move: { to: "last" } }]);
  });
});

describe("a task that is moved by a key", () => {
  it("changes places with its neighbour, and stays at the ends", () => {
    assert.deepEqual(stepMove(tree, "b", "up"), { before: "a" });
    assert.deepEqual(stepMove(tree, "b", "down"), { after: "c" });
    assert.deepEqual([stepMove(tree, "a", "up"), stepMove(tree, "c", "down")], [null, null]);
  });
});

describe("the place that a task comes back to", () => {
  it("is before the one that came after it", () => {
    assert.deepEqual([nextInQueue(tree, "a"), nextInQueue(tree, "c"), nextInQueue(tree, "runs")], ["b", null, null]);
  });
});
