import type { Session, Task } from "../../protocol/entities.ts";
import type { Account, QuotaWindow } from "../../protocol/limits.ts";
import {
  type QuotaSample,
  QUOTAS_KEPT_DAYS,
  type SessionTimeline,
  stateSpanSchema,
  STATS_KEPT_DAYS,
  TIMELINE_KEPT_DAYS,
} from "../../protocol/stats.ts";
import { isInHistory } from "../history/task-numbers.ts";
import { quarterHourOf } from "../stats/quarter-hours.ts";
import { noCost, type SessionCost, withCost, withPast } from "../stats/session-cost.ts";
import { changedWork, moreUsed, noWork, type WorkChange, type WorkDone } from "../stats/work-done.ts";
import { columnOf, fromRow, type Row } from "./rows.ts";
import { TaskReads } from "./task-reads.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Which work; what is left out is not asked for. */
export interface WorkFilter {
  readonly agent?: string | undefined;
  readonly projectId?: string | undefined;
}

/** What was done by one agent in one project. */
export interface WorkRow extends WorkDone {
  readonly agent: string;
  readonly projectId: string;
}

/** Sums as numbers of JavaScript: one that no integer can hold is not quite exact, and no error. */
const COUNTS = ["done", "failed", "cancelled", "executionMs", "inputTokens", "outputTokens", "cacheReadTokens"]
  .concat("cacheWriteTokens")
  .map((field) => `total(${columnOf(field)}) AS ${field}`);
/** As the fields are called: of many rows their columns' names would take longer to read than the rows. */
const SUMS = [...COUNTS, "sum(cost_usd) AS costUsd"].join(", ");

/** What changes over time, and is kept for that: work done, states of sessions, how much of each account was used. */
export class TimeSeries extends TaskReads {
  /** What was done from one moment until before another, both of which begin a quarter hour. */
  workBetween(from: number, to: number, { agent, projectId }: WorkFilter = {}): WorkRow[] {
    const sql = `SELECT agent, project_id AS projectId, ${SUMS} FROM work_done
      WHERE at >= ?1 AND at < ?2 AND (?3 IS NULL OR agent = ?3) AND (?4 IS NULL OR project_id = ?4)
      GROUP BY agent, project_id`;
    return this.all(sql, from, to, agent ?? null, projectId ?? null) as unknown[] as WorkRow[];
  }

  /** The sessions that lived at or after `since`, with the state that each was in then and those after that. */
  timelines(since: number): SessionTimeline[] {
    const lived = (condition: string) =>
      `SELECT sessions.id, ended_at, created_at, span.state, is_unknown, from_at FROM sessions
       JOIN state_spans AS span ON span.session_id = sessions.id
       WHERE ${condition} AND from_at >= coalesce(
         (SELECT max(from_at) FROM state_spans WHERE session_id = sessions.id AND from_at <= ?1), 0)`;
    const sql = `${lived("ended_at IS NULL")} UNION ALL ${lived("ended_at >= ?1")} ORDER BY created_at, id, from_at`;
    const timelines: SessionTimeline[] = [];
    for (const row of this.all(sql, since)) {
      const { id, ended_at: endedAt } = row as { id: string; ended_at: number | null };
      if (timelines.at(-1)?.sessionId !== id) timelines.push({ sessionId: id, spans: [], endedAt });
      timelines.at(-1)?.spans.push(spanFrom(row));
    }
    return timelines;
  }

  /** The oldest first. */
  quotaSamples(since: number, accountId: string | undefined): QuotaSample[] {
    const sql = `SELECT account_id AS accountId, kind, nullif(model, '') AS model, used_percent AS usedPercent,
      resets_at AS resetsAt, at FROM quota_samples
      WHERE minute >= ?1 AND at >= ?2 AND (?3 IS NULL OR account_id = ?3) ORDER BY at, account_id, kind, model`;
    const rows = this.all(sql, Math.floor(since / MINUTE_MS), since, accountId ?? null);
    return rows.map((row) => ({ ...row }) as unknown as QuotaSample);
  }

  /** A task became another one, or appeared. */
  protected noteWork(before: Task | null, after: Task): void {
    const { sessionId, usage } = after;
    const isFromBefore = this.#isFromBefore(after);
    if (sessionId !== null && isFromBefore) {
      this.#hasPastAfterAll(sessionId);
    } else if (sessionId !== null) {
      const { costUsd } = moreUsed(before?.usage ?? null, usage);
      if (costUsd) this.#addCostOfTask(sessionId, costUsd);
    }
    const isCounted = (task: Task) => isInHistory(task) && !(task === after ? isFromBefore : this.#isFromBefore(task));
    for (const change of changedWork(before, after, isCounted)) this.#addWork(change);
  }

  /** Counts what a session has cost besides its tasks. Call it when all that a transaction tells of both is written. */
  protected noteCost(sessionId: string, at: number): void {
    const sql = "SELECT json_extract(usage, '$.costUsd') AS told FROM sessions WHERE id = ?";
    const session = this.get(sql, sessionId);
    if (!session) return;
    const before = this.#costOf(sessionId);
    const told = withCost(before, session["told"] as number | null, at);
    const after = before.told === null && told.told !== null && this.#hasPast(sessionId) ? withPast(told) : told;
    this.#changeCost(sessionId, before, after, at);
  }

  /** A session may be in another state. */
  protected noteState({ id, state, stateSince, reason, updatedAt }: Session): void {
    const { isUnknown, at } = reason;
    const sql = "SELECT state, is_unknown, from_at FROM state_spans WHERE session_id = ? ORDER BY from_at DESC LIMIT 2";
    const [last, beforeLast] = this.all(sql, id).map(spanFrom);
    const isSame = (span: typeof last) => span?.state === state && span.isUnknown === isUnknown;
    if (isSame(last)) return;
    // What ends a span may be known from before it: a session that was answered goes back to the work that it asked about.
    const after = last?.from ?? -1;
    const from = [...(last?.state === state ? [] : [stateSince]), at, updatedAt].find((time) => time > after) ?? after;
    if (from === last?.from && isSame(beforeLast)) {
      // What lasted no time is forgotten, and with it that the state changed.
      this.run("DELETE FROM state_spans WHERE session_id = ? AND from_at = ?", id, from);
    } else {
      const put = "INSERT OR REPLACE INTO state_spans (session_id, from_at, state, is_unknown) VALUES (?, ?, ?, ?)";
      this.run(put, id, from, state, Number(isUnknown));
    }
  }

  /** An agent may have told something new of an account's windows: the last of each minute is kept. */
  protected noteQuotas(before: Account | null, { id, quotas }: Account): void {
    for (const window of quotas) {
      const old = before?.quotas.find(({ kind, model }) => kind === window.kind && model === window.model);
      if (old?.usedPercent === window.usedPercent && old.resetsAt === window.resetsAt) continue;
      this.#putSample(id, window);
    }
  }

  /** Forgets what is older than it is kept. */
  protected trimSeries(now: number): void {
    this.run("DELETE FROM work_done WHERE at < ?", now - STATS_KEPT_DAYS * DAY_MS);
    this.run("DELETE FROM quota_samples WHERE minute < ?", Math.floor(now / MINUTE_MS) - QUOTAS_KEPT_DAYS * 24 * 60);
    // The state that a session was in then stays: it may still be in it.
    this.run(
      `DELETE FROM state_spans WHERE from_at < ?1 AND (
         EXISTS (SELECT 1 FROM state_spans AS later WHERE later.session_id = state_spans.session_id
           AND later.from_at > state_spans.from_at AND later.from_at <= ?1)
         OR (SELECT ended_at FROM sessions WHERE id = session_id) < ?1)`,
      now - TIMELINE_KEPT_DAYS * DAY_MS,
    );
  }

  #putSample(accountId: string, { kind, model, usedPercent, resetsAt, at }: QuotaWindow): void {
    this.run(
      `INSERT INTO quota_samples (minute, account_id, kind, model, used_percent, resets_at, at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT(minute, account_id, kind, model) DO UPDATE SET
       used_percent = excluded.used_percent, resets_at = excluded.resets_at, at = excluded.at`,
      Math.floor(at / MINUTE_MS),
      accountId,
      kind,
      model ?? "",
      usedPercent,
      resetsAt,
      at,
    );
  }

  #addWork(change: WorkChange): void {
    this.run(
      `INSERT INTO work_done (at, agent, project_id, done, failed, cancelled, execution_ms,
         input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(at, agent, project_id) DO UPDATE SET
       done = done + excluded.done, failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,
       execution_ms = execution_ms + excluded.execution_ms, input_tokens = input_tokens + excluded.input_tokens,
       output_tokens = output_tokens + excluded.output_tokens,
       cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
       cache_write_tokens = cache_write_tokens + excluded.cache_write_tokens,
       cost_usd = CASE WHEN excluded.cost_usd IS NULL THEN cost_usd ELSE coalesce(cost_usd, 0) + excluded.cost_usd END`,
      change.at,
      change.agent,
      change.projectId,
      change.done,
      change.failed,
      change.cancelled,
      change.executionMs,
      change.inputTokens,
      change.outputTokens,
      change.cacheReadTokens,
      change.cacheWriteTokens,
      change.costUsd,
    );
  }

  /** A prompt of a conversation that its session only took up: it may be another session's, whose work it was. */
  #isFromBefore({ kind, sessionId, createdAt }: Task): boolean {
    if (kind !== "prompt" || sessionId === null) return false;
    const row = this.get("SELECT created_at FROM sessions WHERE id = ?", sessionId);
    return createdAt < Number(row?.["created_at"] ?? 0);
  }

  #hasPast(sessionId: string): boolean {
    const began = "(SELECT created_at FROM sessions WHERE id = ?1)";
    const sql = `SELECT 1 FROM tasks WHERE session_id = ?1 AND kind = 'prompt' AND created_at < ${began} LIMIT 1`;
    return this.get(sql, sessionId) !== undefined;
  }

  /** A cost may have been told before the conversation's first prompts were read: what was counted of it then is taken back, there. */
  #hasPastAfterAll(sessionId: string): void {
    const cost = this.#costOf(sessionId);
    if (cost.firstAt !== null) this.#changeCost(sessionId, cost, withPast(cost), cost.firstAt);
  }

  /** @param at when what is counted more, or less, is counted. */
  #changeCost(sessionId: string, before: SessionCost, after: SessionCost, at: number): void {
    if (after.told === before.told && after.before === before.before && after.counted === before.counted) return;
    this.#putCost(sessionId, after);
    if (after.counted === before.counted) return;
    const session = this.get("SELECT agent, project_id FROM sessions WHERE id = ?", sessionId);
    const place = { agent: String(session?.["agent"]), projectId: String(session?.["project_id"]) };
    this.#addWork({ ...noWork, at: quarterHourOf(at), ...place, costUsd: after.counted - before.counted });
  }

  #costOf(sessionId: string): SessionCost {
    const sql = "SELECT told, of_tasks, first, first_at, before, counted FROM session_costs WHERE session_id = ?";
    const row = this.get(sql, sessionId);
    return row ? (fromRow(row) as unknown as SessionCost) : noCost;
  }

  #putCost(sessionId: string, { told, ofTasks, first, firstAt, before, counted }: SessionCost): void {
    const sql = `INSERT OR REPLACE INTO session_costs (session_id, told, of_tasks, first, first_at, before, counted)
      VALUES (?, ?, ?, ?, ?, ?, ?)`;
    this.run(sql, sessionId, told, ofTasks, first, firstAt, before, counted);
  }

  #addCostOfTask(sessionId: string, more: number): void {
    const cost = this.#costOf(sessionId);
    this.#putCost(sessionId, { ...cost, ofTasks: cost.ofTasks + more });
  }
}

function spanFrom(row: Row) {
  return stateSpanSchema.parse({ state: row["state"], isUnknown: row["is_unknown"] === 1, from: row["from_at"] });
}
