import type { Model } from "../client/model.ts";
import type { Project, Session, Task } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";

/** One row of the tree. Its id is stable for as long as what it shows exists. */
export type TreeNode = ProjectNode | SessionNode | TaskNode;
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

export interface Tree {
  readonly roots: readonly NodeId[];
  readonly nodes: ReadonlyMap<NodeId, TreeNode>;
}

/** How many sessions and foreign tasks wait for the person, are paused, or work. */
export interface StateCounts {
  readonly waiting: number;
  readonly paused: number;
  readonly running: number;
}

export const emptyTree: Tree = { roots: [], nodes: new Map() };

/** Smaller comes first: who waits for the person, then who cannot go on, who works, who is done with its turn, who ended. */
const sessionRank: Record<SessionState, number> = {
  WAITING_USER: 0,
  ERROR: 1,
  PAUSED: 2,
  STARTING: 3,
  RUNNING: 3,
  IDLE: 4,
  DONE: 5,
};

const taskRank: Record<TaskState, number> = {
  WAITING_USER: 0,
  ERROR: 1,
  BLOCKED: 2,
  RUNNING: 3,
  QUEUED: 4,
  IDLE: 5,
  DONE: 6,
  CANCELLED: 6,
};

const ENDED_RANK = 10;

export const nodeId = {
  project: (id: string): NodeId => `project:${id}`,
  session: (id: string): NodeId => `session:${id}`,
  task: (id: string): NodeId => `task:${id}`,
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
    return [{ project, sessions, foreign, counts: countStates(sessions, foreign) }];
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

interface ShownProject {
  readonly project: Project;
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
  const children = prompts.sort(byTask).map((task) => nodeId.task(task.id));
  nodes.set(id, { kind: "session", id, parent, session, project, children });
  for (const task of prompts) addTask(nodes, id, task);
}

function addTask(nodes: Map<NodeId, TreeNode>, parent: NodeId, task: Task): void {
  const id = nodeId.task(task.id);
  nodes.set(id, { kind: "task", id, parent, task, children: [] });
}

/** What happens in all projects together, for the status bar and the badge. */
export function countAll(tree: Tree): StateCounts {
  const total = { waiting: 0, paused: 0, running: 0 };
  for (const id of tree.roots) {
    const node = tree.nodes.get(id);
    if (node?.kind !== "project") continue;
    total.waiting += node.counts.waiting;
    total.paused += node.counts.paused;
    total.running += node.counts.running;
  }
  return total;
}

function countStates(sessions: readonly Session[], foreign: readonly Task[]): StateCounts {
  const states: (SessionState | TaskState)[] = [
    ...sessions.filter((session) => session.endedAt === null).map((session) => session.state),
    ...foreign.filter((task) => task.endedAt === null).map((task) => task.state),
  ];
  const count = (...wanted: (SessionState | TaskState)[]) => states.filter((state) => wanted.includes(state)).length;
  return {
    waiting: count("WAITING_USER"),
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
  if (a.kind === "project" && b.kind === "project") {
    return a.project === b.project && JSON.stringify(a.counts) === JSON.stringify(b.counts);
  }
  return false;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Projects where somebody waits for the person first, then by name. */
function byProject(a: ShownProject, b: ShownProject): number {
  return (
    Number(b.counts.waiting > 0) - Number(a.counts.waiting > 0) ||
    a.project.name.localeCompare(b.project.name, undefined, { numeric: true }) ||
    compare(a.project.id, b.project.id)
  );
}

/** By rank; live ones in the order they were created, so that rows move only when a state changes; ended ones latest first. */
function bySession(a: Session, b: Session): number {
  const rank = (session: Session) => (session.endedAt === null ? sessionRank[session.state] : ENDED_RANK);
  return rank(a) - rank(b) || (b.endedAt ?? 0) - (a.endedAt ?? 0) || a.createdAt - b.createdAt || compare(a.id, b.id);
}

/** Pinned first, then by rank, then latest first: of a long conversation the last prompts matter. */
function byTask(a: Task, b: Task): number {
  const rank = (task: Task) => (task.endedAt === null ? taskRank[task.state] : ENDED_RANK);
  return Number(b.pinned) - Number(a.pinned) || rank(a) - rank(b) || b.createdAt - a.createdAt || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
