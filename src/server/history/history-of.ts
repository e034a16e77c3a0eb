import type { Project, Session } from "../../protocol/entities.ts";
import type { SessionHistory, SessionStats } from "../../protocol/history.ts";

/** A session with what its numbers come to. */
export function historyOf(session: Session, project: Project, stats: SessionStats, now: number): SessionHistory {
  const decided = stats.completedTasks + stats.failedTasks;
  const ended = decided + stats.cancelledTasks;
  return {
    session,
    project,
    stats,
    successRate: decided === 0 ? null : stats.completedTasks / decided,
    avgExecutionMs: ended === 0 ? null : stats.executionMs / ended,
    usage: session.usage,
    durationMs: Math.max(0, (session.endedAt ?? now) - session.createdAt),
  };
}
