import { tokensOf } from "../../../presentation/wording.ts";
import type { Session } from "../../../protocol/entities.ts";
import type { DayStats } from "../../../protocol/stats.ts";

/** What was done in some days, all of it together. */
export interface Totals {
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** What is known of it; null where nobody told. */
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly executionMs: number;
}

export function totalsOf(stats: readonly DayStats[]): Totals {
  const sum = (count: (of: DayStats) => number) => stats.reduce((total, of) => total + count(of), 0);
  const tokens = sum(({ usage }) => tokensOf(usage));
  const isCostTold = stats.some(({ usage }) => usage.costUsd !== null);
  return {
    done: sum(({ done }) => done),
    failed: sum(({ failed }) => failed),
    cancelled: sum(({ cancelled }) => cancelled),
    tokens: stats.length > 0 && tokens === 0 ? null : tokens,
    costUsd: stats.length > 0 && !isCostTold ? null : costOf(stats),
    executionMs: sum(({ executionMs }) => executionMs),
  };
}

/** What it cost as far as agents told: 0 where nothing was used, null where none told. */
export function costOf(stats: readonly DayStats[]): number | null {
  const told = stats.flatMap(({ usage }) => (usage.costUsd === null ? [] : [usage.costUsd]));
  if (told.length === 0 && stats.some(hidesCost)) return null;
  return told.reduce((total, costUsd) => total + costUsd, 0);
}

/** Those that used tokens and did not tell of the cost. */
export function agentsWithoutCost(stats: readonly DayStats[]): string[] {
  return [...new Set(stats.filter(hidesCost).map(({ agent }) => agent))].sort();
}

function hidesCost({ usage }: DayStats): boolean {
  return usage.costUsd === null && tokensOf(usage) > 0;
}

/** Of the tasks that came to an end by themselves, the share that ended well; null where none did. */
export function successRate({ done, failed }: Pick<Totals, "done" | "failed">): number | null {
  return done + failed === 0 ? null : done / (done + failed);
}

/** Whether there is anything to show of it. */
export function isEmpty({ done, failed, cancelled, tokens, costUsd, executionMs }: Totals): boolean {
  return done + failed + cancelled + (tokens ?? 0) + (costUsd ?? 0) + executionMs === 0;
}

/** What sessions have used, tokens and cost in one number: it is another one once any of them has used more. */
export function totalUsage(sessions: Iterable<Pick<Session, "usage">>): number {
  let total = 0;
  for (const { usage } of sessions) if (usage !== null) total += tokensOf(usage) + (usage.costUsd ?? 0);
  return total;
}
