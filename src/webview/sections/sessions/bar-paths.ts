import type { ShownState } from "../../../presentation/state-icons.ts";
import type { Stretch, TimeWindow } from "./timeline.ts";

/** A bar's own measures; it is drawn as wide as there is room. */
export const BAR_WIDTH = 1_000;
export const BAR_HEIGHT = 12;

type Lane = readonly [top: number, bottom: number];

/** Where in the bar's height a state is drawn, so that nobody has to know the colours. */
const lanes: Record<ShownState, readonly Lane[]> = {
  WAITING_USER: [[0, 12]],
  RUNNING: [[2, 10]],
  STARTING: [[4, 8]],
  IDLE: [[5, 7]],
  PAUSED: [
    [2, 4],
    [8, 10],
  ],
  BLOCKED: [
    [2, 4],
    [8, 10],
  ],
  ERROR: [[7, 12]],
  UNKNOWN: [[0, 5]],
  QUEUED: [[5, 7]],
  DONE: [[5, 7]],
  CANCELLED: [[5, 7]],
};

/** A bar as one path for each state that is in it. */
export function barPaths(stretches: readonly Stretch[], { from, until }: TimeWindow): ReadonlyMap<ShownState, string> {
  const paths = new Map<ShownState, string>();
  const x = (at: number) => Math.round(((at - from) / (until - from)) * BAR_WIDTH * 10) / 10;
  for (const stretch of stretches) {
    // What was only just begun is drawn as wide as a step, and has to be before the end for that.
    const overMs = Math.max(0, stretch.until - until);
    const [left, right] = [x(stretch.from - overMs), x(stretch.until - overMs)];
    const drawn = lanes[stretch.state].map(([top, bottom]) => `M${left} ${top}H${right}V${bottom}H${left}Z`).join("");
    paths.set(stretch.state, (paths.get(stretch.state) ?? "") + drawn);
  }
  return paths;
}
