import type { Model } from "../client/model.ts";
import type { Project, Session, Task } from "../protocol/entities.ts";
import type { Account, Pause } from "../protocol/limits.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { goesOnByItself } from "./continuation-words.ts";
import { byEnd } from "./limit-words.ts";
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
export type TreeNode = ProjectNode | SessionNode | TaskNode | EarlierNode | PauseNode | AccountNode;
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
  /** Whether the pause that stopped it has ended. */
  readonly isPauseOver: boolean;
}

export interface TaskNode extends NodeBase {
  readonly kind: "task";
  readonly task: Task;
}

/** Stands for the prompts of a long conversation that came before the latest ones. */
export interface EarlierNode extends NodeBase {
  readonly kind: "earlier";
}

/** A limit that is in force, or that looks as if it were. */
export interface PauseNode extends NodeBase {
  readonly kind: "pause";
  readonly pause: Pause;
  /** What is known of the account's use. */
  readonly account: Account | null;
  /** The sessions that go on by themselves when it ends. */
  readonly waiting: readonly Session[];
}

/** What is used of an account, where its agent tells it. */
export interface AccountNode extends NodeBase {
  readonly kind: "account";
  readonly account: Account;
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
  pause: (id: string): NodeId => `pause:${id}`,
  account: (id: string): NodeId => `account:${id}`,
};

/**
 * Everything the tree shows: pauses, projects that have something to show with their sessions, foreign tasks and the sessions'
 * prompts, and what is used of each account.
 */
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
  addPauses(nodes, roots, model);
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
    for (const session of sessions) {
      const isPauseOver = session.continuation !== null && !model.pauses.has(session.continuation.pauseId);
      addSession(nodes, { parent: id, project, session, isPauseOver }, promptsOf.get(session.id) ?? []);
    }
    for (const task of foreign) addTask(nodes, id, task);
  }
  addAccounts(nodes, roots, model);
  return { roots, nodes };
}

function addPauses(nodes: Map<NodeId, TreeNode>, roots: NodeId[], { pauses, accounts, sessions }: Model): void {
  for (const pause of [...pauses.values()].sort(byEnd)) {
    const id = nodeId.pause(pause.id);
    const waiting = [...sessions.values()]
      .filter((session) => session.continuation?.pauseId === pause.id && goesOnByItself(session))
      .sort(bySession);
    const account = accounts.get(pause.accountId) ?? null;
    roots.push(id);
    nodes.set(id, { kind: "pause", id, parent: null, children: [], pause, account, waiting });
  }
}

function addAccounts(nodes: Map<NodeId, TreeNode>, roots: NodeId[], { accounts }: Model): void {
  const told = [...accounts.values()].filter(({ quotas }) => quotas.length > 0);
  for (const account of told.sort((a, b) => a.label.localeCompare(b.label) || a.id.localeCompare(b.id))) {
    const id = nodeId.account(account.id);
    roots.push(id);
    nodes.set(id, { kind: "account", id, parent: null, children: [], account });
  }
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
  row: Pick<SessionNode, "project" | "session" | "isPauseOver"> & { readonly parent: NodeId },
  prompts: Task[],
): void {
  const { session } = row;
  const id = nodeId.session(session.id);
  const sorted = prompts.sort(byTask);
  const [latest, earlier] = [sorted.slice(0, PROMPTS_SHOWN), sorted.slice(PROMPTS_SHOWN)];
  const earlierId = nodeId.earlier(session.id);
  const children = [...latest.map((task) => nodeId.task(task.id)), ...(earlier.length > 0 ? [earlierId] : [])];
  nodes.set(id, { kind: "session", id, ...row, children });
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

/** The pauses that the tree shows, in its order. */
export function pausesOf(tree: Tree): readonly PauseNode[] {
  return tree.roots.flatMap((id) => {
    const node = tree.nodes.get(id);
    return node?.kind === "pause" ? [node] : [];
  });
}

/** The accounts of which the tree shows what is used. */
export function accountsOf(tree: Tree): readonly Account[] {
  return tree.roots.flatMap((id) => {
    const node = tree.nodes.get(id);
    return node?.kind === "account" ? [node.account] : [];
  });
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
  if (!sameItems(before.roots, after.roots)) return "all";
  const changed = new Set<NodeId>();
  for (const [id, node] of after.nodes) {
    const old = before.nodes.get(id);
    if (old && (!sameContent(old, node) || !sameItems(old.children, node.children))) changed.add(id);
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
  if (a.kind === "session" && b.kind === "session") {
    return a.session === b.session && a.project === b.project && a.isPauseOver === b.isPauseOver;
  }
  if (a.kind === "task" && b.kind === "task") return a.task === b.task;
  // All that it says is how many rows are below it.
  if (a.kind === "earlier" && b.kind === "earlier") return true;
  if (a.kind === "pause" && b.kind === "pause") {
    return a.pause === b.pause && a.account === b.account && sameItems(a.waiting, b.waiting);
  }
  if (a.kind === "account" && b.kind === "account") return a.account === b.account;
  if (a.kind === "project" && b.kind === "project") {
    return a.project === b.project && JSON.stringify(a.counts) === JSON.stringify(b.counts);
  }
  return false;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
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
