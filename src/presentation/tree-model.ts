import type { Model } from "../protocol/model.ts";
import type { Session, Task } from "../protocol/entities.ts";
import type { Account } from "../protocol/limits.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { goesOnByItself } from "./continuation-words.ts";
import type { AddSessions } from "./folded-rows.ts";
import { groupBy } from "./group-by.ts";
import { addAgents, addArchived, addStates } from "./group-rows.ts";
import { byEnd } from "./limit-words.ts";
import { addProjects, type ShownWork } from "./project-rows.ts";
import { addQueue } from "./queue-rows.ts";
import { addSession, isOfConversation } from "./session-rows.ts";
import { nodeId, type NodeId, type PauseNode, type StateCounts, type Tree, type TreeNode } from "./tree-nodes.ts";
import { defaultTreeOptions, type Sorting, type TreeOptions } from "./tree-options.ts";
import { bySession, byTask, byWaiting, orderOfSessions } from "./tree-order.ts";

/**
 * Everything the tree shows but for what a filter leaves out: pauses, sessions and foreign tasks with their prompts below what they are grouped
 * by, in the grouping by project also worktrees, the queue, and what is used of each account.
 */
export function buildTree(model: Model, options: Omit<TreeOptions, "filter"> = defaultTreeOptions): Tree {
  const { grouping, sorting, showsArchived } = options;
  const nodes = new Map<NodeId, TreeNode>();
  const roots: NodeId[] = [];
  const work = workShown(model, sorting);
  const adding = sessionAdding(nodes, model);
  // Made first, though shown later: the editor exchanges rows in the order in which they were made, and those of the queue often go while
  // they have the focus.
  const queue: NodeId[] = [];
  addQueue(nodes, queue, model);
  addPauses(nodes, roots, model);
  const placed = { nodes, roots, model, addSessions: adding((session) => projectName(model, session)) };
  switch (grouping) {
    case "project":
      addProjects(nodes, roots, model, { work, sorting, addSessions: adding(() => null) });
      break;
    case "state":
      addStates(placed, work);
      break;
    case "agent":
      addAgents(placed, work, sorting);
  }
  // Who waits for the person comes before what waits for its turn.
  roots.push(...queue);
  if (showsArchived) addArchived(placed);
  addAccounts(nodes, roots, model);
  return { roots, nodes };
}

function workShown({ projects, sessions, tasks }: Model, sorting: Sorting): ShownWork {
  const shown = [...sessions.values()].filter(
    ({ archivedAt, projectId }) => archivedAt === null && projects.has(projectId),
  );
  const foreign = [...tasks.values()].filter(({ kind, projectId }) => kind === "foreign" && projects.has(projectId));
  const byLatest = (a: Task, b: Task) => b.updatedAt - a.updatedAt || byTask(a, b);
  return {
    sessions: shown.sort(orderOfSessions(sorting)),
    foreign: foreign.sort(sorting === "waiting" ? byTask : byLatest),
  };
}

/** Adds sessions with their prompts, each with the place that its row is to say. */
function sessionAdding(
  nodes: Map<NodeId, TreeNode>,
  { tasks, projects, pauses }: Model,
): (placeOf: (session: Session) => string | null) => AddSessions {
  const promptsOf = groupBy(filter(tasks.values(), isOfConversation), (task) => task.sessionId ?? "");
  return (placeOf) => (parent, sessions) => {
    for (const session of sessions) {
      const project = projects.get(session.projectId);
      if (!project) continue;
      const isPauseOver = session.continuation !== null && !pauses.has(session.continuation.pauseId);
      const row = { parent, project, session, isPauseOver, place: placeOf(session) };
      addSession(nodes, row, promptsOf.get(session.id) ?? []);
    }
  };
}

function projectName({ projects }: Model, { projectId }: Session): string | null {
  return projects.get(projectId)?.name ?? null;
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
    // In a grouping each session and each task stands below one root.
    if (node?.kind !== "project" && node?.kind !== "group") continue;
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

function* filter<T>(items: Iterable<T>, keep: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (keep(item)) yield item;
}
