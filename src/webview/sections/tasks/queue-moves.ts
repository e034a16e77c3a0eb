import type { Move } from "../../../presentation/queue-drop.ts";

/** Where in a row it is dropped. */
export type Half = "upper" | "lower";

/**
 * Where a task goes that is dropped on the upper or the lower half of another one's row.
 * @param order what waits, in its order
 * @returns null where nothing moves
 */
export function dropInQueue(order: readonly string[], dragged: string, on: string, half: Half): Move | null {
  const [from, to] = [order.indexOf(dragged), order.indexOf(on)];
  if (from === -1 || to === -1 || from === to) return null;
  if (half === "upper") return from === to - 1 ? null : { before: on };
  return from === to + 1 ? null : { after: on };
}

/** One place up or down; null at the end. */
export function stepInQueue(order: readonly string[], id: string, step: "up" | "down"): Move | null {
  const from = order.indexOf(id);
  const neighbour = from === -1 ? undefined : order[step === "up" ? from - 1 : from + 1];
  if (neighbour === undefined) return null;
  return step === "up" ? { before: neighbour } : { after: neighbour };
}
