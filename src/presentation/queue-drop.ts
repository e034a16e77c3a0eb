import type { RouteBodyInput } from "../protocol/routes.ts";
import { waitingRows } from "./queue-rows.ts";
import { nodeId, type NodeId, QUEUE_ID, type Tree } from "./tree-nodes.ts";

export type Move = RouteBodyInput<"moveTask">;

/** Where one of several tasks goes that are moved one after the other. */
export interface TaskMove {
  readonly taskId: string;
  readonly move: Move;
}

/** The task of a row that can be put elsewhere in the queue; null for any other row. */
export function draggedTask(tree: Tree, id: NodeId): string | null {
  return waitingRows(tree).find((row) => row.id === id)?.task.id ?? null;
}

/**
 * Where a task goes that is dropped on a row. The editor tells no more than the row, so that gives way: upwards to one that comes from
 * above, downwards to one that comes from below. On the queue itself or on a task that runs it becomes the first that waits, on the row
 * of those that come later the last.
 * @returns null where nothing moves
 */
export function dropMove(tree: Tree, taskId: string, target: NodeId | undefined): Move | null {
  const waiting = waitingRows(tree);
  const from = waiting.findIndex(({ task }) => task.id === taskId);
  const to = waiting.findIndex(({ id }) => id === target);
  const on = target === undefined ? undefined : tree.nodes.get(target);
  if (from === -1) return null;
  if (on?.kind === "later") return from < waiting.length - 1 ? { to: "last" } : null;
  if (to === -1) return (on?.id === QUEUE_ID || on?.kind === "run") && from > 0 ? { to: "first" } : null;
  const neighbour = waiting[to]?.task.id ?? "";
  if (from === to) return null;
  return from < to ? { after: neighbour } : { before: neighbour };
}

/**
 * Where several tasks go that are dropped together: side by side, in the order they have, each after the one before it. The first goes where it
 * would alone; on one of themselves nothing moves.
 */
export function dropMoves(tree: Tree, taskIds: readonly string[], target: NodeId | undefined): readonly TaskMove[] {
  const ordered = waitingRows(tree).filter(({ task }) => taskIds.includes(task.id));
  const [first, ...others] = ordered;
  if (!first || ordered.some(({ id }) => id === target)) return [];
  const on = target === undefined ? undefined : tree.nodes.get(target);
  if (on?.kind !== "queue" && on?.kind !== "run" && on?.kind !== "later") return [];
  const move = dropMove(tree, first.task.id, target);
  // The first may be where it goes already: then the others come to it.
  const begin = move === null ? [] : [{ taskId: first.task.id, move }];
  const follow = others.map(({ task }, index) => ({
    taskId: task.id,
    move: { after: ordered[index]?.task.id ?? first.task.id },
  }));
  return [...begin, ...follow];
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
