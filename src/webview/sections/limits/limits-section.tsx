import * as z from "zod";
import { byEnd, holdingPauses } from "../../../presentation/limit-words.ts";
import { runCommand } from "../../host.ts";
import { sameItems, useModel } from "../../live-state.ts";
import { IconButton } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Section } from "../../parts/section.tsx";
import { useSaved } from "../../saved-state.ts";
import { Accounts } from "./accounts.tsx";
import { PauseCard } from "./pause-card.tsx";
import { usageRangeMs, usageRangeNames, usageRanges } from "./usage-range.ts";

/** What stops agents now, and what is going to: the pauses in force, and what is used of each account. */
export function LimitsSection() {
  const pauses = useModel((model) => [...model.pauses.values()].sort(byEnd), sameItems);
  const hasAccounts = useModel(({ accounts }) => [...accounts.values()].some(({ quotas }) => quotas.length > 0));
  const [range, setRange] = useSaved("limits.range", z.enum(usageRanges), "day");
  const paused = holdingPauses(pauses).length;
  return (
    <Section
      id="limits"
      title="Limits"
      count={paused === 0 ? "" : `${paused} paused`}
      actions={
        <>
          {hasAccounts ? (
            <Choice
              label="How far back the use of accounts is shown"
              choices={usageRanges}
              nameOf={(id) => usageRangeNames[id]}
              value={range}
              onChange={setRange}
            />
          ) : null}
          <IconButton icon="debug-pause" label="Pause Agent..." onClick={() => runCommand("pauseAgent")} />
        </>
      }
    >
      {pauses.length === 0 ? null : (
        <ul class="pauses" aria-label="Pauses">
          {pauses.map((pause) => (
            <PauseCard key={pause.id} pause={pause} />
          ))}
        </ul>
      )}
      {hasAccounts ? <Accounts rangeMs={usageRangeMs[range]} /> : null}
      {hasAccounts || pauses.length > 0 ? null : (
        <p class="empty">No agent has told of its limits yet. Claude Code and Codex do so once they run.</p>
      )}
    </Section>
  );
}
