import type { Model } from "../client/model.ts";
import type { Task } from "../protocol/entities.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { nodeId, type NodeId, QUEUE_ID, type RunNode, type Tree, type TreeNode } from "./tree-nodes.ts";
import { worktreeName } from "./worktree-words.ts";

/** The tasks that were handed over to Tally and have not ended: those that run, then those that wait, in their order. */
export function queueOf({ tasks }: Model): readonly Task[] {
  return [...tasks.values()].filter(({ kind, state }) => kind === "run" && !isTaskEnded(state)).sort(byQueue);
}

/** Whether it has a place in the queue's order. */
export function isQueued({ kind, state }: Task): boolean {
  return kind === "run" && (state === "QUEUED" || state === "BLOCKED");
}

/** Adds the queue's row with those of its tasks, where there are any. */
export function addQueue(nodes: Map<NodeId, TreeNode>, roots: NodeId[], model: Model): void {
  const tasks = queueOf(model);
  if (tasks.length === 0) return;
  const waiting = tasks.filter(isQueued);
  const children = tasks.map(({ id }) => nodeId.run(id));
  roots.push(QUEUE_ID);
  nodes.set(QUEUE_ID, {
    kind: "queue",
    id: QUEUE_ID,
    parent: null,
    children,
    running: tasks.length - waiting.length,
    waiting: waiting.length,
  });
  const places = new Set<string>();
  for (const task of tasks) {
    const place = task.worktreeId ?? task.projectId;
    const isBehind = places.has(place);
    places.add(place);
    const row = runNode(model, task);
    nodes.set(row.id, { ...row, isBehind, isFirst: task === waiting[0], isLast: task === waiting.at(-1) });
  }
}

/** The tasks that wait, as the tree shows them. */
export function waitingRows({ nodes }: Tree): readonly RunNode[] {
  return (nodes.get(QUEUE_ID)?.children ?? []).flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === "run" && isQueued(node.task) ? [node] : [];
  });
}

function runNode(model: Model, task: Task): Omit<RunNode, "isBehind" | "isFirst" | "isLast"> {
  const worktree = task.worktreeId === null ? undefined : model.worktrees.get(task.worktreeId);
  const session = task.sessionId === null ? undefined : model.sessions.get(task.sessionId);
  return {
    kind: "run",
    id: nodeId.run(task.id),
    parent: QUEUE_ID,
    children: [],
    task,
    place: worktree ? worktreeName(worktree) : (model.projects.get(task.projectId)?.name ?? ""),
    account: task.accountId === null ? null : (model.accounts.get(task.accountId)?.label ?? null),
    session: session ? { title: session.title, isWaiting: isWaiting(session) } : null,
  };
}

function byQueue(a: Task, b: Task): number {
  return (
    Number(isQueued(a)) - Number(isQueued(b)) ||
    (isQueued(a) ? (a.position ?? 0) - (b.position ?? 0) : (a.startedAt ?? 0) - (b.startedAt ?? 0)) ||
    a.createdAt - b.createdAt ||
    a.id.localeCompare(b.id)
  );
}
