import type { Model } from "../client/model.ts";
import type { Project, Session, Task } from "../protocol/entities.ts";
import type { Account } from "../protocol/limits.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { goesOnByItself } from "./continuation-words.ts";
import { byEnd } from "./limit-words.ts";
import { addQueue } from "./queue-rows.ts";
import { addSession, addTask, countStates, isOfConversation } from "./session-rows.ts";
import { nodeId, type NodeId, type PauseNode, type StateCounts, type Tree, type TreeNode } from "./tree-nodes.ts";
import { bySession, byTask, byWaiting, byWaitingThenName, longestWaiting, type NamedAndWaiting } from "./tree-order.ts";
import { addWorktree, type ShownWorktree, worktreesShown } from "./worktree-rows.ts";

/**
 * Everything the tree shows: the queue, pauses, projects that have something to show with their sessions, worktrees and foreign tasks, the
 * sessions' prompts, and what is used of each account.
 */
export function buildTree(model: Model): Tree {
  const promptsOf = groupBy(filter(model.tasks.values(), isOfConversation), (task) => task.sessionId ?? "");
  const nodes = new Map<NodeId, TreeNode>();
  const roots: NodeId[] = [];
  addQueue(nodes, roots, model);
  addPauses(nodes, roots, model);
  for (const shown of projectsShown(model)) {
    const { project, sessions, worktrees } = shown;
    const id = nodeId.project(project.id);
    roots.push(id);
    nodes.set(id, { kind: "project", id, parent: null, project, counts: shown.counts, children: childrenOf(shown) });
    const addSessions = (parent: NodeId, added: readonly Session[]) => {
      for (const session of added) {
        const isPauseOver = session.continuation !== null && !model.pauses.has(session.continuation.pauseId);
        addSession(nodes, { parent, project, session, isPauseOver }, promptsOf.get(session.id) ?? []);
      }
    };
    addSessions(id, sessions);
    for (const task of shown.foreign) addTask(nodes, id, task);
    for (const each of worktrees) {
      addWorktree(nodes, id, project, each);
      addSessions(nodeId.worktree(each.worktree.id), each.sessions);
    }
  }
  addAccounts(nodes, roots, model);
  return { roots, nodes };
}

interface ShownProject extends NamedAndWaiting {
  readonly project: Project;
  /** Those of the main checkout, and of worktrees that nobody knows. */
  readonly sessions: readonly Session[];
  readonly foreign: readonly Task[];
  readonly worktrees: readonly ShownWorktree[];
  readonly counts: StateCounts;
}

/** The projects that have something to show, in their order. */
function projectsShown(model: Model): readonly ShownProject[] {
  const sessionsOf = groupBy(
    filter(model.sessions.values(), ({ archivedAt }) => archivedAt === null),
    (session) => session.projectId,
  );
  const worktreesOf = groupBy(model.worktrees.values(), (worktree) => worktree.projectId);
  const processesOf = groupBy(model.processes.values(), (process) => process.worktreeId);
  const foreignOf = groupBy(
    filter(model.tasks.values(), ({ kind }) => kind === "foreign"),
    (task) => task.projectId,
  );
  const shown = [...model.projects.values()].flatMap((project): ShownProject[] => {
    const all = (sessionsOf.get(project.id) ?? []).sort(bySession);
    const foreign = (foreignOf.get(project.id) ?? []).sort(byTask);
    const own = worktreesOf.get(project.id) ?? [];
    const worktrees = worktreesShown(
      own.map((worktree) => ({
        worktree,
        sessions: all.filter(({ worktreeId }) => worktreeId === worktree.id),
        processes: processesOf.get(worktree.id) ?? [],
      })),
    );
    if (all.length + foreign.length + worktrees.length === 0) return [];
    const known = new Set(own.map(({ id }) => id));
    const sessions = all.filter(({ worktreeId }) => worktreeId === null || !known.has(worktreeId));
    const counts = countStates(all, foreign);
    const waitingSince = longestWaiting(all, foreign);
    return [{ id: project.id, name: project.name, project, sessions, foreign, worktrees, counts, waitingSince }];
  });
  return shown.sort(byWaitingThenName);
}

/** Sessions before foreign tasks, but of both first those that are alive, then the worktrees, and what has ended last. */
function childrenOf({ sessions, foreign, worktrees }: ShownProject): NodeId[] {
  const ids = (ended: boolean) => [
    ...sessions.filter(({ endedAt }) => (endedAt !== null) === ended).map(({ id }) => nodeId.session(id)),
    ...foreign.filter(({ endedAt }) => (endedAt !== null) === ended).map(({ id }) => nodeId.task(id)),
  ];
  return [...ids(false), ...worktrees.map(({ worktree }) => nodeId.worktree(worktree.id)), ...ids(true)];
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
