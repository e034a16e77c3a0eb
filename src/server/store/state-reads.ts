import type { Project, Session, Worktree } from "../../protocol/entities.ts";
import type { Account, Pause } from "../../protocol/limits.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import { Queries } from "./queries.ts";
import { type Registration, registrationSchema } from "./registration.ts";
import {
  accountFrom,
  fromRow,
  pauseFrom,
  processFrom,
  projectFrom,
  type Row,
  sessionFrom,
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

/** A session with what only the store knows of it. */
export type StoredSession = Session & SessionInternals;

export interface SessionOutput {
  readonly ansi: string;
  readonly text: string;
  readonly cols: number;
  readonly rows: number;
}

/** What the tables say of projects, worktrees, processes, sessions, accounts and pauses. */
export class StateReads extends Queries {
  projects(): Project[] {
    return this.all("SELECT * FROM projects ORDER BY created_at").map(projectFrom);
  }

  project(id: string): (Project & { givenName: string | null }) | null {
    const row = this.get("SELECT * FROM projects WHERE id = ?", id);
    return row ? { ...projectFrom(row), givenName: row["given_name"] as string | null } : null;
  }

  worktrees(): Worktree[] {
    return this.all("SELECT * FROM worktrees ORDER BY name").map(worktreeFrom);
  }

  worktree(id: string): Worktree | null {
    const row = this.get("SELECT * FROM worktrees WHERE id = ?", id);
    return row ? worktreeFrom(row) : null;
  }

  /** What {@link ../worktrees/journal.ts} needs to finish or undo what was begun, as JSON. */
  worktreeJournal(id: string): string | null {
    const row = this.get("SELECT journal FROM worktrees WHERE id = ?", id);
    return (row?.["journal"] ?? null) as string | null;
  }

  processes(): HelperProcess[] {
    return this.all("SELECT * FROM processes ORDER BY created_at, name").map(processFrom);
  }

  processesOf(worktreeId: string): HelperProcess[] {
    return this.all("SELECT * FROM processes WHERE worktree_id = ? ORDER BY created_at, name", worktreeId).map(
      processFrom,
    );
  }

  process(id: string): HelperProcess | null {
    const row = this.get("SELECT * FROM processes WHERE id = ?", id);
    return row ? processFrom(row) : null;
  }

  /** What `putProcess` kept besides what is shown, as JSON. */
  processInternals(id: string): string | null {
    const row = this.get("SELECT internals FROM processes WHERE id = ?", id);
    return (row?.["internals"] ?? null) as string | null;
  }

  session(id: string): StoredSession | null {
    const row = this.get("SELECT * FROM sessions WHERE id = ?", id);
    return row ? withInternals(row) : null;
  }

  sessionIds(): string[] {
    return this.all("SELECT id FROM sessions ORDER BY created_at").map(({ id }) => String(id));
  }

  sessions(): StoredSession[] {
    return this.all("SELECT * FROM sessions ORDER BY created_at").map(withInternals);
  }

  liveSessions(): StoredSession[] {
    return this.all("SELECT * FROM sessions WHERE ended_at IS NULL").map(withInternals);
  }

  sessionOutput(sessionId: string): SessionOutput | null {
    const row = this.get("SELECT ansi, text, cols, rows FROM session_output WHERE session_id = ?", sessionId);
    return row ? (row as unknown as SessionOutput) : null;
  }

  accounts(): Account[] {
    return this.all("SELECT * FROM accounts ORDER BY label").map(accountFrom);
  }

  account(id: string): Account | null {
    const row = this.get("SELECT * FROM accounts WHERE id = ?", id);
    return row ? accountFrom(row) : null;
  }

  /** Those that have not ended, the oldest first. */
  openPauses(): Pause[] {
    return this.all("SELECT * FROM pauses WHERE ended_at IS NULL ORDER BY since").map(pauseFrom);
  }

  pause(id: string): Pause | null {
    const row = this.get("SELECT * FROM pauses WHERE id = ?", id);
    return row ? pauseFrom(row) : null;
  }

  /** The pauses of an account that have ended, the last one first; no more than could still be spoken of. */
  endedPauses(accountId: string): Pause[] {
    const sql = "SELECT * FROM pauses WHERE account_id = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 20";
    return this.all(sql, accountId).map(pauseFrom);
  }

  /** The latest pauses first. */
  pauses(limit: number): Pause[] {
    return this.all("SELECT * FROM pauses ORDER BY since DESC LIMIT ?", limit).map(pauseFrom);
  }

  /** What a wrapper told of the session that it knows by this id. */
  registration(id: string): Registration | null {
    const row = this.get("SELECT * FROM registrations WHERE id = ?", id);
    return row ? registrationSchema.parse(fromRow(row)) : null;
  }

  /** What `putValue` kept under this key, undefined when nothing was. */
  value(key: string): unknown {
    const row = this.get("SELECT value FROM kept_values WHERE key = ?", key);
    return row ? (JSON.parse(String(row["value"])) as unknown) : undefined;
  }
}

function withInternals(row: Row): StoredSession {
  return {
    ...sessionFrom(row),
    ptyId: row["pty_id"] as string | null,
    endRequested: row["end_requested"] === 1,
    processStart: row["process_start"] as string | null,
    tracking: row["tracking"] as string | null,
    launch: row["launch"] as string | null,
  };
}
