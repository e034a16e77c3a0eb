import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Project, Session, Task } from "../../../src/protocol/entities.ts";
import { ENDED_SHOWN, FOREIGN_SHOWN } from "../../../src/presentation/folded-rows.ts";
import { buildTree, countAll } from "../../../src/presentation/tree-model.ts";
import { nodeId, type Tree } from "../../../src/presentation/tree-nodes.ts";
import { defaultTreeOptions, readTreeOptions, type TreeOptions } from "../../../src/presentation/tree-options.ts";
import { drawRow } from "../../../src/presentation/tree-row.ts";
import { aProject, aReason, aSession, aTask } from "../../support/entities.ts";
import { modelOf, rowsOf } from "../../support/trees.ts";

const other = aProject({ id: "other", name: "bakery" });

describe("the tree by state", () => {
  const tree = shown(
    { grouping: "state" },
    aProject(),
    other,
    aSession({ id: "ended", state: "DONE", endedAt: 5 }),
    aSession({ id: "runs" }),
    aSession({ id: "idle", state: "IDLE", projectId: "other" }),
    aSession({ id: "paused", state: "PAUSED" }),
    aSession({ id: "unknown", reason: aReason({ isUnknown: true }) }),
    aSession({ id: "crashed", state: "ERROR", endedAt: 4 }),
    aSession({ id: "stuck", state: "ERROR" }),
    aSession({ id: "waits", state: "WAITING_USER", projectId: "other" }),
    aTask({ id: "blocked", state: "BLOCKED" }),
  );

  it("has a group for each state in which something is, what needs the person most first", () => {
    assert.deepEqual(rowsOf(tree), [
      "group:state:waiting",
      "  session:waits",
      "group:state:failed",
      "  session:stuck",
      "  session:crashed",
      "group:state:unknown",
      "  session:unknown",
      "group:state:paused",
      "  session:paused",
      "  task:blocked",
      "group:state:idle",
      "  session:idle",
      "group:state:running",
      "  session:runs",
      "group:state:ended",
      "  session:ended",
    ]);
  });

  it("says of each row in which project it is", () => {
    assert.equal(drawn(tree, nodeId.session("idle")).description, "bakery · claude · now");
    assert.match(drawn(tree, nodeId.task("blocked")).description, /^shop · /);
    assert.match(drawn(tree, nodeId.session("idle")).says, /, in bakery$/);
  });

  it("says how many are in a group", () => {
    const { label, description } = drawn(tree, "group:state:failed");
    assert.deepEqual([label, description], ["Failed", "2"]);
  });

  it("counts who waits and who works as in any other grouping", () => {
    assert.deepEqual(countAll(tree), { waiting: 1, unknown: 1, paused: 2, running: 1 });
  });
});

describe("the tree by agent", () => {
  it("has one group for each, first where somebody waits", () => {
    const tree = shown(
      { grouping: "agent" },
      aProject(),
      aSession({ id: "a", agent: "claude" }),
      aSession({ id: "b", agent: "codex", state: "WAITING_USER" }),
      aTask({ id: "t", agent: "claude" }),
    );
    assert.deepEqual(rowsOf(tree), [
      "group:agent:codex",
      "  session:b",
      "group:agent:claude",
      "  session:a",
      "  task:t",
    ]);
  });
});

describe("the tree with the most recent first", () => {
  it("orders sessions by when they last changed their state, the ended ones last, and projects likewise", () => {
    const tree = shown(
      { sorting: "recent" },
      aProject(),
      other,
      aSession({ id: "old", state: "WAITING_USER", stateSince: 10 }),
      aSession({ id: "new", state: "IDLE", stateSince: 20 }),
      aSession({ id: "over", state: "DONE", stateSince: 30, endedAt: 30 }),
      aSession({ id: "latest", projectId: "other", stateSince: 40 }),
    );
    assert.deepEqual(rowsOf(tree), [
      "project:other",
      "  session:latest",
      "project:project1",
      "  session:new",
      "  session:old",
      "  session:over",
    ]);
  });
});

describe("what has ended", () => {
  const ended = (count: number, fields: Partial<Session> = {}) =>
    Array.from({ length: count }, (_, index) =>
      aSession({ id: `e${index}`, state: "DONE", endedAt: index + 1, ...fields }),
    );
  const fold = nodeId.ended(nodeId.project("project1"));

  it("stands below the live sessions while it is little", () => {
    assert.deepEqual(rowsOf(shown({}, aProject(), ...ended(2), aSession({ id: "live" }))), [
      "project:project1",
      "  session:live",
      "  session:e1",
      "  session:e0",
    ]);
  });

  it("stands below one row when it is much, what failed first, and the row says how many did", () => {
    const failed = [
      aSession({ id: "bad", state: "ERROR", endedAt: 1 }),
      aTask({ id: "badTask", state: "ERROR", endedAt: 2 }),
    ];
    const tree = shown({}, aProject(), ...ended(5), ...failed, aSession({ id: "live" }));
    assert.deepEqual(rowsOf(tree).slice(0, 6), [
      "project:project1",
      "  session:live",
      `  ${fold}`,
      "    task:badTask",
      "    session:bad",
      "    session:e4",
    ]);
    assert.equal(drawn(tree, fold).description, "7 · 2 failed");
  });
});

describe("many tasks of other tools", () => {
  const tasks = (count: number) =>
    Array.from({ length: count }, (_, index) => aTask({ id: `t${index}`, createdAt: index }));
  const fold = nodeId.more(nodeId.project("project1"));

  it("are shown as far as what needs the person most and came last, and the others stand below one row", () => {
    const waits = aTask({ id: "waits", state: "WAITING_USER", createdAt: 0 });
    const tree = shown({}, aProject(), waits, ...tasks(FOREIGN_SHOWN + 1), aSession({ id: "live" }));
    const [project, session, first, second, ...others] = rowsOf(tree);
    assert.deepEqual(
      [project, session, first, second],
      ["project:project1", "  session:live", "  task:waits", `  task:t${FOREIGN_SHOWN}`],
    );
    assert.deepEqual(others.slice(-3), [`  ${fold}`, "    task:t1", "    task:t0"]);
    assert.equal(drawn(tree, fold).label, "2 more");
  });

  it("have no row for a single one, in whose place the task itself can stand", () => {
    assert.equal(shown({}, aProject(), ...tasks(FOREIGN_SHOWN + 1)).nodes.get(fold), undefined);
  });

  it("are all counted in their group and their project", () => {
    const many = tasks(FOREIGN_SHOWN + 9);
    assert.equal(drawn(shown({}, aProject(), ...many), "project:project1").description, `${many.length} running`);
    const byState = shown({ grouping: "state" }, aProject(), ...many);
    assert.equal(drawn(byState, "group:state:running").description, String(many.length));
  });

  it("leave what has ended in its own row", () => {
    const ended = Array.from({ length: ENDED_SHOWN + 1 }, (_, index) =>
      aTask({ id: `e${index}`, state: "DONE", endedAt: index + 1 }),
    );
    const tree = shown({}, aProject(), ...tasks(FOREIGN_SHOWN + 2), ...ended);
    assert.deepEqual(tree.nodes.get(nodeId.project("project1"))?.children.slice(-2), [
      fold,
      nodeId.ended(nodeId.project("project1")),
    ]);
  });
});

describe("archived sessions", () => {
  const away = aSession({ id: "away", state: "DONE", endedAt: 5, archivedAt: 6 });

  it("are in a group of their own at the end when they are to be shown, by any grouping", () => {
    for (const grouping of ["project", "state", "agent"] as const) {
      const tree = shown({ grouping, showsArchived: true }, aProject(), away);
      assert.deepEqual(rowsOf(tree), ["group:archived", "  session:away"]);
    }
  });

  it("are told apart by screen readers and menus", () => {
    const { says, context } = drawn(shown({ showsArchived: true }, aProject(), away), nodeId.session("away"));
    assert.match(says, /, archived$/);
    assert.match(context, /\.archived$/);
  });
});

describe("how a window shows the tree", () => {
  it("is as for everybody where what was remembered cannot be read", () => {
    assert.deepEqual(readTreeOptions({ grouping: "colour" }), defaultTreeOptions);
    assert.deepEqual(readTreeOptions(undefined), defaultTreeOptions);
  });

  it("is what was remembered, also by an older version", () => {
    assert.deepEqual(readTreeOptions({ grouping: "agent" }), { ...defaultTreeOptions, grouping: "agent" });
  });
});

function shown(options: Partial<TreeOptions>, ...entities: readonly (Project | Session | Task)[]): Tree {
  return buildTree(modelOf(...entities), { ...defaultTreeOptions, ...options });
}

function drawn(tree: Tree, id: string): ReturnType<typeof drawRow> {
  const node = tree.nodes.get(id);
  assert.ok(node, `there is no row ${id}`);
  return drawRow(node, 1_000);
}
