import type { Project, Usage } from "../../protocol/entities.ts";
import type { DayStats } from "../../protocol/stats.ts";
import { noUsage, sumToldUsage } from "../../protocol/usage.ts";

export const groupings = ["day", "agent", "project"] as const;
export type Grouping = (typeof groupings)[number];

/** What was done in all on one day, by one agent, or in one project. */
export interface Work {
  readonly name: string;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly executionMs: number;
  readonly usage: Usage;
}

const nothing: Omit<Work, "name"> = {
  done: 0,
  failed: 0,
  cancelled: 0,
  executionMs: 0,
  usage: noUsage,
};

/** Days in their order; of agents and projects those with the most tasks first. */
export function groupWork(
  days: readonly DayStats[],
  by: Grouping,
  projects: readonly Pick<Project, "id" | "name">[],
): Work[] {
  const groups = new Map<string, Work>();
  for (const each of days) {
    const key = by === "project" ? each.projectId : each[by];
    const name = by === "project" ? (projects.find(({ id }) => id === key)?.name ?? key) : key;
    groups.set(key, withMore(groups.get(key) ?? { name, ...nothing }, each));
  }
  const works = [...groups.values()];
  return by === "day" ? works : works.sort((a, b) => taskCount(b) - taskCount(a) || a.name.localeCompare(b.name));
}

export function totalWork(days: readonly DayStats[]): Work {
  return days.reduce<Work>(withMore, { name: "total", ...nothing });
}

function taskCount({ done, failed, cancelled }: Work): number {
  return done + failed + cancelled;
}

function withMore(work: Work, more: Omit<DayStats, "day" | "startsAt" | "agent" | "projectId">): Work {
  return {
    name: work.name,
    done: work.done + more.done,
    failed: work.failed + more.failed,
    cancelled: work.cancelled + more.cancelled,
    executionMs: work.executionMs + more.executionMs,
    usage: sumToldUsage(work.usage, more.usage),
  };
}
