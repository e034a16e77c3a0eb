import { tookWords } from "../../../presentation/run-words.ts";
import type { ShownState } from "../../../presentation/state-icons.ts";
import { stateWords } from "../../../presentation/wording.ts";
import { type Stretch, totalsOf } from "./timeline.ts";

/** What a person asks for first, said first. */
const order: readonly ShownState[] = ["RUNNING", "WAITING_USER", "PAUSED", "ERROR", "UNKNOWN", "IDLE"];

/** What a bar shows, in words: `running 42 min, waiting for you 3 min, idle 10 min`. */
export function timelineWords(stretches: readonly Stretch[]): string {
  const totals = totalsOf(stretches.map((stretch) => (stretch.state === "STARTING" ? running(stretch) : stretch)));
  const parts = order.flatMap((state) => {
    const ms = totals.get(state) ?? 0;
    return ms > 0 ? [`${stateWords[state]} ${tookWords(ms)}`] : [];
  });
  return parts.length === 0 ? "did not run" : parts.join(", ");
}

/** A start is too short to be told of apart from what it begins. */
function running(stretch: Stretch): Stretch {
  return { ...stretch, state: "RUNNING" };
}
