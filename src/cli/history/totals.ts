import type { Usage } from "../../protocol/entities.ts";
import type { SessionHistory, SessionStats } from "../../protocol/history.ts";
import { sumToldUsage } from "../../protocol/usage.ts";
import { spentWords } from "../screen/time-words.ts";
import { usageWords } from "../screen/usage-words.ts";
import { countWords } from "../worktree/worktree-words.ts";

/** What several sessions come to. */
export interface Totals {
  readonly sessions: number;
  readonly stats: SessionStats;
  /** Null while no agent has told any. */
  readonly usage: Usage | null;
}

export const nothingDone: Totals = {
  sessions: 0,
  stats: { totalTasks: 0, completedTasks: 0, failedTasks: 0, cancelledTasks: 0, executionMs: 0 },
  usage: null,
};

export function withSession({ sessions, stats, usage }: Totals, more: SessionHistory): Totals {
  return {
    sessions: sessions + 1,
    stats: {
      totalTasks: stats.totalTasks + more.stats.totalTasks,
      completedTasks: stats.completedTasks + more.stats.completedTasks,
      failedTasks: stats.failedTasks + more.stats.failedTasks,
      cancelledTasks: stats.cancelledTasks + more.stats.cancelledTasks,
      executionMs: stats.executionMs + more.stats.executionMs,
    },
    usage: sum(usage, more.usage),
  };
}

function sum(one: Usage | null, other: Usage | null): Usage | null {
  return one === null || other === null ? (one ?? other) : sumToldUsage(one, other);
}

/** `3 sessions, 12 tasks: 9 done, 2 failed, 1 cancelled. 82 % ended well. 2 h 3 min at work. 1.2k in, 340 out, $0.12.` */
export function totalsWords({ sessions, stats, usage }: Totals): string {
  const { totalTasks, completedTasks, failedTasks, cancelledTasks, executionMs } = stats;
  const outcomes = [
    [completedTasks, "done"],
    [failedTasks, "failed"],
    [cancelledTasks, "cancelled"],
  ] as const;
  const told = outcomes.filter(([count]) => count > 0).map(([count, word]) => `${count.toLocaleString("en")} ${word}`);
  const decided = completedTasks + failedTasks;
  return [
    `${countWords(sessions, "session")}, ${countWords(totalTasks, "task")}${told.length === 0 ? "" : `: ${told.join(", ")}`}.`,
    ...(decided === 0 ? [] : [`${percent(completedTasks / decided)} ended well.`]),
    ...(executionMs === 0 ? [] : [`${spentWords(executionMs)} at work.`]),
    ...(usage === null ? [] : [`${usageWords(usage)}.`]),
  ].join(" ");
}

/** Rounded down where it would else be all of them: one that failed is not to be overlooked. */
export function percent(share: number): string {
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100} %`;
}
