import type { DatabaseSync, StatementSync } from "node:sqlite";
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
import { type Registration, registrationSchema } from "./registration.ts";
import { type Change, eventSchema, type Snapshot, type TallyEvent } from "../../protocol/events.ts";
import {
  accountFrom,
  fromRow,
  pauseFrom,
  processFrom,
  projectFrom,
  type Row,
  sessionFrom,
  taskFrom,
  toPauseRow,
  toProcessRow,
  toRow,
  worktreeFrom,
} from "./rows.ts";

/** What the gateway keeps of a session besides what it shows. */
export interface SessionInternals {
  /** The pty that runs it, null in mode `pipes`. */
  readonly ptyId: string | null;
  /** A person asked for its end, so it ends as DONE whatever its exit code. */
  readonly endRequested: boolean;
  /** When the process of a session in mode `pipes` started, see processes.ts. */
  readonly processStart: string | null;
  /** What {@link ../sessions/state/tracking.ts} needs to follow the agent, as JSON. */
  readonly tracking: string | null;
  /** What {@link ../sessions/kept-launch.ts} needs to launch it again, as JSON. */
  readonly launch: string | null;
}

export interface SessionOutput {
  readonly ansi: string;
  readonly text: string;
  readonly cols: number;
  readonly rows: number;
}

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

/**
 * The gateway's state: the only writer. Every change is one row in `events` and one update of the tables that answer
 * queries, in one transaction; listeners hear of it only after the commit.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  readonly #statements = new Map<string, StatementSync>();
  readonly #listeners = new Set<(events: readonly TallyEvent[]) => void>();

  constructor(db: DatabaseSync, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
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
    this.#db.exec("BEGIN IMMEDIATE");
    let result: T;
    try {
      result = write(this.#transaction(changes));
      for (const change of changes) events.push(this.#appendEvent(change));
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
    if (events.length > 0) for (const listener of this.#listeners) listener(events);
    return result;
  }

  /** Told apart from any other store, so that nobody applies this one's events to what they know of another. */
  get id(): string {
    return String(this.#get("SELECT id FROM store")?.["id"]);
  }

  get seq(): number {
    const row = this.#get("SELECT max(seq) AS seq FROM events");
    return Number(row?.["seq"] ?? 0);
  }

  /** The events after `since`, or null when some of them are no longer kept, or have not happened. */
  eventsSince(since: number): TallyEvent[] | null {
    const { first, last } = this.#get("SELECT min(seq) AS first, max(seq) AS last FROM events") ?? {};
    if (since > Number(last ?? 0) || since + 1 < Number(first ?? 1)) return null;
    return this.#all("SELECT seq, at, change FROM events WHERE seq > ? ORDER BY seq", since).map((row) =>
      eventSchema.parse({ seq: row["seq"], at: row["at"], change: JSON.parse(String(row["change"])) as unknown }),
    );
  }

  snapshot(): Snapshot {
    return {
      storeId: this.id,
      seq: this.seq,
      projects: this.#all("SELECT * FROM projects ORDER BY created_at").map(projectFrom),
      worktrees: this.worktrees(),
      processes: this.processes(),
      sessions: this.#all("SELECT * FROM sessions ORDER BY created_at").map(sessionFrom),
      tasks: this.#all("SELECT * FROM tasks ORDER BY created_at").map(taskFrom),
      accounts: this.accounts(),
      pauses: this.openPauses(),
    };
  }

  project(id: string): (Project & { givenName: string | null }) | null {
    const row = this.#get("SELECT * FROM projects WHERE id = ?", id);
    return row ? { ...projectFrom(row), givenName: row["given_name"] as string | null } : null;
  }

  worktrees(): Worktree[] {
    return this.#all("SELECT * FROM worktrees ORDER BY name").map(worktreeFrom);
  }

  worktree(id: string): Worktree | null {
    const row = this.#get("SELECT * FROM worktrees WHERE id = ?", id);
    return row ? worktreeFrom(row) : null;
  }

  /** What {@link ../worktrees/journal.ts} needs to finish or undo what was begun, as JSON. */
  worktreeJournal(id: string): string | null {
    const row = this.#get("SELECT journal FROM worktrees WHERE id = ?", id);
    return (row?.["journal"] ?? null) as string | null;
  }

  processes(): HelperProcess[] {
    return this.#all("SELECT * FROM processes ORDER BY created_at, name").map(processFrom);
  }

  processesOf(worktreeId: string): HelperProcess[] {
    return this.#all("SELECT * FROM processes WHERE worktree_id = ? ORDER BY created_at, name", worktreeId).map(
      processFrom,
    );
  }

  process(id: string): HelperProcess | null {
    const row = this.#get("SELECT * FROM processes WHERE id = ?", id);
    return row ? processFrom(row) : null;
  }

  /** What `putProcess` kept besides what is shown, as JSON. */
  processInternals(id: string): string | null {
    const row = this.#get("SELECT internals FROM processes WHERE id = ?", id);
    return (row?.["internals"] ?? null) as string | null;
  }

  session(id: string): (Session & SessionInternals) | null {
    const row = this.#get("SELECT * FROM sessions WHERE id = ?", id);
    return row ? withInternals(row) : null;
  }

  sessions(): (Session & SessionInternals)[] {
    return this.#all("SELECT * FROM sessions ORDER BY created_at").map(withInternals);
  }

  liveSessions(): (Session & SessionInternals)[] {
    return this.#all("SELECT * FROM sessions WHERE ended_at IS NULL").map(withInternals);
  }

  sessionOutput(sessionId: string): SessionOutput | null {
    const row = this.#get("SELECT ansi, text, cols, rows FROM session_output WHERE session_id = ?", sessionId);
    return row ? (row as unknown as SessionOutput) : null;
  }

  task(id: string): Task | null {
    const row = this.#get("SELECT * FROM tasks WHERE id = ?", id);
    return row ? taskFrom(row) : null;
  }

  /** Runs that have not ended: those that wait in their order, after those that run. */
  openRuns(): Task[] {
    const sql = "SELECT * FROM tasks WHERE kind = 'run' AND ended_at IS NULL ORDER BY position, created_at, id";
    return this.#all(sql).map(taskFrom);
  }

  /** What `putTask` kept of a run besides what is shown, as JSON. */
  orderKept(taskId: string): string | null {
    const row = this.#get("SELECT order_kept FROM tasks WHERE id = ?", taskId);
    return (row?.["order_kept"] ?? null) as string | null;
  }

  tasksOf(sessionId: string): Task[] {
    return this.#all("SELECT * FROM tasks WHERE session_id = ? ORDER BY created_at", sessionId).map(taskFrom);
  }

  accounts(): Account[] {
    return this.#all("SELECT * FROM accounts ORDER BY label").map(accountFrom);
  }

  account(id: string): Account | null {
    const row = this.#get("SELECT * FROM accounts WHERE id = ?", id);
    return row ? accountFrom(row) : null;
  }

  /** Those that have not ended, the oldest first. */
  openPauses(): Pause[] {
    return this.#all("SELECT * FROM pauses WHERE ended_at IS NULL ORDER BY since").map(pauseFrom);
  }

  pause(id: string): Pause | null {
    const row = this.#get("SELECT * FROM pauses WHERE id = ?", id);
    return row ? pauseFrom(row) : null;
  }

  /** The pauses of an account that have ended, the last one first; no more than could still be spoken of. */
  endedPauses(accountId: string): Pause[] {
    const sql = "SELECT * FROM pauses WHERE account_id = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 20";
    return this.#all(sql, accountId).map(pauseFrom);
  }

  /** The latest pauses first. */
  pauses(limit: number): Pause[] {
    return this.#all("SELECT * FROM pauses ORDER BY since DESC LIMIT ?", limit).map(pauseFrom);
  }

  /** What a wrapper told of the session that it knows by this id. */
  registration(id: string): Registration | null {
    const row = this.#get("SELECT * FROM registrations WHERE id = ?", id);
    return row ? registrationSchema.parse(fromRow(row)) : null;
  }

  /** What `putValue` kept under this key, undefined when nothing was. */
  value(key: string): unknown {
    const row = this.#get("SELECT value FROM kept_values WHERE key = ?", key);
    return row ? (JSON.parse(String(row["value"])) as unknown) : undefined;
  }

  /** The prompts of a session that have not ended, and its last one, which may be told more of. */
  openPrompts(sessionId: string): Task[] {
    return this.#all(
      `SELECT * FROM tasks WHERE session_id = ?1 AND kind = 'prompt' AND (ended_at IS NULL OR created_at =
       (SELECT max(created_at) FROM tasks WHERE session_id = ?1 AND kind = 'prompt')) ORDER BY created_at`,
      sessionId,
    ).map(taskFrom);
  }

  promptCount(sessionId: string): number {
    const row = this.#get("SELECT count(*) AS count FROM tasks WHERE session_id = ? AND kind = 'prompt'", sessionId);
    return Number(row?.["count"] ?? 0);
  }

  #transaction(changes: Change[]): Transaction {
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
        this.#run("DELETE FROM worktrees WHERE id = ?", id);
        changes.push({ type: "worktree.removed", id });
      },
      putProcess: (unchecked, internals) => {
        const process = helperProcessSchema.parse(unchecked);
        this.#upsert("processes", { ...toProcessRow(process), ...internals });
        changes.push({ type: "process.changed", process });
      },
      removeProcess: (id) => {
        this.#run("DELETE FROM processes WHERE id = ?", id);
        changes.push({ type: "process.removed", id });
      },
      putSession: (unchecked, internals = {}) => {
        // What cannot be read again must not be written: it would keep the next gateway from starting.
        const session = sessionSchema.parse(unchecked);
        const transition = this.#transitionOf(session);
        this.#upsert("sessions", toRow({ ...session, ...internals }));
        changes.push({ type: "session.changed", session, ...transition });
      },
      putTracking: (sessionId, tracking) => {
        this.#run("UPDATE sessions SET tracking = ? WHERE id = ?", tracking, sessionId);
      },
      removeSession: (id) => {
        for (const { id: taskId } of this.tasksOf(id)) changes.push({ type: "task.removed", id: taskId });
        this.#run("DELETE FROM sessions WHERE id = ?", id);
        changes.push({ type: "session.removed", id });
      },
      putSessionOutput: (sessionId, output) => {
        this.#run(
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
        this.#upsert("tasks", toRow({ ...task, ...internals }));
        changes.push({ type: "task.changed", task });
      },
      removeTask: (id) => {
        this.#run("DELETE FROM tasks WHERE id = ?", id);
        changes.push({ type: "task.removed", id });
      },
      putAccount: (unchecked) => {
        const account = accountSchema.parse(unchecked);
        this.#upsert("accounts", toRow(account));
        changes.push({ type: "account.changed", account });
      },
      putPause: (unchecked) => {
        const pause = pauseSchema.parse(unchecked);
        this.#upsert("pauses", toPauseRow(pause));
        changes.push({ type: "pause.changed", pause });
      },
      putRegistration: (registration) => this.#upsert("registrations", toRow(registration)),
      putValue: (key, value) => {
        this.#run("INSERT OR REPLACE INTO kept_values (key, value) VALUES (?, ?)", key, JSON.stringify(value));
      },
    };
  }

  #transitionOf({ id, endedAt }: Session): { transition?: "started" | "ended" } {
    const before = this.#get("SELECT ended_at FROM sessions WHERE id = ?", id);
    if (!before) return { transition: "started" };
    return before["ended_at"] === null && endedAt !== null ? { transition: "ended" } : {};
  }

  #appendEvent(change: Change): TallyEvent {
    const at = this.#now();
    const { lastInsertRowid } = this.#run("INSERT INTO events (at, change) VALUES (?, ?)", at, JSON.stringify(change));
    const seq = Number(lastInsertRowid);
    if (seq % TRIM_EVERY === 0) this.#run("DELETE FROM events WHERE seq <= ?", seq - EVENTS_KEPT);
    return { seq, at, change };
  }

  #upsert(table: string, row: Record<string, string | number | null>): void {
    const columns = Object.keys(row);
    const updates = columns.filter((column) => column !== "id").map((column) => `${column} = excluded.${column}`);
    this.#run(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})
       ON CONFLICT(id) DO UPDATE SET ${updates.join(", ")}`,
      ...Object.values(row),
    );
  }

  #run(sql: string, ...parameters: (string | number | null)[]) {
    return this.#statement(sql).run(...parameters);
  }

  #get(sql: string, ...parameters: (string | number | null)[]): Row | undefined {
    return this.#statement(sql).get(...parameters);
  }

  #all(sql: string, ...parameters: (string | number | null)[]): Row[] {
    return this.#statement(sql).all(...parameters);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function withInternals(row: Row): Session & SessionInternals {
  return {
    ...sessionFrom(row),
    ptyId: row["pty_id"] as string | null,
    endRequested: row["end_requested"] === 1,
    processStart: row["process_start"] as string | null,
    tracking: row["tracking"] as string | null,
    launch: row["launch"] as string | null,
  };
}
