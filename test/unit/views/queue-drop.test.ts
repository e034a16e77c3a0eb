import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { emptyModel } from "../../../src/client/model.ts";
import { draggedTask, dropMove, nextInQueue, stepMove } from "../../../src/views/queue-drop.ts";
import { buildTree } from "../../../src/views/tree-model.ts";
import { QUEUE_ID } from "../../../src/views/tree-nodes.ts";
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
