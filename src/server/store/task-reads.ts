import { type Session, type Task, taskKindSchema } from "../../protocol/entities.ts";
import type { AcceptedPlan, SessionStats } from "../../protocol/history.ts";
import { ENDED_TASKS_KEPT } from "../../protocol/model.ts";
import type { TaskState } from "../../protocol/states.ts";
import { noNumbers } from "../history/task-numbers.ts";
import { type Condition, pageOf, pageQuery, type PageRequest } from "./page-query.ts";
import { sessionFrom, statsFrom, taskFrom } from "./rows.ts";
import { StateReads } from "./state-reads.ts";

/** Which tasks; what is left out is not asked for. */
export interface TaskFilter {
  readonly state?: readonly TaskState[] | undefined;
  readonly kind?: Task["kind"] | undefined;
  readonly sessionId?: string | undefined;
  readonly worktreeId?: string | undefined;
  readonly projectId?: string | undefined;
  /** Only those made at or after this moment. */
  readonly since?: number | undefined;
}

export interface SessionFilter {
  readonly projectId?: string | undefined;
  /** Only those of which something was told at or after this moment. */
  readonly since?: number | undefined;
}

/** The latest plans are told, and no more of a session than one answer can hold. */
const MAX_PLANS = 200;

/** What the tables say of tasks, and of sessions by what was done in them. */
export class TaskReads extends StateReads {
  task(id: string): Task | null {
    const row = this.get("SELECT * FROM tasks WHERE id = ?", id);
    return row ? taskFrom(row) : null;
  }

  /** Runs that have not ended: those that wait in their order, after those that run. */
  openRuns(): Task[] {
    const sql = "SELECT * FROM tasks WHERE kind = 'run' AND ended_at IS NULL ORDER BY position, created_at, id";
    return this.all(sql).map(taskFrom);
  }

  /** What `putTask` kept of a run besides what is shown, as JSON. */
  orderKept(taskId: string): string | null {
    const row = this.get("SELECT order_kept FROM tasks WHERE id = ?", taskId);
    return (row?.["order_kept"] ?? null) as string | null;
  }

  tasksOf(sessionId: string): Task[] {
    return this.all("SELECT * FROM tasks WHERE session_id = ? ORDER BY created_at, id", sessionId).map(taskFrom);
  }

  taskIdsOf(sessionId: string): string[] {
    return this.all("SELECT id FROM tasks WHERE session_id = ? ORDER BY created_at", sessionId).map(({ id }) =>
      String(id),
    );
  }

  /** The prompts of a session that have not ended, and its last one, which may be told more of. */
  openPrompts(sessionId: string): Task[] {
    return this.all(
      `SELECT * FROM tasks WHERE session_id = ?1 AND kind = 'prompt' AND (ended_at IS NULL OR created_at =
       (SELECT max(created_at) FROM tasks WHERE session_id = ?1 AND kind = 'prompt')) ORDER BY created_at`,
      sessionId,
    ).map(taskFrom);
  }

  /** Of its prompts, and of what was run in it without a terminal. */
  promptCount(sessionId: string): number {
    const isPrompt = "(kind = 'prompt' OR (kind = 'run' AND json_extract(run, '$.via') = 'headless'))";
    const row = this.get(`SELECT count(*) AS count FROM tasks WHERE session_id = ? AND ${isPrompt}`, sessionId);
    return Number(row?.["count"] ?? 0);
  }

  /** What a client knows of: the tasks that have not ended, and of each kind the latest that have, the oldest first. */
  shownTasks(): Task[] {
    const latest = taskKindSchema.options.map(
      (kind) =>
        `SELECT * FROM (SELECT * FROM tasks WHERE kind = '${kind}' AND ended_at IS NOT NULL
         ORDER BY ended_at DESC, id DESC LIMIT ${ENDED_TASKS_KEPT})`,
    );
    const sql = `SELECT * FROM tasks WHERE ended_at IS NULL UNION ALL ${latest.join(" UNION ALL ")}`;
    return this.all(`${sql} ORDER BY created_at, id`).map(taskFrom);
  }

  /** The tasks that have not ended, and the latest of those that have, the oldest first. */
  latestTasks(endedLimit: number): Task[] {
    const latest = "SELECT * FROM tasks WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT ?";
    const sql = `SELECT * FROM tasks WHERE ended_at IS NULL UNION ALL SELECT * FROM (${latest}) ORDER BY created_at, id`;
    return this.all(sql, endedLimit).map(taskFrom);
  }

  /** The newest first. @throws {TallyError} `invalid-request` for a cursor that is none */
  tasksPage(request: TaskFilter & PageRequest): { tasks: Task[]; nextCursor: string | null } {
    const { state, kind, sessionId, worktreeId, projectId, since } = request;
    const conditions: Condition[] = [
      { sql: "session_id = ?", value: sessionId },
      { sql: "worktree_id = ?", value: worktreeId },
      { sql: "project_id = ?", value: projectId },
      { sql: "kind = ?", value: kind },
      { sql: "created_at >= ?", value: since },
    ];
    const { rows, nextCursor } = this.#page("tasks", conditions, request, [...new Set(state)]);
    return { tasks: rows.map(taskFrom), nextCursor };
  }

  /** What a session's history counts, the newest first. @throws {TallyError} `invalid-request` for a cursor that is none */
  historyPage(sessionId: string, request: PageRequest): { tasks: Task[]; nextCursor: string | null } {
    const conditions: Condition[] = [
      { sql: "session_id = ?", value: sessionId },
      { sql: "is_in_history = ?", value: 1 },
    ];
    const { rows, nextCursor } = this.#page("tasks", conditions, request);
    return { tasks: rows.map(taskFrom), nextCursor };
  }

  /** The newest first. @throws {TallyError} `invalid-request` for a cursor that is none */
  sessionsPage(request: SessionFilter & PageRequest): { sessions: Session[]; nextCursor: string | null } {
    const { projectId, since } = request;
    const conditions: Condition[] = [
      { sql: "project_id = ?", value: projectId },
      { sql: "updated_at >= ?", value: since },
    ];
    const { rows, nextCursor } = this.#page("sessions", conditions, request);
    return { sessions: rows.map(sessionFrom), nextCursor };
  }

  sessionStats(sessionId: string): SessionStats {
    const row = this.get("SELECT * FROM session_stats WHERE session_id = ?", sessionId);
    return row ? statsFrom(row) : noNumbers;
  }

  /** The plans that a person accepted in a session, the latest last. */
  plansOf(sessionId: string): AcceptedPlan[] {
    const sql = `SELECT id, plan, plan_accepted_at FROM tasks WHERE session_id = ? AND plan IS NOT NULL
       ORDER BY plan_accepted_at DESC LIMIT ${MAX_PLANS}`;
    const latestFirst = this.all(sql, sessionId).map((row) => ({
      taskId: String(row["id"]),
      text: String(row["plan"]),
      acceptedAt: Number(row["plan_accepted_at"]),
    }));
    return latestFirst.toReversed();
  }

  #page(
    table: "tasks" | "sessions",
    conditions: readonly Condition[],
    request: PageRequest,
    states: readonly string[] = [],
  ) {
    const { sql, parameters } = pageQuery(table, conditions, request, states);
    return pageOf(this.all(sql, ...parameters), request.limit);
  }
}
