import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Model } from "../../../src/protocol/model.ts";
import { filterTree, type FilteredTree } from "../../../src/presentation/tree-filter.ts";
import { buildTree } from "../../../src/presentation/tree-model.ts";
import { nodeId } from "../../../src/presentation/tree-nodes.ts";
import { defaultTreeOptions } from "../../../src/presentation/tree-options.ts";
import { filterMessage } from "../../../src/presentation/tree-view-words.ts";
import { aProject, aRun, aSession, aTask, aWorktree } from "../../support/entities.ts";
import { modelOf, rowsOf } from "../../support/trees.ts";

describe("a filter of the tree", () => {
  const model = modelOf(
    aProject(),
    aProject({ id: "other", name: "bakery" }),
    aWorktree({ name: "oven", branch: "feature/heat" }),
    aSession({ id: "cart", title: "Fix the Cart", state: "WAITING_USER" }),
    aSession({ id: "docs", title: "Update the docs", agent: "codex" }),
    aSession({ id: "hot", title: "Warm it up", worktreeId: "worktree1" }),
    aSession({ id: "bread", title: "Bake", projectId: "other" }),
    aTask({ id: "prompt", sessionId: "docs", kind: "prompt", title: "mention the cart too" }),
    aTask({ id: "unrelated", sessionId: "docs", kind: "prompt", title: "and the licence" }),
  );

  it("keeps rows that say it, and the rows above them", () => {
    assert.deepEqual(rowsOf(filtered(model, "fix").tree), ["project:project1", "  session:cart"]);
  });

  it("counts in a project only what is left of it", () => {
    const counts = (filter: string) => {
      const project = filtered(model, filter).tree.nodes.get(nodeId.project("project1"));
      return project?.kind === "project" && [project.counts.waiting, project.counts.running];
    };
    assert.deepEqual(
      [counts("shop"), counts("fix"), counts("warm")],
      [
        [1, 2],
        [1, 0],
        [0, 1],
      ],
    );
  });

  it("takes no notice of capitals, and wants every word", () => {
    assert.deepEqual(rowsOf(filtered(model, "CART waiting").tree), ["project:project1", "  session:cart"]);
    assert.deepEqual(rowsOf(filtered(model, "cart nonsense").tree), []);
  });

  it("finds all that is in a project, or on a branch", () => {
    assert.deepEqual(rowsOf(filtered(model, "bakery").tree), ["project:other", "  session:bread"]);
    assert.deepEqual(rowsOf(filtered(model, "feature/heat").tree), [
      "project:project1",
      "  worktree:worktree1",
      "    session:hot",
    ]);
  });

  it("shows a prompt that says it, and unfolds its session, of which the other words may be", () => {
    const { tree, opened } = filtered(model, "codex cart");
    assert.deepEqual(rowsOf(tree), ["project:project1", "  session:docs", "    task:prompt"]);
    assert.ok(opened.has(nodeId.session("docs")));
  });

  it("leaves the prompts of a session that says it itself folded, and shows them all", () => {
    const { tree, opened } = filtered(model, "docs");
    assert.deepEqual(rowsOf(tree), ["project:project1", "  session:docs", "    task:prompt", "    task:unrelated"]);
    assert.ok(!opened.has(nodeId.session("docs")));
  });

  it("finds the words of a queued task's whole prompt", () => {
    const queued = modelOf(aProject(), aRun({ state: "QUEUED", title: "Short", description: "Short\nand the rest" }));
    assert.deepEqual(rowsOf(filtered(queued, "rest").tree), ["queue", "  run:run1"]);
  });

  it("unfolds what has ended where something in it says it, and counts there what is shown", () => {
    const many = Array.from({ length: 7 }, (_, index) =>
      aSession({ id: `e${index}`, title: `Old ${index}`, state: index < 3 ? "ERROR" : "DONE", endedAt: index + 1 }),
    );
    const { tree, opened } = filtered(modelOf(aProject(), ...many), "old 1");
    const id = nodeId.ended(nodeId.project("project1"));
    assert.deepEqual(rowsOf(tree), ["project:project1", `  ${id}`, "    session:e1"]);
    assert.ok(opened.has(id));
    const ended = tree.nodes.get(id);
    assert.equal(ended?.kind === "ended" && ended.failed, 1);
  });

  it("unfolds what is one row for many tasks where something below it says it", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      aTask({ id: `t${index}`, title: index === 7 ? "Lucky" : "Step", createdAt: index }),
    );
    const { tree, opened } = filtered(modelOf(aProject(), ...many), "lucky");
    const id = nodeId.more(nodeId.project("project1"));
    assert.deepEqual(rowsOf(tree), ["project:project1", `  ${id}`, "    task:t7"]);
    assert.ok(opened.has(id));
  });

  it("counts in a group only what is left of it, below whichever row", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      aTask({ id: `t${index}`, title: index % 2 === 0 ? "Even" : "Odd", createdAt: index }),
    );
    const odd = modelOf(aProject(), ...many);
    const { tree } = filterTree(buildTree(odd, { ...defaultTreeOptions, grouping: "state" }), odd, "odd");
    const group = tree.nodes.get("group:state:running");
    assert.equal(group?.kind === "group" && group.size, 20);
  });

  it("is none when it is empty: the tree is the same", () => {
    const tree = buildTree(model);
    assert.equal(filterTree(tree, model, " ").tree, tree);
  });

  it("counts what is left, of all sessions and tasks", () => {
    const { shown, all } = filtered(model, "cart");
    assert.deepEqual([shown, all], [2, 4]);
  });
});

describe("what is said of a filter", () => {
  it("is how much it leaves", () => {
    assert.equal(filterMessage("cart", { shown: 2, all: 60 }), 'Filtered by "cart": 2 of 60');
  });

  it("is how to get out of it when nothing is left", () => {
    assert.equal(filterMessage("zzz", { shown: 0, all: 60 }), 'Nothing matches "zzz". Clear the filter to see all 60.');
  });

  it("is nothing without one", () => {
    assert.equal(filterMessage("", { shown: 60, all: 60 }), null);
  });
});

function filtered(model: Model, filter: string): FilteredTree {
  return filterTree(buildTree(model), model, filter);
}
