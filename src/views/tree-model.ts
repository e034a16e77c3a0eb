import type { Model } from "../client/model.ts";
import type { Project, Session, Task } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import {
  byProject,
  bySession,
  byTask,
  byWaiting,
  longestWaiting,
  type OrderedProject,
  shownState,
} from "./tree-order.ts";

/** One row of the tree. Its id is stable for as long as what it shows exists. */
export type TreeNode = ProjectNode | SessionNode | TaskNode | EarlierNode;
export type NodeId = string;

interface NodeBase {
  readonly id: NodeId;
  readonly parent: NodeId | null;
  readonly children: readonly NodeId[];
}

export interface ProjectNode extends NodeBase {
  readonly kind: "project";
  readonly project: Project;
  readonly counts: StateCounts;
}

export interface SessionNode extends NodeBase {
  readonly kind: "session";
  readonly session: Session;
  readonly project: Project;
}

export interface TaskNode extends NodeBase {
  readonly kind: "task";
  readonly task: Task;
}

/** Stands for the prompts of a long conversation that came before the latest ones. */
export interface EarlierNode extends NodeBase {
  readonly kind: "earlier";
}

export interface Tree {
  readonly roots: readonly NodeId[];
  readonly nodes: ReadonlyMap<NodeId, TreeNode>;
}

/** How many sessions and foreign tasks wait for the person, do who knows what, are paused, or work. */
export interface StateCounts {
  readonly waiting: number;
  readonly unknown: number;
  readonly paused: number;
  readonly running: number;
}

export const emptyTree: Tree = { roots: [], nodes: new Map() };

/** So many of a session's prompts are shown at once; those before them are one row. */
export const PROMPTS_SHOWN = 10;

export const nodeId = {
  project: (id: string): NodeId => `project:${id}`,
  session: (id: string): NodeId => `session:${id}`,
  task: (id: string): NodeId => `task:${id}`,
  earlier: (sessionId: string): NodeId => `earlier:${sessionId}`,
};

/** Everything the tree shows: projects that have something to show, their sessions and foreign tasks, the sessions' prompts. */
export function buildTree(model: Model): Tree {
  const sessionsOf = groupBy(model.sessions.values(), (session) => session.projectId);
  const promptsOf = groupBy(
    filter(model.tasks.values(), (task) => task.sessionId !== null && task.kind !== "root"),
    (task) => task.sessionId ?? "",
  );
  const foreignOf = groupBy(
    filter(model.tasks.values(), (task) => task.sessionId === null),
    (task) => task.projectId,
  );
  const nodes = new Map<NodeId, TreeNode>();
  const roots: NodeId[] = [];
  const shown = [...model.projects.values()].flatMap((project): ShownProject[] => {
    const sessions = (sessionsOf.get(project.id) ?? []).sort(bySession);
    const foreign = (foreignOf.get(project.id) ?? []).sort(byTask);
    if (sessions.length + foreign.length === 0) return [];
    const counts = countStates(sessions, foreign);
    return [{ project, sessions, foreign, counts, waitingSince: longestWaiting(sessions, foreign) }];
  });
  for (const { project, sessions, foreign, counts } of shown.sort(byProject)) {
    const id = nodeId.project(project.id);
    roots.push(id);
    nodes.set(id, { kind: "project", id, parent: null, project, counts, children: endedLast(sessions, foreign) });
    for (const session of sessions) addSession(nodes, id, project, session, promptsOf.get(session.id) ?? []);
    for (const task of foreign) addTask(nodes, id, task);
  }
  return { roots, nodes };
}

interface ShownProject extends OrderedProject {
  readonly sessions: readonly Session[];
  readonly foreign: readonly Task[];
  readonly counts: StateCounts;
}

/** Sessions before foreign tasks, but of both first those that are alive. */
function endedLast(sessions: readonly Session[], foreign: readonly Task[]): NodeId[] {
  const ids = (ended: boolean) => [
    ...sessions.filter(({ endedAt }) => (endedAt !== null) === ended).map(({ id }) => nodeId.session(id)),
    ...foreign.filter(({ endedAt }) => (endedAt !== null) === ended).map(({ id }) => nodeId.task(id)),
  ];
  return [...ids(false), ...ids(true)];
}

function addSession(
  nodes: Map<NodeId, TreeNode>,
  parent: NodeId,
  project: Project,
  session: Session,
  prompts: Task[],
): void {
  const id = nodeId.session(session.id);
  const sorted = prompts.sort(byTask);
  const [latest, earlier] = [sorted.slice(0, PROMPTS_SHOWN), sorted.slice(PROMPTS_SHOWN)];
  const earlierId = nodeId.earlier(session.id);
  const children = [...latest.map((task) => nodeId.task(task.id)), ...(earlier.length > 0 ? [earlierId] : [])];
  nodes.set(id, { kind: "session", id, parent, session, project, children });
  for (const task of latest) addTask(nodes, id, task);
  if (earlier.length === 0) return;
  const below = earlier.map((task) => nodeId.task(task.id));
  nodes.set(earlierId, { kind: "earlier", id: earlierId, parent: id, children: below });
  for (const task of earlier) addTask(nodes, earlierId, task);
}

function addTask(nodes: Map<NodeId, TreeNode>, parent: NodeId, task: Task): void {
  const id = nodeId.task(task.id);
  nodes.set(id, { kind: "task", id, parent, task, children: [] });
}

/** What happens in all projects together, for the status bar and the badge. */
export function countAll(tree: Tree): StateCounts {
  const total = { waiting: 0, unknown: 0, paused: 0, running: 0 };
  for (const id of tree.roots) {
    const node = tree.nodes.get(id);
    if (node?.kind !== "project") continue;
    total.waiting += node.counts.waiting;
    total.unknown += node.counts.unknown;
    total.paused += node.counts.paused;
    total.running += node.counts.running;
  }
  return total;
}

/** All sessions that wait for the person, the longest waiting first, in whatever project. */
export function waitingSessions(model: Model): readonly Session[] {
  return [...model.sessions.values()].filter(isWaiting).sort(byWaiting);
}

function countStates(sessions: readonly Session[], foreign: readonly Task[]): StateCounts {
  const states: (SessionState | TaskState | "UNKNOWN")[] = [
    ...sessions.filter((session) => session.endedAt === null).map(shownState),
    ...foreign.filter((task) => task.endedAt === null).map((task) => task.state),
  ];
  const count = (...wanted: typeof states) => states.filter((state) => wanted.includes(state)).length;
  return {
    waiting: count("WAITING_USER"),
    unknown: count("UNKNOWN"),
    paused: count("PAUSED", "BLOCKED"),
    running: count("RUNNING", "STARTING"),
  };
}

/**
 * The rows to draw again so that a tree that shows `before` shows `after`; `"all"` when the projects themselves changed.
 * Drawing a row again includes the rows below it, so of a row and its ancestor only the ancestor is named.
 */
export function changedNodes(before: Tree, after: Tree): "all" | readonly NodeId[] {
  if (!sameList(before.roots, after.roots)) return "all";
  const changed = new Set<NodeId>();
  for (const [id, node] of after.nodes) {
    const old = before.nodes.get(id);
    if (old && (!sameContent(old, node) || !sameList(old.children, node.children))) changed.add(id);
  }
  return [...changed].filter((id) => !hasAncestorIn(after, id, changed));
}

function hasAncestorIn(tree: Tree, id: NodeId, ids: ReadonlySet<NodeId>): boolean {
  for (let parent = tree.nodes.get(id)?.parent; parent; parent = tree.nodes.get(parent)?.parent) {
    if (ids.has(parent)) return true;
  }
  return false;
}

function sameContent(a: TreeNode, b: TreeNode): boolean {
  if (a.kind === "session" && b.kind === "session") return a.session === b.session && a.project === b.project;
  if (a.kind === "task" && b.kind === "task") return a.task === b.task;
  // All that it says is how many rows are below it.
  if (a.kind === "earlier" && b.kind === "earlier") return true;
  if (a.kind === "project" && b.kind === "project") {
    return a.project === b.project && JSON.stringify(a.counts) === JSON.stringify(b.counts);
  }
  return false;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

function* filter<T>(items: Iterable<T>, keep: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (keep(item)) yield item;
}
