import { addUp, type Bars, barTotal, seriesTotal } from "./bars.ts";
import { type Grouping, groupingNames, type Measure, measureNames } from "./choices.ts";
import { valueWords } from "./value-words.ts";

/** What the chart shows, in two sentences for who does not see it. */
export function summary(bars: Bars, measure: Measure, grouping: Grouping, spanWords: string): string {
  const name = (word: string) => word.toLowerCase();
  const heading = `Bar chart of ${name(measureNames[measure])} by ${name(groupingNames[grouping])}, ${spanWords}.`;
  const totals = bars.labels.map((_, index) => barTotal(bars, index));
  const all = addUp(totals);
  if (all === null) return `${heading} Nothing of it was told.`;
  const most = largest(totals);
  const peak =
    most === null
      ? ""
      : `, most ${grouping === "day" ? "on" : "by"} ${bars.labels[most] ?? ""} (${valueWords(measure, totals[most] ?? 0)})`;
  const parts =
    bars.series.length < 2
      ? ""
      : ` ${bars.series.map((series) => `${series.label}: ${valueWords(measure, seriesTotal(series))}`).join(", ")}.`;
  return `${heading} ${valueWords(measure, all)} in all${peak}.${parts}`;
}

function largest(totals: readonly (number | null)[]): number | null {
  const max = Math.max(...totals.map((total) => total ?? 0));
  return max > 0 ? totals.indexOf(max) : null;
}
