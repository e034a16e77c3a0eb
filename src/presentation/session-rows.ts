import type { Session, Task } from "../protocol/entities.ts";
import type { TaskState } from "../protocol/states.ts";
import { nodeId, type NodeId, type SessionNode, type StateCounts, type TaskNode, type TreeNode } from "./tree-nodes.ts";
import { byTask, shownState } from "./tree-order.ts";

/** So many of a session's prompts are shown at once; those before them are one row. */
export const PROMPTS_SHOWN = 10;

/** Whether it has a row below its session: a prompt, or a run of its own that is over. One that is not is in the queue. */
export function isOfConversation({ kind, sessionId, run, endedAt }: Task): boolean {
  if (sessionId === null || kind === "root") return false;
  // What was done in a terminal has its prompt there.
  return kind !== "run" || (endedAt !== null && run?.via === "headless");
}

/** Adds a session's row, and those of its prompts below it. */
export function addSession(
  nodes: Map<NodeId, TreeNode>,
  row: Pick<SessionNode, "project" | "session" | "isPauseOver" | "place"> & { readonly parent: NodeId },
  prompts: readonly Task[],
): void {
  const { session } = row;
  const id = nodeId.session(session.id);
  const sorted = [...prompts].sort(byTask);
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

/** There may be thousands, and mostly none of them has changed: the row of each is made once, and again when it moves. */
const taskRows = new WeakMap<Task, TaskNode>();

export function addTask(nodes: Map<NodeId, TreeNode>, parent: NodeId, task: Task, place: string | null = null): void {
  const known = taskRows.get(task);
  if (known?.parent === parent && known.place === place) {
    nodes.set(known.id, known);
    return;
  }
  const row: TaskNode = { kind: "task", id: nodeId.task(task.id), parent, task, place, children: [] };
  taskRows.set(task, row);
  nodes.set(row.id, row);
}

const countOf: Partial<Record<ReturnType<typeof shownState> | TaskState, keyof StateCounts>> = {
  WAITING_USER: "waiting",
  UNKNOWN: "unknown",
  PAUSED: "paused",
  BLOCKED: "paused",
  RUNNING: "running",
  STARTING: "running",
};

export function countStates(sessions: readonly Session[], foreign: readonly Task[]): StateCounts {
  const counts = { waiting: 0, unknown: 0, paused: 0, running: 0 };
  for (const session of sessions) {
    const counted = session.endedAt === null ? countOf[shownState(session)] : undefined;
    if (counted) counts[counted] += 1;
  }
  for (const { endedAt, state } of foreign) {
    const counted = endedAt === null ? countOf[state] : undefined;
    if (counted) counts[counted] += 1;
  }
  return counts;
}
