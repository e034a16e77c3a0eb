import { groupBy } from "../../../presentation/group-by.ts";
import { tokensOf } from "../../../presentation/wording.ts";
import type { DayStats } from "../../../protocol/stats.ts";
import type { Grouping, Measure } from "./choices.ts";
import { agentColours, type ChartColour, MAX_AGENTS } from "./series-colours.ts";
import { costOf } from "./totals.ts";

/** Some of the bars' parts: those of one agent, of one outcome, of one kind of token. */
export interface Series {
  readonly label: string;
  readonly colour: ChartColour;
  /** One for each bar; null where an agent did not tell. */
  readonly values: readonly (number | null)[];
}

/** What a chart draws, and a table lists. */
export interface Bars {
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

/** More bars than these are not taken in; the least of them are drawn as one. */
export const MAX_ROWS = 10;

interface Group {
  readonly label: string;
  readonly stats: readonly DayStats[];
}

interface Part {
  readonly label: string;
  readonly colour: ChartColour;
  readonly valueOf: (stats: readonly DayStats[]) => number | null;
}

/** A bar for each day, also where nothing was done on it; stacked by agent, or by outcome where that is asked for. */
export function barsByDay(stats: readonly DayStats[], days: readonly string[], measure: Measure): Bars {
  const byDay = groupBy(stats, ({ day }) => day);
  const groups = days.map((day) => ({ label: day, stats: byDay.get(day) ?? [] }));
  return barsOf(groups, measure === "outcomes" ? outcomeParts : agentParts(stats, measure));
}

/** A bar for each agent or project, the largest first, in parts where the measure has some. */
export function barsByName(
  stats: readonly DayStats[],
  grouping: Exclude<Grouping, "day">,
  measure: Measure,
  projectNames: ReadonlyMap<string, string>,
): Bars {
  const nameOf = ({ agent, projectId }: DayStats) =>
    grouping === "agent" ? agent : (projectNames.get(projectId) ?? "removed project");
  const groups = [...groupBy(stats, nameOf)]
    .map(([label, of]) => ({ label, stats: of, size: amount(measure, of) ?? 0 }))
    .sort((a, b) => b.size - a.size || (a.label < b.label ? -1 : 1));
  return barsOf(withoutTail(groups, MAX_ROWS), partsOf(measure));
}

function barsOf(groups: readonly Group[], parts: readonly Part[]): Bars {
  return {
    labels: groups.map(({ label }) => label),
    series: parts.map(({ label, colour, valueOf }) => ({
      label,
      colour,
      values: groups.map(({ stats }) => valueOf(stats)),
    })),
  };
}

/** The last ones as one, where there are more than `max`. */
function withoutTail(groups: readonly Group[], max: number): Group[] {
  if (groups.length <= max) return [...groups];
  const tail = groups.slice(max - 1);
  return [...groups.slice(0, max - 1), { label: `${tail.length} others`, stats: tail.flatMap(({ stats }) => stats) }];
}

function agentParts(stats: readonly DayStats[], measure: Measure): Part[] {
  const groups = [...groupBy(stats, ({ agent }) => agent)]
    .map(([label, of]) => ({ label, stats: of, size: amount(measure, of) }))
    // One of whom nothing is known is listed all the same.
    .filter(({ size }) => size !== 0)
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0) || (a.label < b.label ? -1 : 1));
  const colours = agentColours(groups.slice(0, MAX_AGENTS).map(({ label }) => label));
  return withoutTail(groups, MAX_AGENTS).map(({ label, stats: of }) => {
    const agents = new Set(of.map(({ agent }) => agent));
    return {
      label,
      colour: colours.get(label) ?? "muted",
      valueOf: (group) =>
        amount(
          measure,
          group.filter(({ agent }) => agents.has(agent)),
        ),
    };
  });
}

function partsOf(measure: Measure): Part[] {
  switch (measure) {
    case "tokens":
      return tokenParts;
    case "outcomes":
      return outcomeParts;
    case "cost":
      return [{ label: "Cost", colour: "blue", valueOf: (stats) => amount("cost", stats) }];
    case "time":
      return [{ label: "Time", colour: "blue", valueOf: (stats) => amount("time", stats) }];
  }
}

const tokenParts: Part[] = [
  { label: "In", colour: "blue", valueOf: (stats) => sum(stats, ({ usage }) => usage.inputTokens) },
  { label: "Out", colour: "purple", valueOf: (stats) => sum(stats, ({ usage }) => usage.outputTokens) },
  {
    label: "Cached",
    colour: "muted",
    valueOf: (stats) => sum(stats, ({ usage }) => usage.cacheReadTokens + usage.cacheWriteTokens),
  },
];

const outcomeParts: Part[] = [
  { label: "Done", colour: "green", valueOf: (stats) => sum(stats, ({ done }) => done) },
  { label: "Failed", colour: "red", valueOf: (stats) => sum(stats, ({ failed }) => failed) },
  { label: "Cancelled", colour: "muted", valueOf: (stats) => sum(stats, ({ cancelled }) => cancelled) },
];

function amount(measure: Measure, stats: readonly DayStats[]): number | null {
  switch (measure) {
    case "tokens":
      return sum(stats, ({ usage }) => tokensOf(usage));
    case "cost":
      return costOf(stats);
    case "outcomes":
      return sum(stats, ({ done, failed, cancelled }) => done + failed + cancelled);
    case "time":
      return sum(stats, ({ executionMs }) => executionMs);
  }
}

function sum(stats: readonly DayStats[], count: (of: DayStats) => number): number {
  return stats.reduce((total, of) => total + count(of), 0);
}

/** What the parts of a bar come to, as far as it was told; null where nothing was. */
export function barTotal({ series }: Bars, index: number): number | null {
  return addUp(series.map(({ values }) => values[index] ?? null));
}

export function seriesTotal({ values }: Series): number | null {
  return addUp(values);
}

/** Zero where there is nothing to add, null where there is and none of it was told. */
export function addUp(values: readonly (number | null)[]): number | null {
  const told = values.filter((value) => value !== null);
  const total = told.reduce((sum, value) => sum + value, 0);
  return total === 0 && told.length < values.length ? null : total;
}
