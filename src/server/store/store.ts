import type { DatabaseSync } from "node:sqlite";
import {
  type Project,
  type Session,
  sessionSchema,
  type Task,
  taskSchema,
  type Worktree,
  worktreeSchema,
} from "../../protocol/entities.ts";
import { type HelperProcess, helperProcessSchema } from "../../protocol/worktrees.ts";
import { type Account, accountSchema, type Pause, pauseSchema } from "../../protocol/limits.ts";
import { type Change, eventSchema, type Snapshot, type TallyEvent } from "../../protocol/events.ts";
import { changedNumbers, isInHistory } from "../history/task-numbers.ts";
import type { Registration } from "./registration.ts";
import { sessionFrom, toPauseRow, toProcessRow, toRow } from "./rows.ts";
import type { SessionInternals, SessionOutput } from "./state-reads.ts";
import { TimeSeries } from "./time-series.ts";

export type { SessionInternals, SessionOutput, StoredSession } from "./state-reads.ts";

/** The writes of one transaction. Each is also one event. */
export interface Transaction {
  putProject(project: Project, internals: { givenName: string | null }): void;
  putWorktree(worktree: Worktree, internals?: { readonly journal: string | null }): void;
  /** With its processes. Its sessions stay, put away, and are in no worktree any more. */
  removeWorktree(id: string): void;
  putProcess(process: HelperProcess, internals?: { readonly internals: string | null }): void;
  removeProcess(id: string): void;
  putSession(session: Session, internals?: Partial<SessionInternals>): void;
  /** What follows an agent has changed, and nothing that a client sees. */
  putTracking(sessionId: string, tracking: string): void;
  removeSession(id: string): void;
  putSessionOutput(sessionId: string, output: SessionOutput): void;
  /** `orderKept`: of a run, what {@link ../tasks/kept-order.ts} needs to begin it, as JSON. */
  putTask(task: Task, internals?: { readonly orderKept: string | null }): void;
  removeTask(id: string): void;
  putAccount(account: Account): void;
  putPause(pause: Pause): void;
  /** What a wrapper told of a session. No event tells of it. */
  putRegistration(registration: Registration): void;
  /** A value to find again by its key, as JSON. No event tells of it. */
  putValue(key: string, value: unknown): void;
}

/** A client further back than this gets a snapshot instead. */
const EVENTS_KEPT = 10_000;
const TRIM_EVERY = 1_000;

/** Each by itself is one look into the index; both in one question would read the whole table. */
const EVENTS_KEPT_NOW = "SELECT (SELECT min(seq) FROM events) AS first, (SELECT max(seq) FROM events) AS last";

/**
 * The gateway's state: the only writer. Every change is one row in `events` and one update of the tables that answer
 * queries, in one transaction; listeners hear of it only after the commit.
 */
export class Store extends TimeSeries {
  readonly #now: () => number;
  readonly #listeners = new Set<(events: readonly TallyEvent[]) => void>();
  readonly #untold: (readonly TallyEvent[])[] = [];
  #isTelling = false;

  constructor(db: DatabaseSync, now: () => number) {
    super(db);
    this.#now = now;
  }

  /** Hears every committed change, in order. */
  subscribe(listener: (events: readonly TallyEvent[]) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Runs `write` as one transaction; when it throws, nothing of it happened. */
  change<T>(write: (transaction: Transaction) => T): T {
    const changes: Change[] = [];
    const events: TallyEvent[] = [];
    const costing = new Set<string>();
    this.db.exec("BEGIN IMMEDIATE");
    let result: T;
    try {
      result = write(this.#transaction(changes, costing));
      for (const sessionId of costing) this.noteCost(sessionId, this.#now());
      for (const change of changes) events.push(this.#appendEvent(change));
      this.db.exec("COMMIT");
    } catch (error) {
      this.db.exec("ROLLBACK");
      throw error;
    }
    if (events.length > 0) this.#tell(events);
    return result;
  }

  /** Whoever changes something because of a change is told of after that: everybody hears all changes in their order. */
  #tell(events: readonly TallyEvent[]): void {
    this.#untold.push(events);
    if (this.#isTelling) return;
    this.#isTelling = true;
    const errors: unknown[] = [];
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      for (const listener of this.#listeners) {
        try {
          listener(next);
        } catch (error) {
          // The others hear of it all the same.
          errors.push(error);
        }
      }
    }
    this.#isTelling = false;
    if (errors.length > 0)
      throw new AggregateError(errors, "A change was made, and not everybody could take the news.");
  }

  /** Told apart from any other store, so that nobody applies this one's events to what they know of another. */
  get id(): string {
    return String(this.get("SELECT id FROM store")?.["id"]);
  }

  get seq(): number {
    const row = this.get("SELECT max(seq) AS seq FROM events");
    return Number(row?.["seq"] ?? 0);
  }

  /** The events after `since`, or null when some of them are no longer kept, or have not happened. */
  eventsSince(since: number): TallyEvent[] | null {
    const { first, last } = this.get(EVENTS_KEPT_NOW) ?? {};
    if (since > Number(last ?? 0) || since + 1 < Number(first ?? 1)) return null;
    return this.all("SELECT seq, at, change FROM events WHERE seq > ? ORDER BY seq", since).map((row) =>
      eventSchema.parse({ seq: row["seq"], at: row["at"], change: JSON.parse(String(row["change"])) as unknown }),
    );
  }

  snapshot(): Snapshot {
    return {
      storeId: this.id,
      seq: this.seq,
      projects: this.projects(),
      worktrees: this.worktrees(),
      processes: this.processes(),
      sessions: this.all("SELECT * FROM sessions ORDER BY created_at").map(sessionFrom),
      tasks: this.shownTasks(),
      accounts: this.accounts(),
      pauses: this.openPauses(),
    };
  }

  /** @param costing takes the sessions of which, or of whose tasks, it may be told what they have cost. */
  #transaction(changes: Change[], costing: Set<string>): Transaction {
    return {
      putProject: (project, { givenName }) => {
        this.#upsert("projects", toRow({ ...project, givenName }));
        changes.push({ type: "project.changed", project });
      },
      putWorktree: (unchecked, internals) => {
        const worktree = worktreeSchema.parse(unchecked);
        this.#upsert("worktrees", { ...toRow(worktree), ...internals });
        changes.push({ type: "worktree.changed", worktree });
      },
      removeWorktree: (id) => {
        for (const { id: processId } of this.processesOf(id)) changes.push({ type: "process.removed", id: processId });
        for (const session of this.sessions().filter(({ worktreeId }) => worktreeId === id)) {
          const moved = sessionSchema.parse({ ...session, worktreeId: null, archivedAt: this.#now() });
          this.#upsert("sessions", toRow(moved));
          changes.push({ type: "session.changed", session: moved });
        }
        this.run("DELETE FROM worktrees WHERE id = ?", id);
        changes.push({ type: "worktree.removed", id });
      },
      putProcess: (unchecked, internals) => {
        const process = helperProcessSchema.parse(unchecked);
        this.#upsert("processes", { ...toProcessRow(process), ...internals });
        changes.push({ type: "process.changed", process });
      },
      removeProcess: (id) => {
        this.run("DELETE FROM processes WHERE id = ?", id);
        changes.push({ type: "process.removed", id });
      },
      putSession: (unchecked, internals = {}) => {
        // What cannot be read again must not be written: it would keep the next gateway from starting.
        const session = sessionSchema.parse(unchecked);
        const transition = this.#transitionOf(session);
        this.#upsert("sessions", toRow({ ...session, ...internals }));
        this.noteState(session);
        if (session.usage) costing.add(session.id);
        changes.push({ type: "session.changed", session, ...transition });
      },
      putTracking: (sessionId, tracking) => {
        this.run("UPDATE sessions SET tracking = ? WHERE id = ?", tracking, sessionId);
      },
      removeSession: (id) => {
        for (const taskId of this.taskIdsOf(id)) changes.push({ type: "task.removed", id: taskId, sessionId: id });
        this.run("DELETE FROM sessions WHERE id = ?", id);
        changes.push({ type: "session.removed", id });
      },
      putSessionOutput: (sessionId, output) => {
        this.run(
          "INSERT OR REPLACE INTO session_output (session_id, ansi, text, cols, rows) VALUES (?, ?, ?, ?, ?)",
          sessionId,
          output.ansi,
          output.text,
          output.cols,
          output.rows,
        );
      },
      putTask: (unchecked, internals) => {
        const task = taskSchema.parse(unchecked);
        const before = this.task(task.id);
        this.#upsert("tasks", toRow({ ...task, ...internals, ...keptOfTask(before, task) }));
        this.#changeStats(before, task);
        this.noteWork(before, task);
        if (task.sessionId !== null && (task.usage ?? before?.usage)) costing.add(task.sessionId);
        changes.push({ type: "task.changed", task });
      },
      removeTask: (id) => {
        const before = this.task(id);
        this.#changeStats(before, null);
        this.run("DELETE FROM tasks WHERE id = ?", id);
        changes.push({ type: "task.removed", id, sessionId: before?.sessionId ?? null });
      },
      putAccount: (unchecked) => {
        const account = accountSchema.parse(unchecked);
        const before = this.account(account.id);
        this.#upsert("accounts", toRow(account));
        this.noteQuotas(before, account);
        changes.push({ type: "account.changed", account });
      },
      putPause: (unchecked) => {
        const pause = pauseSchema.parse(unchecked);
        this.#upsert("pauses", toPauseRow(pause));
        changes.push({ type: "pause.changed", pause });
      },
      putRegistration: (registration) => this.#upsert("registrations", toRow(registration)),
      putValue: (key, value) => {
        this.run("INSERT OR REPLACE INTO kept_values (key, value) VALUES (?, ?)", key, JSON.stringify(value));
      },
    };
  }

  #transitionOf({ id, endedAt }: Session): { transition?: "started" | "ended" } {
    const before = this.get("SELECT ended_at FROM sessions WHERE id = ?", id);
    if (!before) return { transition: "started" };
    return before["ended_at"] === null && endedAt !== null ? { transition: "ended" } : {};
  }

  #changeStats(before: Task | null, after: Task | null): void {
    for (const [sessionId, more] of changedNumbers(before, after)) {
      this.run(
        `INSERT INTO session_stats VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(session_id) DO UPDATE SET
         total_tasks = total_tasks + excluded.total_tasks, completed_tasks = completed_tasks + excluded.completed_tasks,
         failed_tasks = failed_tasks + excluded.failed_tasks, cancelled_tasks = cancelled_tasks + excluded.cancelled_tasks,
         execution_ms = execution_ms + excluded.execution_ms`,
        sessionId,
        more.totalTasks,
        more.completedTasks,
        more.failedTasks,
        more.cancelledTasks,
        more.executionMs,
      );
    }
  }

  #appendEvent(change: Change): TallyEvent {
    const at = this.#now();
    const { lastInsertRowid } = this.run("INSERT INTO events (at, change) VALUES (?, ?)", at, JSON.stringify(change));
    const seq = Number(lastInsertRowid);
    if (seq % TRIM_EVERY === 0) {
      this.run("DELETE FROM events WHERE seq <= ?", seq - EVENTS_KEPT);
      this.trimSeries(at);
    }
    return { seq, at, change };
  }

  #upsert(table: string, row: Record<string, string | number | null>): void {
    const columns = Object.keys(row);
    const updates = columns.filter((column) => column !== "id").map((column) => `${column} = excluded.${column}`);
    this.run(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT(id) DO UPDATE SET ${updates.join(", ")}`,
      ...Object.values(row),
    );
  }
}

/** What is kept of a task besides itself, so that it is found: whether its session's history counts it, and since when its plan is accepted. */
function keptOfTask(before: Task | null, task: Task): Record<string, unknown> {
  const plan = before?.plan === task.plan ? {} : { planAcceptedAt: task.plan === null ? null : task.updatedAt };
  return { isInHistory: isInHistory(task), ...plan };
}
