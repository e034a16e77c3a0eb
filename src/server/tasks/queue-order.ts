import type { Task } from "../../protocol/entities.ts";

export type Move = { readonly to: "first" | "last" } | { readonly before: string } | { readonly after: string };

/** Between two places there is room for so many halvings and more. */
const STEP = 1_024;
const TOO_NARROW = 1e-6;

/**
 * The place of a task after a move among those that wait.
 * @param waiting all that wait, in their order.
 * @returns null when there is no room left between two of them: {@link spread} makes some. Undefined when `before` or `after` names none of them.
 */
export function positionAfter(waiting: readonly Task[], id: string, move: Move): number | null | undefined {
  const others = waiting.filter((task) => task.id !== id).map((task) => ({ id: task.id, at: task.position ?? 0 }));
  if ("to" in move) {
    const edge = move.to === "first" ? others[0] : others.at(-1);
    if (!edge) return 0;
    return move.to === "first" ? edge.at - STEP : edge.at + STEP;
  }
  const anchorId = "before" in move ? move.before : move.after;
  const index = others.findIndex((other) => other.id === anchorId);
  if (index === -1) return undefined;
  const [lower, upper] = "before" in move ? [others[index - 1], others[index]] : [others[index], others[index + 1]];
  if (!lower) return (upper?.at ?? 0) - STEP;
  if (!upper) return lower.at + STEP;
  return upper.at - lower.at < TOO_NARROW ? null : (lower.at + upper.at) / 2;
}

/** The same order, with room between all. */
export function spread(waiting: readonly Task[]): Task[] {
  return waiting.map((task, index) => ({ ...task, position: index * STEP }));
}
