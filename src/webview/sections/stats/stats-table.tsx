import { type Bars, barTotal } from "./bars.ts";
import { type Grouping, groupingNames, type Measure, measureNames } from "./choices.ts";
import { exactWords } from "./value-words.ts";

interface StatsTableProps {
  readonly bars: Bars;
  readonly measure: Measure;
  readonly grouping: Grouping;
}

/** The chart's numbers. */
export function StatsTable({ bars, measure, grouping }: StatsTableProps) {
  const caption = `${measureNames[measure]} by ${groupingNames[grouping].toLowerCase()}`;
  const hasTotal = bars.series.length > 1;
  return (
    // It is wider than a side bar where there are many agents; then the keyboard moves it too.
    <div class="stats-table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="said">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{groupingNames[grouping]}</th>
            {bars.series.map(({ label }) => (
              <th key={label} scope="col" class="stats-number">
                {label}
              </th>
            ))}
            {hasTotal ? (
              <th scope="col" class="stats-number">
                Together
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {bars.labels.map((label, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {bars.series.map((series) => (
                <td key={series.label} class="stats-number">
                  {exactWords(measure, series.values[index] ?? null)}
                </td>
              ))}
              {hasTotal ? <td class="stats-number">{exactWords(measure, barTotal(bars, index))}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
