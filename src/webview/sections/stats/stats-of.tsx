import { useMemo } from "preact/hooks";
import * as z from "zod";
import { useModel } from "../../live-state.ts";
import { useSaved } from "../../saved-state.ts";
import { barsByDay, barsByName } from "./bars.ts";
import { type Grouping, type Measure, nothingToDraw } from "./choices.ts";
import { daysUntil, dayWords } from "./day-span.ts";
import { figuresOf } from "./figures.ts";
import { projectNames } from "./project-names.ts";
import { StatsChart } from "./stats-chart.tsx";
import { StatsFigures } from "./stats-figures.tsx";
import { StatsTable } from "./stats-table.tsx";
import { summary } from "./summary.ts";
import { agentsWithoutCost, isEmpty, totalsOf } from "./totals.ts";
import type { StatsAnswer } from "./use-stats.ts";

interface StatsOfProps {
  readonly answer: StatsAnswer;
  readonly measure: Measure;
  readonly grouping: Grouping;
}

/** An answer of the gateway, as figures, chart and table. */
export function StatsOf({ answer, measure, grouping }: StatsOfProps) {
  const { span, today } = answer;
  const projects = useModel((model) => model.projects);
  const [isTableOpen, setTableOpen] = useSaved("stats.table", z.boolean(), false);
  const days = useMemo(() => daysUntil(today, span), [today, span]);
  const { current, totals, figures } = useMemo(() => {
    const first = days[0] ?? today;
    const current = answer.stats.filter(({ day }) => day >= first);
    const totals = totalsOf(current);
    const before = totalsOf(answer.stats.filter(({ day }) => day < first));
    return { current, totals, figures: figuresOf(totals, before, span, agentsWithoutCost(current)) };
  }, [answer, days]);
  const bars = useMemo(() => {
    if (grouping !== "day") return barsByName(current, grouping, measure, projectNames(projects.values()));
    const { labels, series } = barsByDay(current, days, measure);
    return { labels: labels.map(dayWords), series };
  }, [current, days, measure, grouping, projects]);
  if (isEmpty(totals)) return <p class="empty">Nothing was done in these days.</p>;
  if (bars.series.every(({ values }) => values.every((value) => (value ?? 0) === 0))) {
    return (
      <>
        <StatsFigures figures={figures} days={span} />
        <p class="empty">{nothingToDraw[measure]}</p>
      </>
    );
  }
  const direction = grouping === "day" ? "upright" : "level";
  return (
    <>
      <StatsFigures figures={figures} days={span} />
      <StatsChart
        key={direction}
        bars={bars}
        measure={measure}
        direction={direction}
        label={summary(bars, measure, grouping, `the last ${span} days`)}
      />
      <details class="disclosure" open={isTableOpen} onToggle={({ currentTarget }) => setTableOpen(currentTarget.open)}>
        <summary>Show as table</summary>
        {isTableOpen ? <StatsTable bars={bars} measure={measure} grouping={grouping} /> : null}
      </details>
    </>
  );
}
