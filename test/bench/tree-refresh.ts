import type { Session, Task } from "../../src/protocol/entities.ts";
import { applyChange, emptyModel, type Model } from "../../src/protocol/model.ts";
import { changedNodes } from "../../src/presentation/tree-changes.ts";
import { filterTree } from "../../src/presentation/tree-filter.ts";
import { buildTree } from "../../src/presentation/tree-model.ts";
import type { NodeId, Tree } from "../../src/presentation/tree-nodes.ts";
import { RowFolding } from "../../src/views/row-folding.ts";
import { aProject, aRun, aSession, aTask, aWorktree } from "../support/entities.ts";
import { modelOf } from "../support/trees.ts";
import { type Figure, figure, type Measurement } from "./figure.ts";
import { median, p95 } from "./statistics.ts";

const PROJECTS = 4;
const WORKTREES = 20;
const SESSIONS = 60;
const TASKS = 2_000;
const EVENTS = 300;
const FOREIGN_STATES = ["RUNNING", "IDLE", "QUEUED"] as const;
const STATES: readonly Session["state"][] = ["RUNNING", "IDLE", "WAITING_USER", "PAUSED"];

export const treeRefresh: Measurement = {
  name: "tree-refresh",
  about: `${EVENTS} events in a tree of ${SESSIONS} sessions and ${TASKS.toLocaleString("en")} tasks`,
  run(): Promise<Figure[]> {
    let model = crowdedModel();
    let tree = buildTree(model);
    const tookMs: number[] = [];
    const filteredMs: number[] = [];
    let drawn = 0;
    let needed = 0;
    for (let n = 0; n < EVENTS; n++) {
      const session = model.sessions.get(`s${n % SESSIONS}`);
      if (!session) continue;
      model = applyChange(model, n, { type: "session.changed", session: { ...session, title: `Title ${n}` } });
      const startedAt = performance.now();
      const next = buildTree(model);
      const changed = changedNodes(tree, next);
      tookMs.push(performance.now() - startedAt);
      needed += rowsBelow(next, `session:${session.id}`);
      drawn += changed === "all" ? next.nodes.size : changed.reduce((sum, id) => sum + rowsBelow(next, id), 0);
      const filteredAt = performance.now();
      filterTree(next, model, "prompt 17");
      filteredMs.push(performance.now() - filteredAt);
      tree = next;
    }
    const { askedFor, foreignMs } = changesOfForeignTasks();
    const detail = `of ${tree.nodes.size} rows; median, 95th percentile ${p95(tookMs).toFixed(1)} ms`;
    return Promise.resolve([
      figure({
        label: "rows drawn again for one that changed, with its prompts",
        value: drawn / needed,
        unit: "×",
        detail: `${(needed / EVENTS).toFixed(0)} rows in the mean`,
        below: 1.1,
      }),
      figure({
        label: "rows asked for again for a foreign task that changes its state",
        value: askedFor / EVENTS,
        unit: "×",
        detail: `in the mean of ${EVENTS}, of ${TASKS} such tasks in ${PROJECTS} projects; folded rows are not asked for`,
        below: 60,
      }),
      figure({
        label: "what such a change costs the tree",
        value: median(foreignMs),
        unit: "ms",
        detail: `median, 95th percentile ${p95(foreignMs).toFixed(1)} ms`,
        below: 4,
      }),
      figure({ label: "what an event costs the tree", value: median(tookMs), unit: "ms", detail, below: 4 }),
      figure({ label: "what a filter adds to that", value: median(filteredMs), unit: "ms", detail, below: 4 }),
    ]);
  },
};

/** The same with tasks of other tools alone, all of which go on: each stands below its project itself. */
function changesOfForeignTasks() {
  const ofProjects = modelOf(...each(PROJECTS, (n) => aProject({ id: `p${n}`, name: `project ${n}` })));
  const tasks = each(TASKS, (n) => {
    const state = FOREIGN_STATES[n % FOREIGN_STATES.length] ?? "RUNNING";
    return aTask({ id: `f${n}`, projectId: `p${n % PROJECTS}`, state, createdAt: n });
  });
  let model: Model = { ...ofProjects, tasks: new Map(tasks.map((task) => [task.id, task])) };
  let tree = buildTree(model);
  const folding = new RowFolding();
  const foreignMs: number[] = [];
  let askedFor = 0;
  for (let n = 0; n < EVENTS; n++) {
    const before = tasks[(n * 7) % TASKS] ?? aTask();
    const task: Task = { ...before, state: before.state === "RUNNING" ? "IDLE" : "RUNNING" };
    model = applyChange(model, n, { type: "task.changed", task });
    const startedAt = performance.now();
    const next = buildTree(model);
    const changed = changedNodes(tree, next);
    foreignMs.push(performance.now() - startedAt);
    const ids = changed === "all" ? next.roots : changed;
    askedFor += ids.reduce((sum, id) => sum + rowsUnfolded(next, folding, id), 0);
    tree = next;
  }
  return { askedFor, foreignMs };
}

/** A row and those below it that the editor asks for together with it. */
function rowsUnfolded(tree: Tree, folding: RowFolding, id: NodeId): number {
  const node = tree.nodes.get(id);
  if (!node || folding.of(node, { opened: new Set() }).isExpanded !== true) return 1;
  return node.children.reduce((sum, child) => sum + rowsUnfolded(tree, folding, child), 1);
}

const each = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

function crowdedModel(): Model {
  const tasks = each(TASKS, (n): Task => {
    const projectId = `p${n % PROJECTS}`;
    if (n % 10 === 0) return aRun({ id: `t${n}`, projectId, position: n });
    return aTask({ id: `t${n}`, kind: "prompt", sessionId: `s${n % SESSIONS}`, projectId, title: `Prompt ${n}` });
  });
  const crowd = modelOf(
    ...each(PROJECTS, (n) => aProject({ id: `p${n}`, name: `project ${n}` })),
    ...each(WORKTREES, (n) => aWorktree({ id: `w${n}`, projectId: `p${n % PROJECTS}`, name: `task ${n}` })),
    ...each(SESSIONS, (n) => {
      const worktreeId = n % 3 === 0 ? null : `w${n % WORKTREES}`;
      return aSession({ id: `s${n}`, projectId: `p${n % PROJECTS}`, worktreeId, state: STATES[n % 4] ?? "IDLE" });
    }),
  );
  return { ...emptyModel, ...crowd, tasks: new Map(tasks.map((task) => [task.id, task])) };
}

function rowsBelow(tree: Tree, id: NodeId): number {
  return (tree.nodes.get(id)?.children ?? []).reduce((sum, child) => sum + rowsBelow(tree, child), 1);
}
