import type { Session, Task } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { nodeId, type NodeId, type SessionNode, type StateCounts, type TreeNode } from "./tree-nodes.ts";
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
  row: Pick<SessionNode, "project" | "session" | "isPauseOver"> & { readonly parent: NodeId },
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

export function addTask(nodes: Map<NodeId, TreeNode>, parent: NodeId, task: Task): void {
  const id = nodeId.task(task.id);
  nodes.set(id, { kind: "task", id, parent, task, children: [] });
}

export function countStates(sessions: readonly Session[], foreign: readonly Task[]): StateCounts {
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
