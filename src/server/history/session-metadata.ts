import type { Project, Session, Task } from "../../protocol/entities.ts";
import type { SessionHistory, SessionStats } from "../../protocol/history.ts";
import type { SessionFile, SessionMetadata, SessionNumbers, TaskRecord } from "../../protocol/session-file.ts";
import type { TaskState } from "../../protocol/states.ts";
import { isInHistory } from "./task-numbers.ts";

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** A task in the words of the session API. @throws for one that belongs to no session */
export function toTaskRecord(task: Task): TaskRecord {
  if (task.sessionId === null) throw new Error(`task ${task.id} belongs to no session`);
  const error = task.error ?? (task.state === "ERROR" ? task.details : null);
  return {
    id: task.id,
    sessionId: task.sessionId,
    type: task.type,
    description: task.description ?? task.title,
    status: taskStatus(task.state),
    createdAt: iso(task.createdAt),
    updatedAt: iso(task.updatedAt),
    ...(task.result === null ? {} : { result: task.result }),
    ...(error === null ? {} : { error }),
    ...(task.plan === null ? {} : { plan: task.plan }),
  };
}

/** The state of a task in the words of the session API. */
export function taskStatus(state: TaskState): TaskRecord["status"] {
  switch (state) {
    case "QUEUED":
      return "pending";
    case "RUNNING":
    case "WAITING_USER":
    case "BLOCKED":
    case "IDLE":
      return "in_progress";
    case "DONE":
      return "completed";
    case "ERROR":
      return "failed";
    case "CANCELLED":
      return "cancelled";
  }
}

/** A session in the words of the session API. @param tasks the session's; those that its history does not count are left out */
export function toSessionMetadata(
  session: Session,
  project: Project,
  tasks: readonly Task[],
  stats: SessionStats,
): SessionMetadata {
  const counted = tasks.filter(isInHistory);
  return {
    sessionId: session.id,
    startTime: iso(session.createdAt),
    ...(session.endedAt === null ? {} : { endTime: iso(session.endedAt) }),
    workingDirectory: session.cwd,
    projectPath: project.path,
    tasks: counted.map(toTaskRecord),
    plans: counted.flatMap(({ id, plan }) => (plan === null ? [] : [{ taskId: id, text: plan }])),
    totalTasks: stats.totalTasks,
    completedTasks: stats.completedTasks,
    failedTasks: stats.failedTasks,
    totalExecutionTime: stats.executionMs,
    status: session.endedAt === null ? "active" : session.state === "ERROR" ? "failed" : "completed",
  };
}

/** A history's numbers in the words of the session API. */
export function toSessionNumbers({ durationMs, successRate, avgExecutionMs }: SessionHistory): SessionNumbers {
  return { duration: durationMs, successRate: successRate ?? 0, avgExecutionTime: avgExecutionMs ?? 0 };
}

/** What `<id>.session.json` holds. @param tasks the session's, the oldest first */
export function toSessionFile(history: SessionHistory, tasks: readonly Task[]): SessionFile {
  const { session, project, stats } = history;
  return {
    version: 1,
    updatedAt: iso(tasks.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt), session.updatedAt)),
    agent: session.agent,
    title: session.title,
    model: session.model,
    usage: session.usage,
    metadata: toSessionMetadata(session, project, tasks, stats),
    stats: toSessionNumbers(history),
  };
}
