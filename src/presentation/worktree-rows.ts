import type { Project, Session, Worktree } from "../protocol/entities.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { addRows, type AddSessions } from "./folded-rows.ts";
import { countStates } from "./session-rows.ts";
import { nodeId, type NodeId, type TreeNode } from "./tree-nodes.ts";
import { orderOfGroups, rankOf } from "./tree-order.ts";
import type { Sorting } from "./tree-options.ts";

/** What is shown of a worktree. */
export interface ShownWorktree {
  readonly worktree: Worktree;
  /** Sorted. */
  readonly sessions: readonly Session[];
  readonly processes: readonly HelperProcess[];
}

/** The worktrees that have a row, in their order: of those that Tally did not make only the ones in which sessions are. */
export function worktreesShown(worktrees: readonly ShownWorktree[], sorting: Sorting): readonly ShownWorktree[] {
  return worktrees
    .filter(({ worktree, sessions }) => worktree.status !== "seen" || sessions.length > 0)
    .map((shown) => {
      const { id, name } = shown.worktree;
      return { ...shown, id, name, ...rankOf(shown.sessions, []) };
    })
    .sort(orderOfGroups(sorting));
}

/** Adds a worktree's row, and all that stands below it. */
export function addWorktree(
  nodes: Map<NodeId, TreeNode>,
  parent: NodeId,
  project: Project,
  { worktree, sessions, processes }: ShownWorktree,
  addSessions: AddSessions,
): void {
  const id = nodeId.worktree(worktree.id);
  const rows = processes.filter(isShown).sort(byProcess);
  const { live, ended } = addRows(nodes, id, { sessions, foreign: [] }, { addSessions });
  const children = [
    ...live,
    ...rows.map((process) => nodeId.process(process.id)),
    ...ended,
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
