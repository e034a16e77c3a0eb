import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange } from "../../../src/protocol/model.ts";
import type { Task } from "../../../src/protocol/entities.ts";
import type { TaskRun } from "../../../src/protocol/tasks.ts";
import { waitingRows, WAITING_SHOWN } from "../../../src/presentation/queue-rows.ts";
import { changedNodes } from "../../../src/presentation/tree-changes.ts";
import { buildTree } from "../../../src/presentation/tree-model.ts";
import {
  LATER_ID,
  type NodeId,
  QUEUE_ID,
  type QueueNode,
  type RunNode,
  type Tree,
} from "../../../src/presentation/tree-nodes.ts";
import { anAccount, aProject, aRun, aSession, aTask, aWorktree } from "../../support/entities.ts";
import { type Entity, modelOf } from "../../support/trees.ts";

const waits: TaskRun["waitsFor"] = { kind: "slots", text: "4 tasks run already.", until: null };

describe("the queue in the tree", () => {
  it("is not there without a task", () => {
    assert.deepEqual(treeOf(aTask({ sessionId: "s", kind: "prompt" })).roots, []);
  });

  it("comes after the projects: who waits for the person is above what waits for its turn", () => {
    assert.deepEqual(treeOf(aRun(), aSession()).roots, ["project:project1", QUEUE_ID]);
  });

  it("has what runs first, then what waits in its order", () => {
    const tree = treeOf(
      aRun({ id: "last", position: 3 }),
      aRun({ id: "blocked", position: 2, state: "BLOCKED", startedAt: 5 }),
      aRun({ id: "first", position: -1 }),
      aRun({ id: "late", state: "RUNNING", startedAt: 9, position: null }),
      aRun({ id: "early", state: "RUNNING", startedAt: 4, position: null }),
    );
    assert.deepEqual(queued(tree), ["run:early", "run:late", "run:first", "run:blocked", "run:last"]);
    const { running, waiting } = tree.nodes.get(QUEUE_ID) as QueueNode;
    assert.deepEqual([running, waiting], [2, 3]);
  });

  it("shows what runs and the next of those that wait, and has the others below one row", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, position) => aRun({ id: `t${position}`, position }));
    const runs = aRun({ id: "runs", state: "RUNNING", position: null });
    const tree = treeOf(runs, ...many(WAITING_SHOWN + 2));
    const next = Array.from({ length: WAITING_SHOWN }, (_, index) => `run:t${index}`);
    assert.deepEqual(tree.nodes.get(QUEUE_ID)?.children, ["run:runs", ...next, LATER_ID]);
    assert.deepEqual(tree.nodes.get(LATER_ID)?.children, ["run:t5", "run:t6"]);
    assert.equal(waitingRows(tree).length, WAITING_SHOWN + 2);
    assert.equal(treeOf(...many(WAITING_SHOWN + 1)).nodes.has(LATER_ID), false);
  });

  it("has none that has ended", () => {
    const ended = (["DONE", "ERROR", "CANCELLED"] as const).map((state) => aRun({ id: state, state, endedAt: 9 }));
    assert.deepEqual(treeOf(...ended).roots, []);
  });

  it("knows where a task is done, and in whose conversation", () => {
    const tree = treeOf(
      aWorktree({ id: "w", name: "rounding" }),
      aSession({ id: "s", title: "Fix the cart", state: "WAITING_USER" }),
      aRun({ id: "there", worktreeId: "w" }),
      aRun({ id: "then", sessionId: "s", position: 2 }),
    );
    assert.deepEqual([row(tree, "there").place, row(tree, "there").session], ["rounding", null]);
    assert.deepEqual(
      [row(tree, "then").place, row(tree, "then").session],
      ["shop", { title: "Fix the cart", isWaiting: true }],
    );
  });

  it("names its account where that is not the one that its agent uses anyway", () => {
    const tree = treeOf(
      anAccount({ id: "usual", label: "Claude Code" }),
      anAccount({ id: "work", label: "Claude Code (work)", isDefault: false }),
      aRun({ id: "a", accountId: "usual" }),
      aRun({ id: "b", accountId: "work", position: 2 }),
    );
    assert.deepEqual([row(tree, "a").account, row(tree, "b").account], [null, "Claude Code (work)"]);
  });

  it("knows which of those that wait is the first, the last, and behind another in its worktree", () => {
    const tree = treeOf(
      aRun({ id: "runs", state: "RUNNING", worktreeId: "w", position: null }),
      aRun({ id: "a", worktreeId: "w", position: 1 }),
      aRun({ id: "b", worktreeId: "v", position: 2 }),
    );
    const facts = ["runs", "a", "b"].map((id) => {
      const { isFirst, isLast, isBehind } = row(tree, id);
      return [isFirst, isLast, isBehind];
    });
    assert.deepEqual(facts, [
      [false, false, false],
      [true, false, true],
      [false, true, false],
    ]);
  });
});

describe("a task that has ended", () => {
  const headless = { ...aRun().run, via: "headless" } as TaskRun;

  it("has its row below the session that it was done in", () => {
    const tree = treeOf(
      aSession({ id: "s" }),
      aRun({ id: "over", sessionId: "s", state: "DONE", endedAt: 9, run: headless }),
    );
    assert.deepEqual(tree.nodes.get("session:s")?.children, ["task:over"]);
  });

  it("has none where it was done in a terminal, which has its prompt", () => {
    const tree = treeOf(
      aSession({ id: "s" }),
      aRun({ id: "over", sessionId: "s", state: "DONE", endedAt: 9, run: { ...headless, via: "terminal" } }),
    );
    assert.deepEqual(tree.nodes.get("session:s")?.children, []);
  });

  it("is none of another tool's", () => {
    assert.deepEqual(treeOf(aRun({ sessionId: null, state: "CANCELLED", endedAt: 9 })).roots, []);
  });
});

describe("what is redrawn of a queue of sixty", () => {
  const many = Array.from({ length: 60 }, (_, index) => aRun({ id: `r${index}`, position: index }));
  const model = modelOf(aProject(), ...many);
  const redrawn = (task: Task) =>
    changedNodes(buildTree(model), buildTree(applyChange(model, model.seq + 1, { type: "task.changed", task })));

  it("is the task alone of which another reason is told", () => {
    const [, , , task] = many;
    assert.ok(task?.run);
    assert.deepEqual(redrawn({ ...task, run: { ...task.run, waitsFor: waits } }), ["run:r3"]);
  });

  it("is the queue when a task moves", () => {
    const [, , , task] = many;
    assert.ok(task);
    assert.deepEqual(redrawn({ ...task, position: 40.5 }), [QUEUE_ID]);
  });
});

function treeOf(...entities: readonly Entity[]): Tree {
  return buildTree(modelOf(aProject(), ...entities));
}

function queued(tree: Tree): readonly NodeId[] {
  return tree.nodes.get(QUEUE_ID)?.children ?? [];
}

function row(tree: Tree, taskId: string): RunNode {
  const node = tree.nodes.get(`run:${taskId}`);
  assert.equal(node?.kind, "run");
  return node;
}
