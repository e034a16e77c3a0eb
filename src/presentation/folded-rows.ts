import type { Session, Task } from "../protocol/entities.ts";
import { addTask } from "./session-rows.ts";
import { nodeId, type NodeId, type TreeNode } from "./tree-nodes.ts";
import { byFailure, hasFailed } from "./tree-order.ts";

/** More ended rows than this stand below one of their own, so that what lives stays in view. */
export const ENDED_SHOWN = 5;

/** So many tasks of other tools are shown at once; the editor asks for each row again whenever the row above says something else. */
export const FOREIGN_SHOWN = 20;

/** Sessions and foreign tasks that stand below one row; both sorted. */
export interface Rows {
  readonly sessions: readonly Session[];
  readonly foreign: readonly Task[];
}

/** Adds the rows of sessions below another one. */
export type AddSessions = (parent: NodeId, sessions: readonly Session[]) => void;

export interface AddedRows {
  /** Of what has not ended; of many foreign tasks the first, and the one row that the others stand below. */
  readonly live: readonly NodeId[];
  /** Of what has; of much of it the one row that it stands below. */
  readonly ended: readonly NodeId[];
}

interface Adding {
  readonly addSessions: AddSessions;
  /** What the row of a task says of its place. */
  readonly placeOf?: (task: Task) => string | null;
}

/** Adds the rows of sessions, and after them those of foreign tasks; the row itself, and in which order, is the caller's. */
export function addRows(
  nodes: Map<NodeId, TreeNode>,
  parent: NodeId,
  { sessions, foreign }: Rows,
  adding: Adding,
): AddedRows {
  const endedSessions = sessions.filter(isOver);
  const endedForeign = foreign.filter(isOver);
  const live: Rows =
    endedSessions.length + endedForeign.length === 0
      ? { sessions, foreign }
      : { sessions: sessions.filter(isLive), foreign: foreign.filter(isLive) };
  const liveIds = addSortedRows(nodes, parent, live, adding);
  const ended = [...endedSessions, ...endedForeign];
  if (ended.length <= ENDED_SHOWN) {
    const rows = { sessions: endedSessions, foreign: endedForeign };
    return { live: liveIds, ended: addSortedRows(nodes, parent, rows, adding) };
  }
  const id = nodeId.ended(parent);
  const failed = ended.filter(hasFailed).length;
  adding.addSessions(id, endedSessions);
  addTasks(nodes, id, endedForeign, adding);
  nodes.set(id, { kind: "ended", id, parent, failed, children: ended.sort(byFailure).map(rowId) });
  return { live: liveIds, ended: [id] };
}

/** The same where it does not matter what has ended. */
export function addSortedRows(
  nodes: Map<NodeId, TreeNode>,
  parent: NodeId,
  { sessions, foreign }: Rows,
  adding: Adding,
): readonly NodeId[] {
  adding.addSessions(parent, sessions);
  // In the place of its own row one task more can stand as well.
  const shown = foreign.length === FOREIGN_SHOWN + 1 ? foreign.length : FOREIGN_SHOWN;
  const first = foreign.slice(0, shown);
  const others = foreign.slice(shown);
  addTasks(nodes, parent, first, adding);
  const ids = [...sessions, ...first].map(rowId);
  if (others.length === 0) return ids;
  const id = nodeId.more(parent);
  addTasks(nodes, id, others, adding);
  nodes.set(id, { kind: "more", id, parent, children: others.map(rowId) });
  return [...ids, id];
}

function addTasks(nodes: Map<NodeId, TreeNode>, parent: NodeId, tasks: readonly Task[], { placeOf }: Adding): void {
  for (const task of tasks) addTask(nodes, parent, task, placeOf?.(task) ?? null);
}

function rowId(row: Session | Task): NodeId {
  return "cwd" in row ? nodeId.session(row.id) : nodeId.task(row.id);
}

function isLive({ endedAt }: Session | Task): boolean {
  return endedAt === null;
}

function isOver({ endedAt }: Session | Task): boolean {
  return endedAt !== null;
}
