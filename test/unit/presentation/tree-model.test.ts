import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyChange, type Model } from "../../../src/protocol/model.ts";
import type { Project, Session, Task, Worktree } from "../../../src/protocol/entities.ts";
import type { Change } from "../../../src/protocol/events.ts";
import type { HelperProcess } from "../../../src/protocol/worktrees.ts";
import { PROMPTS_SHOWN } from "../../../src/presentation/session-rows.ts";
import { changedNodes } from "../../../src/presentation/tree-changes.ts";
import { buildTree, countAll, pausesOf, waitingSessions } from "../../../src/presentation/tree-model.ts";
import { defaultTreeOptions } from "../../../src/presentation/tree-options.ts";
import { nodeId, type NodeId, type Tree } from "../../../src/presentation/tree-nodes.ts";
import {
  aContinuation,
  anAccount,
  aPause,
  aProcess,
  aProject,
  aQuota,
  aReason,
  aSession,
  aTask,
  aWorktree,
} from "../../support/entities.ts";
import { modelOf, rowsOf } from "../../support/trees.ts";

describe("the tree of sessions", () => {
  it("shows a project, its sessions, and their prompts, but not the root task that is the session itself", () => {
    const tree = treeOf(
      aProject(),
      aSession({ id: "s" }),
      aTask({ id: "root", sessionId: "s", kind: "root" }),
      aTask({ id: "prompt", sessionId: "s", kind: "prompt" }),
    );
    assert.deepEqual(rowsOf(tree), ["project:project1", "  session:s", "    task:prompt"]);
  });

  it("shows a task that another tool reported directly under its project, after the sessions", () => {
    const tree = treeOf(aProject(), aTask({ id: "foreign" }), aSession({ id: "s", state: "IDLE" }));
    assert.deepEqual(rowsOf(tree), ["project:project1", "  session:s", "  task:foreign"]);
  });

  it("shows what is alive before what has ended, be it a session or a task", () => {
    const tree = treeOf(aProject(), aTask({ id: "alive" }), aSession({ id: "ended", state: "DONE", endedAt: 5 }));
    assert.deepEqual(rowsOf(tree), ["project:project1", "  task:alive", "  session:ended"]);
  });

  it("leaves out a project that has nothing to show", () => {
    assert.deepEqual(rowsOf(treeOf(aProject())), []);
  });

  it("orders sessions by who needs the person most, and the ended ones last, latest first", () => {
    const tree = treeOf(
      aProject(),
      aSession({ id: "ended-early", state: "DONE", endedAt: 5 }),
      aSession({ id: "failed-late", state: "ERROR", endedAt: 6 }),
      aSession({ id: "idle", state: "IDLE" }),
      aSession({ id: "running", state: "RUNNING" }),
      aSession({ id: "paused", state: "PAUSED" }),
      aSession({ id: "waiting", state: "WAITING_USER" }),
    );
    assert.deepEqual(sessionOrder(tree), ["waiting", "paused", "idle", "running", "failed-late", "ended-early"]);
  });

  it("orders those that wait by how long they do", () => {
    const tree = treeOf(
      aProject(),
      aSession({ id: "just-now", state: "WAITING_USER", stateSince: 9, createdAt: 1 }),
      aSession({ id: "longest", state: "WAITING_USER", stateSince: 3, createdAt: 2 }),
    );
    assert.deepEqual(sessionOrder(tree), ["longest", "just-now"]);
  });

  it("puts one of which nothing is known before those that work: it may need the person", () => {
    const tree = treeOf(
      aProject(),
      aSession({ id: "running", createdAt: 1 }),
      aSession({ id: "unknown", createdAt: 2, reason: aReason({ isUnknown: true }) }),
    );
    assert.deepEqual(sessionOrder(tree), ["unknown", "running"]);
  });

  it("keeps sessions of one rank in the order they were created, whatever changed last", () => {
    const older = aSession({ id: "older", createdAt: 1, updatedAt: 99 });
    const newer = aSession({ id: "newer", createdAt: 2, updatedAt: 3 });
    assert.deepEqual(sessionOrder(treeOf(aProject(), newer, older)), ["older", "newer"]);
  });

  it("orders projects by name, as a person counts", () => {
    const tree = treeOf(
      ...["shop10", "shop9"].flatMap((name) => [
        aProject({ id: name, name }),
        aSession({ id: `in-${name}`, projectId: name }),
      ]),
    );
    assert.deepEqual(tree.roots, [nodeId.project("shop9"), nodeId.project("shop10")]);
  });

  it("puts a project first where somebody waits for the person", () => {
    const waiting = aSession({ id: "w", projectId: "z", state: "WAITING_USER" });
    const tree = treeOf(aProject(), aSession({ id: "s" }), aProject({ id: "z", name: "z" }), waiting);
    assert.deepEqual(tree.roots, [nodeId.project("z"), nodeId.project("project1")]);
  });

  it("puts the project first where somebody has waited longest", () => {
    const inProject = (id: string, stateSince: number) => [
      aProject({ id, name: id }),
      aSession({ id: `in-${id}`, projectId: id, state: "WAITING_USER", stateSince }),
    ];
    const tree = treeOf(...inProject("a", 9), ...inProject("b", 3));
    assert.deepEqual(tree.roots, [nodeId.project("b"), nodeId.project("a")]);
  });

  it("shows the latest prompts of a long conversation, and those before them below one row", () => {
    const prompts = Array.from({ length: PROMPTS_SHOWN + 2 }, (_, index) =>
      aTask({ id: `p${index}`, sessionId: "s", kind: "prompt", state: "DONE", endedAt: 99, createdAt: index }),
    );
    const tree = treeOf(aProject(), aSession({ id: "s" }), ...prompts);
    const children = tree.nodes.get(nodeId.session("s"))?.children ?? [];
    assert.equal(children.length, PROMPTS_SHOWN + 1);
    assert.deepEqual([children[0], children.at(-1)], [`task:p${PROMPTS_SHOWN + 1}`, "earlier:s"]);
    assert.deepEqual(tree.nodes.get(nodeId.earlier("s"))?.children, ["task:p1", "task:p0"]);
  });

  it("has no row for earlier prompts when all of them are shown", () => {
    const prompts = Array.from({ length: PROMPTS_SHOWN }, (_, index) =>
      aTask({ id: `p${index}`, sessionId: "s", kind: "prompt" }),
    );
    assert.equal(treeOf(aProject(), aSession({ id: "s" }), ...prompts).nodes.get(nodeId.earlier("s")), undefined);
  });

  it("shows pinned tasks first, and then the latest prompt", () => {
    const prompt = (id: string, createdAt: number, pinned = false) =>
      aTask({ id, sessionId: "s", kind: "prompt", state: "DONE", endedAt: 9, createdAt, pinned });
    const tree = treeOf(
      aProject(),
      aSession({ id: "s" }),
      prompt("first", 1),
      prompt("last", 3),
      prompt("pinned", 2, true),
    );
    assert.deepEqual(tree.nodes.get(nodeId.session("s"))?.children, ["task:pinned", "task:last", "task:first"]);
  });
});

describe("sessions that are put away", () => {
  it("are not in the tree, nor is a project that has nothing else", () => {
    const away = aSession({ state: "DONE", endedAt: 5_000, archivedAt: 6_000 });
    assert.deepEqual(rowsOf(treeOf(aProject(), away)), []);
  });
});

describe("the worktrees in the tree", () => {
  const ofProject = aProject();
  const inWorktree = { worktreeId: "worktree1" };

  it("are below the live sessions of the main checkout, with their sessions, processes and what they share", () => {
    const tree = treeOf(
      ofProject,
      aWorktree({ shared: ["node_modules"] }),
      aProcess(),
      aSession({ id: "there", ...inWorktree }),
      aSession({ id: "main" }),
      aSession({ id: "over", state: "DONE", endedAt: 5 }),
    );
    assert.deepEqual(rowsOf(tree), [
      "project:project1",
      "  session:main",
      "  worktree:worktree1",
      "    session:there",
      "    process:process-1",
      "    shared:worktree1",
      "      shared-path:worktree1:node_modules",
      "  session:over",
    ]);
  });

  it("are shown also while nothing runs in them", () => {
    assert.deepEqual(rowsOf(treeOf(ofProject, aWorktree())), ["project:project1", "  worktree:worktree1"]);
  });

  it("that Tally did not make are shown only while they have sessions", () => {
    const seen = aWorktree({ status: "seen" });
    assert.deepEqual(rowsOf(treeOf(ofProject, seen)), []);
    assert.deepEqual(rowsOf(treeOf(ofProject, seen, aSession({ id: "s", ...inWorktree }))), [
      "project:project1",
      "  worktree:worktree1",
      "    session:s",
    ]);
  });

  it("are ordered by name as a person counts, but one where somebody waits comes first", () => {
    const named = (id: string) => aWorktree({ id, name: id });
    const waiting = aSession({ id: "w", worktreeId: "z", state: "WAITING_USER" });
    const tree = treeOf(ofProject, named("task-10"), named("task-9"), named("z"), waiting);
    assert.deepEqual(tree.nodes.get(nodeId.project("project1"))?.children, [
      "worktree:z",
      "worktree:task-9",
      "worktree:task-10",
    ]);
  });

  it("show a setup command while it runs and when it failed, and not once it is done", () => {
    const setup = aProcess({ id: "process-2", kind: "setup", port: null });
    const shown = (process: HelperProcess) => treeOf(ofProject, aWorktree(), process).nodes.has("process:process-2");
    assert.equal(shown(setup), true);
    assert.equal(shown({ ...setup, state: "ERROR" }), true);
    assert.equal(shown({ ...setup, state: "DONE" }), false);
  });

  it("keep a process's row in its place whatever it does", () => {
    const backend = aProcess({ id: "b", name: "backend" });
    const frontend = aProcess({ id: "f", name: "frontend" });
    const order = (...processes: readonly HelperProcess[]) =>
      treeOf(ofProject, aWorktree(), ...processes).nodes.get("worktree:worktree1")?.children;
    assert.deepEqual(
      order(frontend, backend),
      order({ ...frontend, state: "ERROR" }, { ...backend, state: "STOPPED" }),
    );
  });

  it("count who waits in them for their project too", () => {
    const tree = treeOf(ofProject, aWorktree(), aSession({ ...inWorktree, state: "WAITING_USER" }));
    assert.equal(countAll(tree).waiting, 1);
  });

  it("are not drawn again when git says the same at another time", () => {
    const standing = { branch: "x", head: null, against: "main", ahead: 1, behind: 0, dirty: 0, at: 1 };
    const before = modelOf(ofProject, aWorktree({ standing }));
    const again = aWorktree({ standing: { ...standing, at: 2 }, updatedAt: 9 });
    assert.deepEqual(redrawn(before, { type: "worktree.changed", worktree: again }), []);
    const ahead = aWorktree({ standing: { ...standing, ahead: 2 } });
    assert.deepEqual(redrawn(before, { type: "worktree.changed", worktree: ahead }), ["worktree:worktree1"]);
  });

  it("are drawn again without the others: sixty sessions in twenty of them stand still", () => {
    const many = Array.from({ length: 20 }, (_, index) => [
      aWorktree({ id: `w${index}`, name: `task-${index}` }),
      aProcess({ id: `process-${index}`, worktreeId: `w${index}` }),
      ...[1, 2, 3].map((n) => aSession({ id: `s${index}-${n}`, worktreeId: `w${index}`, state: "IDLE" })),
    ]).flat();
    const process = aProcess({ id: "process-7", worktreeId: "w7", state: "ERROR" });
    assert.deepEqual(redrawn(modelOf(ofProject, ...many), { type: "process.changed", process }), ["process:process-7"]);
  });
});

describe("the limits in the tree", () => {
  const limits = (model: Model, ...changes: readonly Change[]) =>
    changes.reduce((before, change) => applyChange(before, before.seq + 1, change), model);
  const paused = (pause: ReturnType<typeof aPause>): Change => ({ type: "pause.changed", pause });
  const session = aSession({ id: "s", state: "PAUSED", continuation: aContinuation() });
  const model = modelOf(aProject(), session, aSession({ id: "other" }));

  it("are above all else, what ends first on top, and what only looks like one below", () => {
    const hint = aPause({ id: "hint", isInForce: false });
    const changes = [hint, aPause({ id: "late", until: 9 }), aPause({ id: "early", until: 5 })].map(paused);
    const tree = buildTree(limits(model, ...changes));
    assert.deepEqual(tree.roots, ["pause:early", "pause:late", "pause:hint", "project:project1"]);
  });

  it("know which sessions go on by themselves when they end", () => {
    const [node] = pausesOf(buildTree(limits(model, paused(aPause()))));
    assert.deepEqual(
      node?.waiting.map(({ id }) => id),
      ["s"],
    );
  });

  it("are below all else what is used of each account, where that is told", () => {
    const told = anAccount({ quotas: [aQuota()] });
    const silent = anAccount({ id: "codex", label: "Codex" });
    const changes = [told, silent].map((account): Change => ({ type: "account.changed", account }));
    assert.deepEqual(buildTree(limits(model, ...changes)).roots, ["project:project1", "account:claude-account1"]);
  });

  it("are drawn again alone when they are prolonged", () => {
    const before = limits(model, paused(aPause()));
    assert.deepEqual(redrawn(before, paused(aPause({ until: 9 }))), ["pause:pause1"]);
  });

  it("are gone when they have ended", () => {
    const before = limits(model, paused(aPause()));
    const after = limits(before, paused(aPause({ endedAt: 9 })));
    assert.deepEqual(buildTree(after).roots, ["project:project1"]);
  });
});

describe("the count of who waits and who works", () => {
  it("counts live sessions and foreign tasks of all projects, and no ended ones", () => {
    const tree = treeOf(
      aProject(),
      aProject({ id: "other", name: "other" }),
      aSession({ id: "a", state: "WAITING_USER" }),
      aSession({ id: "b", state: "RUNNING", projectId: "other" }),
      aSession({ id: "c", state: "ERROR", endedAt: 3 }),
      aTask({ id: "t", state: "BLOCKED" }),
    );
    assert.deepEqual(countAll(tree), { waiting: 1, unknown: 0, paused: 1, running: 1 });
  });

  it("counts none as running of which that is only a guess", () => {
    const tree = treeOf(aProject(), aSession({ state: "RUNNING", reason: aReason({ isUnknown: true }) }));
    assert.deepEqual(countAll(tree), { waiting: 0, unknown: 1, paused: 0, running: 0 });
  });
});

describe("who waits for the person", () => {
  it("is each live session that does, of all projects, the longest waiting first", () => {
    const waiting = (id: string, projectId: string, stateSince: number) =>
      aSession({ id, projectId, state: "WAITING_USER", stateSince });
    const model = modelOf(
      aProject(),
      aProject({ id: "other" }),
      waiting("second", "project1", 5),
      waiting("first", "other", 3),
      aSession({ id: "running" }),
      { ...waiting("ended", "other", 1), endedAt: 9 },
    );
    assert.deepEqual(
      waitingSessions(model).map(({ id }) => id),
      ["first", "second"],
    );
  });
});

describe("what the tree draws again", () => {
  const before = modelOf(
    aProject(),
    aSession({ id: "a", state: "IDLE" }),
    aSession({ id: "b", state: "IDLE" }),
    aTask({ id: "t", sessionId: "a", kind: "prompt" }),
  );

  it("is nothing when nothing that it shows changed", () => {
    const root = aTask({ id: "root", sessionId: "a", kind: "root" });
    assert.deepEqual(redrawn(before, { type: "task.changed", task: root }), []);
  });

  it("is one row when only that changed", () => {
    const renamed = aSession({ id: "b", state: "IDLE", title: "New name" });
    assert.deepEqual(redrawn(before, { type: "session.changed", session: renamed }), ["session:b"]);
  });

  it("is the project when its sessions changed places or number", () => {
    const added = aSession({ id: "c", state: "IDLE" });
    assert.deepEqual(redrawn(before, { type: "session.changed", session: added }), ["project:project1"]);
    assert.deepEqual(redrawn(before, { type: "session.removed", id: "b" }), ["project:project1"]);
  });

  it("is the session when one of its prompts is new", () => {
    const prompt = aTask({ id: "t2", sessionId: "a", kind: "prompt" });
    assert.deepEqual(redrawn(before, { type: "task.changed", task: prompt }), ["session:a"]);
  });

  it("is nothing but the changed prompt when the rows before it are many", () => {
    const prompts = Array.from({ length: PROMPTS_SHOWN + 2 }, (_, index) =>
      aTask({ id: `p${index}`, sessionId: "a", kind: "prompt", createdAt: index }),
    );
    const model = modelOf(aProject(), aSession({ id: "a" }), ...prompts);
    const task = aTask({ id: "p0", sessionId: "a", kind: "prompt", createdAt: 0, title: "New title" });
    assert.deepEqual(redrawn(model, { type: "task.changed", task }), ["task:p0"]);
  });

  it("is that row alone when one of sixty sessions asks for more, and never the root", () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      aSession({ id: `s${index}`, projectId: `p${index % 4}`, state: "IDLE" }),
    );
    const projects = [0, 1, 2, 3].map((index) => aProject({ id: `p${index}`, name: `p${index}` }));
    const model = modelOf(...projects, ...many);
    const tokens = { inputTokens: 5, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: null };
    const busier = aSession({ id: "s7", projectId: "p3", state: "IDLE", promptCount: 2, usage: tokens });
    assert.deepEqual(redrawn(model, { type: "session.changed", session: busier }), ["session:s7"]);
    const works: Session = { ...busier, state: "RUNNING" };
    assert.deepEqual(redrawn(model, { type: "session.changed", session: works }), ["project:p3"]);
  });

  it("is that row alone when one of a thousand tasks of another tool gets on, and its project when it comes to wait", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => aTask({ id: `f${index}`, createdAt: index }));
    const model = modelOf(aProject(), aSession(), ...many);
    const step = aTask({ id: "f3", createdAt: 3, details: "Step 2" });
    assert.deepEqual(redrawn(model, { type: "task.changed", task: step }), ["task:f3"]);
    const waits: Task = { ...step, state: "WAITING_USER" };
    assert.deepEqual(redrawn(model, { type: "task.changed", task: waits }), ["project:project1"]);
  });

  it("keeps the rows of tasks that have not changed the very same, so that they need not be compared", () => {
    const model = modelOf(aProject(), aSession(), aTask({ id: "same" }), aTask({ id: "other" }));
    const task = aTask({ id: "other", title: "New title" });
    const [one, two] = [buildTree(model), buildTree(applyChange(model, 9, { type: "task.changed", task }))];
    assert.equal(one.nodes.get(nodeId.task("same")), two.nodes.get(nodeId.task("same")));
  });

  it("is the group that a session left and the one that it came to, where they are grouped by state", () => {
    const options = { ...defaultTreeOptions, grouping: "state" } as const;
    const both = modelOf(
      aProject(),
      ...["a", "b"].map((id) => aSession({ id, state: "IDLE" })),
      ...["c", "d"].map((id) => aSession({ id })),
    );
    const after = applyChange(both, 9, { type: "session.changed", session: aSession({ id: "a" }) });
    assert.deepEqual(changedNodes(buildTree(both, options), buildTree(after, options)), [
      "group:state:idle",
      "group:state:running",
    ]);
  });

  it("is all of it when a project came", () => {
    const project = aProject({ id: "other" });
    const after = applyChange(before, 2, { type: "project.changed", project });
    const session = aSession({ id: "c", projectId: "other" });
    assert.equal(redrawn(after, { type: "session.changed", session }), "all");
  });
});

function treeOf(...entities: readonly (Project | Session | Task | Worktree | HelperProcess)[]): Tree {
  return buildTree(modelOf(...entities));
}

function redrawn(model: Model, change: Change): "all" | readonly NodeId[] {
  return changedNodes(buildTree(model), buildTree(applyChange(model, model.seq + 1, change)));
}

function sessionOrder(tree: Tree): string[] {
  return [...tree.nodes.values()].flatMap((node) => (node.kind === "session" ? [node.session.id] : []));
}
