import type { Model } from "../protocol/model.ts";
import type { Task } from "../protocol/entities.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { LATER_ID, nodeId, type NodeId, QUEUE_ID, type RunNode, type Tree, type TreeNode } from "./tree-nodes.ts";
import { worktreeName } from "./worktree-words.ts";

/** So many of the tasks that wait are shown at once; those after them are one row, so that sessions stay in view. */
export const WAITING_SHOWN = 5;

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
  const running = tasks.length - waiting.length;
  const isOneTooMany = waiting.length === WAITING_SHOWN + 1;
  const shown = running + WAITING_SHOWN + (isOneTooMany ? 1 : 0);
  const next = tasks.slice(0, shown).map(({ id }) => nodeId.run(id));
  const later = tasks.slice(shown).map(({ id }) => nodeId.run(id));
  roots.push(QUEUE_ID);
  if (later.length > 0) nodes.set(LATER_ID, { kind: "later", id: LATER_ID, parent: QUEUE_ID, children: later });
  nodes.set(QUEUE_ID, {
    kind: "queue",
    id: QUEUE_ID,
    parent: null,
    children: later.length > 0 ? [...next, LATER_ID] : next,
    running,
    waiting: waiting.length,
  });
  const places = new Set<string>();
  for (const [index, task] of tasks.entries()) {
    const place = task.worktreeId ?? task.projectId;
    const isBehind = places.has(place);
    places.add(place);
    const row = runNode(model, task);
    const parent = index < shown ? QUEUE_ID : LATER_ID;
    nodes.set(row.id, { ...row, parent, isBehind, isFirst: task === waiting[0], isLast: task === waiting.at(-1) });
  }
}

/** The tasks that wait, as the tree shows them, in their order. */
export function waitingRows({ nodes }: Tree): readonly RunNode[] {
  const ids = [QUEUE_ID, LATER_ID].flatMap((id) => nodes.get(id)?.children ?? []);
  return ids.flatMap((id) => {
    const node = nodes.get(id);
    return node?.kind === "run" && isQueued(node.task) ? [node] : [];
  });
}

/** A task of the queue but for where it stands in it. */
export function runNode(model: Model, task: Task): Omit<RunNode, "isBehind" | "isFirst" | "isLast"> {
  const session = task.sessionId === null ? undefined : model.sessions.get(task.sessionId);
  const account = task.accountId === null ? undefined : model.accounts.get(task.accountId);
  return {
    kind: "run",
    id: nodeId.run(task.id),
    parent: QUEUE_ID,
    children: [],
    task,
    place: placeName(task, model),
    account: account && !account.isDefault ? account.label : null,
    session: session ? { title: session.title, isWaiting: isWaiting(session) } : null,
  };
}

/** The name of the worktree it is done in, or of its project. */
export function placeName(
  { worktreeId, projectId }: Pick<Task, "worktreeId" | "projectId">,
  { worktrees, projects }: Pick<Model, "worktrees" | "projects">,
): string {
  const worktree = worktreeId === null ? undefined : worktrees.get(worktreeId);
  return worktree ? worktreeName(worktree) : (projects.get(projectId)?.name ?? "");
}

function byQueue(a: Task, b: Task): number {
  return (
    Number(isQueued(a)) - Number(isQueued(b)) ||
    (isQueued(a) ? (a.position ?? 0) - (b.position ?? 0) : (a.startedAt ?? 0) - (b.startedAt ?? 0)) ||
    a.createdAt - b.createdAt ||
    a.id.localeCompare(b.id)
  );
}
