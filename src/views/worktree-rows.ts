import type { Project, Session, Worktree } from "../protocol/entities.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { countStates } from "./session-rows.ts";
import { nodeId, type NodeId, type TreeNode } from "./tree-nodes.ts";
import { byWaitingThenName, longestWaiting } from "./tree-order.ts";

/** What is shown of a worktree. */
export interface ShownWorktree {
  readonly worktree: Worktree;
  /** Sorted. */
  readonly sessions: readonly Session[];
  readonly processes: readonly HelperProcess[];
}

/** The worktrees that have a row, in their order: of those that Tally did not make only the ones in which sessions are. */
export function worktreesShown(worktrees: readonly ShownWorktree[]): readonly ShownWorktree[] {
  return worktrees
    .filter(({ worktree, sessions }) => worktree.status !== "seen" || sessions.length > 0)
    .map((shown) => {
      const { id, name } = shown.worktree;
      return { ...shown, id, name, waitingSince: longestWaiting(shown.sessions, []) };
    })
    .sort(byWaitingThenName);
}

/** Adds a worktree's row, and what it alone has below it; the sessions' own rows are the caller's to add. */
export function addWorktree(
  nodes: Map<NodeId, TreeNode>,
  parent: NodeId,
  project: Project,
  { worktree, sessions, processes }: ShownWorktree,
): void {
  const id = nodeId.worktree(worktree.id);
  const rows = processes.filter(isShown).sort(byProcess);
  const sessionIds = (ended: boolean) =>
    sessions.filter(({ endedAt }) => (endedAt !== null) === ended).map((session) => nodeId.session(session.id));
  const children = [
    ...sessionIds(false),
    ...rows.map((process) => nodeId.process(process.id)),
    ...sessionIds(true),
    ...(worktree.shared.length > 0 ? [nodeId.shared(worktree.id)] : []),
  ];
  nodes.set(id, { kind: "worktree", id, parent, worktree, project, counts: countStates(sessions, []), children });
  for (const process of rows) {
    const rowId = nodeId.process(process.id);
    nodes.set(rowId, { kind: "process", id: rowId, parent: id, process, worktree, children: [] });
  }
  if (worktree.shared.length > 0) addShared(nodes, id, worktree);
}

function addShared(nodes: Map<NodeId, TreeNode>, parent: NodeId, { id: worktreeId, shared }: Worktree): void {
  const id = nodeId.shared(worktreeId);
  const pathId = (path: string) => nodeId.sharedPath(worktreeId, path);
  nodes.set(id, { kind: "shared", id, parent, children: shared.map(pathId) });
  for (const path of shared) {
    nodes.set(pathId(path), { kind: "sharedPath", id: pathId(path), parent: id, path, children: [] });
  }
}

/** Of a command that ran once and ended well there is nothing to tell. */
function isShown({ kind, state }: HelperProcess): boolean {
  return kind === "process" || state === "STARTING" || state === "RUNNING" || state === "ERROR";
}

const kindRank: Record<HelperProcess["kind"], number> = { setup: 0, teardown: 1, process: 2 };

/** Never by state: rows stay where they are while processes come and go. */
function byProcess(a: HelperProcess, b: HelperProcess): number {
  return (
    kindRank[a.kind] - kindRank[b.kind] ||
    a.createdAt - b.createdAt ||
    a.name.localeCompare(b.name, undefined, { numeric: true }) ||
    a.id.localeCompare(b.id)
  );
}
