import * as z from "zod";
import { useNow } from "../../now.ts";
import { Choice } from "../../parts/choice.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Section } from "../../parts/section.tsx";
import { useSaved } from "../../saved-state.ts";
import { groupingNames, groupings, measureNames, measures, spans } from "./choices.ts";
import { calendarDay } from "./day-span.ts";
import { FollowWork } from "./follow-work.tsx";
import { StatsOf } from "./stats-of.tsx";
import { useStats } from "./use-stats.ts";

/** What the work came to: figures, and a chart of them. */
export function StatsSection() {
  return (
    <Section id="stats" title="Work Done">
      <WorkDone />
    </Section>
  );
}

function WorkDone() {
  const [span, setSpan] = useSaved("stats.span", z.literal(spans), 30);
  const [measure, setMeasure] = useSaved("stats.measure", z.enum(measures), "tokens");
  const [grouping, setGrouping] = useSaved("stats.grouping", z.enum(groupings), "day");
  const { answer, failure, isAsking, askNow, askSoon } = useStats(span, calendarDay(useNow()));
  return (
    <div class="stats" aria-busy={isAsking}>
      <FollowWork onChange={askSoon} />
      <div class="stats-choices">
        <Choice label="Days" choices={spans} nameOf={(days) => `Last ${days} days`} value={span} onChange={setSpan} />
        <Choice
          label="What is shown"
          choices={measures}
          nameOf={(choice) => measureNames[choice]}
          value={measure}
          onChange={setMeasure}
        />
        <Choice
          label="Shown by"
          choices={groupings}
          nameOf={(choice) => `By ${groupingNames[choice].toLowerCase()}`}
          value={grouping}
          onChange={setGrouping}
        />
      </div>
      {failure === null ? null : <Failure text={`What was done could not be read: ${failure}`} onTryAgain={askNow} />}
      {answer === null ? null : <StatsOf answer={answer} measure={measure} grouping={grouping} />}
    </div>
  );
}
