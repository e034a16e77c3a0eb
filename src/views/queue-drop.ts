import type { RouteBodyInput } from "../protocol/routes.ts";
import { waitingRows } from "./queue-rows.ts";
import { nodeId, type NodeId, QUEUE_ID, type Tree } from "./tree-nodes.ts";

export type Move = RouteBodyInput<"moveTask">;

/** The task of a row that can be put elsewhere in the queue; null for any other row. */
export function draggedTask(tree: Tree, id: NodeId): string | null {
  return waitingRows(tree).find((row) => row.id === id)?.task.id ?? null;
}

/**
 * Where a task goes that is dropped on a row. The editor tells no more than the row, so that gives way: upwards to one that comes from
 * above, downwards to one that comes from below. On the queue itself or on a task that runs it becomes the first that waits.
 * @returns null where nothing moves
 */
export function dropMove(tree: Tree, taskId: string, target: NodeId | undefined): Move | null {
  const waiting = waitingRows(tree);
  const from = waiting.findIndex(({ task }) => task.id === taskId);
  const to = waiting.findIndex(({ id }) => id === target);
  const on = target === undefined ? undefined : tree.nodes.get(target);
  if (from === -1) return null;
  if (to === -1) return (on?.id === QUEUE_ID || on?.kind === "run") && from > 0 ? { to: "first" } : null;
  const neighbour = waiting[to]?.task.id ?? "";
  if (from === to) return null;
  return from < to ? { after: neighbour } : { before: neighbour };
}

/** One place up or down among those that wait; null at the end. */
export function stepMove(tree: Tree, taskId: string, step: "up" | "down"): Move | null {
  const waiting = waitingRows(tree);
  const from = waiting.findIndex(({ task }) => task.id === taskId);
  const neighbour = from === -1 ? undefined : waiting[step === "up" ? from - 1 : from + 1];
  return neighbour ? dropMove(tree, taskId, nodeId.run(neighbour.task.id)) : null;
}

/** Where it stands, for bringing it back there: before which task; null at the end. */
export function nextInQueue(tree: Tree, taskId: string): string | null {
  const waiting = waitingRows(tree);
  const index = waiting.findIndex(({ task }) => task.id === taskId);
  return index === -1 ? null : (waiting[index + 1]?.task.id ?? null);
}
