import type { ShownState } from "../../../presentation/state-icons.ts";
import { stateWords } from "../../../presentation/wording.ts";
import { BAR_HEIGHT, barPaths } from "./bar-paths.ts";

const shown: readonly ShownState[] = ["RUNNING", "WAITING_USER", "IDLE", "PAUSED", "ERROR", "UNKNOWN"];

/** What the bars look like in each state. */
export function Legend() {
  return (
    <ul class="session-legend" aria-label="What the bars show">
      {shown.map((state) => (
        <li key={state}>
          <svg viewBox={`0 0 1000 ${BAR_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <path
              class={`bar-${state}`}
              d={barPaths([{ state, from: 0, until: 1 }], { from: 0, until: 1 }).get(state)}
            />
          </svg>
          {stateWords[state]}
        </li>
      ))}
    </ul>
  );
}
