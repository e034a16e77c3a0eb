import type { Task, Usage } from "../../protocol/entities.ts";
import { noUsage } from "../../protocol/usage.ts";
import { taskNumbers } from "../history/task-numbers.ts";
import { quarterHourOf } from "./quarter-hours.ts";

/** How much was done: of a quarter hour, or what is added to it; then numbers below zero take back what was counted before. */
export interface WorkDone extends Usage {
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly executionMs: number;
}

/** Where work is counted. */
export interface WorkPlace {
  /** When a quarter hour began. */
  readonly at: number;
  readonly agent: string;
  readonly projectId: string;
}

export type WorkChange = WorkPlace & WorkDone;

export const noWork: WorkDone = {
  done: 0,
  failed: 0,
  cancelled: 0,
  executionMs: 0,
  ...noUsage,
};

/**
 * What a task adds to the work done when it becomes another one, or appears. How it ended counts when it ended: one that is done again
 * is as it ended last. What it used counts when that was told, and more of it when more was told.
 * @param isCounted whether it is work of its session's at all
 */
export function changedWork(before: Task | null, after: Task, isCounted: (task: Task) => boolean): WorkChange[] {
  const isWork = isCounted(after);
  const ended = isWork ? outcomeOf(after) : null;
  const endedBefore = before && isCounted(before) ? outcomeOf(before) : null;
  const used = isWork ? usageOf(after, before) : null;
  if (isSameOutcome(ended, endedBefore)) return used ? [used] : [];
  return [endedBefore && takenBack(endedBefore), ended, used].filter((change) => change !== null);
}

/** How much more of its usage, and of what that cost, is known of a task than before. */
export function moreUsed(before: Usage | null, after: Usage | null): Usage {
  const more = (of: keyof Omit<Usage, "costUsd">) => (after?.[of] ?? 0) - (before?.[of] ?? 0);
  return {
    inputTokens: more("inputTokens"),
    outputTokens: more("outputTokens"),
    cacheReadTokens: more("cacheReadTokens"),
    cacheWriteTokens: more("cacheWriteTokens"),
    costUsd: moreCost(before?.costUsd ?? null, after?.costUsd ?? null),
  };
}

function moreCost(before: number | null, after: number | null): number | null {
  return before === null && after === null ? null : (after ?? 0) - (before ?? 0);
}

function outcomeOf(task: Task): WorkChange | null {
  const { endedAt, agent, projectId } = task;
  if (endedAt === null) return null;
  const { completedTasks: done, failedTasks: failed, cancelledTasks: cancelled, executionMs } = taskNumbers(task);
  if (done + failed + cancelled === 0) return null;
  return { ...noWork, at: quarterHourOf(endedAt), agent, projectId, done, failed, cancelled, executionMs };
}

function usageOf({ usage, updatedAt, agent, projectId }: Task, before: Task | null): WorkChange | null {
  const more = moreUsed(before?.usage ?? null, usage);
  if (Object.values(more).every((number) => !number)) return null;
  return { ...noWork, at: quarterHourOf(updatedAt), agent, projectId, ...more };
}

function takenBack(outcome: WorkChange): WorkChange {
  const { done, failed, cancelled, executionMs } = outcome;
  return { ...outcome, done: -done, failed: -failed, cancelled: -cancelled, executionMs: -executionMs };
}

function isSameOutcome(one: WorkChange | null, other: WorkChange | null): boolean {
  if (one === null || other === null) return one === other;
  return (Object.keys(one) as (keyof WorkChange)[]).every((key) => one[key] === other[key]);
}
