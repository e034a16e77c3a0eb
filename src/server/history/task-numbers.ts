import type { Task } from "../../protocol/entities.ts";
import type { SessionStats } from "../../protocol/history.ts";

export const noNumbers: SessionStats = {
  totalTasks: 0,
  completedTasks: 0,
  failedTasks: 0,
  cancelledTasks: 0,
  executionMs: 0,
};

/**
 * Whether a task is one of its session's history: its prompts, and what Tally ran in it without a terminal. The root task is the session
 * itself, and what was run in a terminal is there as the prompt that it became.
 */
export function isInHistory({ kind, sessionId, run }: Pick<Task, "kind" | "sessionId" | "run">): boolean {
  return sessionId !== null && (kind === "prompt" || (kind === "run" && run?.via === "headless"));
}

/** What one task adds to the numbers of its session. */
export function taskNumbers(task: Task): SessionStats {
  if (!isInHistory(task)) return noNumbers;
  return {
    totalTasks: 1,
    completedTasks: task.state === "DONE" ? 1 : 0,
    failedTasks: task.state === "ERROR" ? 1 : 0,
    cancelledTasks: task.state === "CANCELLED" ? 1 : 0,
    executionMs: task.endedAt === null ? 0 : Math.max(0, task.endedAt - (task.startedAt ?? task.createdAt)),
  };
}

/** How the numbers of each session change when a task becomes another one, appears or goes; sessions that keep theirs are left out. */
export function changedNumbers(before: Task | null, after: Task | null): Map<string, SessionStats> {
  const changes = new Map<string, SessionStats>();
  if (before?.sessionId) changes.set(before.sessionId, combine(noNumbers, taskNumbers(before), -1));
  if (after?.sessionId) {
    changes.set(after.sessionId, combine(changes.get(after.sessionId) ?? noNumbers, taskNumbers(after), 1));
  }
  for (const [sessionId, change] of changes) {
    if (Object.values(change).every((number) => number === 0)) changes.delete(sessionId);
  }
  return changes;
}

function combine(numbers: SessionStats, more: SessionStats, sign: 1 | -1): SessionStats {
  return {
    totalTasks: numbers.totalTasks + sign * more.totalTasks,
    completedTasks: numbers.completedTasks + sign * more.completedTasks,
    failedTasks: numbers.failedTasks + sign * more.failedTasks,
    cancelledTasks: numbers.cancelledTasks + sign * more.cancelledTasks,
    executionMs: numbers.executionMs + sign * more.executionMs,
  };
}
