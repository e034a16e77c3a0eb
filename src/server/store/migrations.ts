import { timeSeriesTables } from "./time-series-tables.ts";
import { wrapperViews } from "./wrapper-views.ts";

/**
 * The schema, as the steps that led to it. `PRAGMA user_version` counts the steps a database has taken.
 * Steps are only ever appended: a released one is never changed.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    change TEXT NOT NULL
  );
  CREATE TABLE store (
    id TEXT NOT NULL
  );
  INSERT INTO store VALUES (lower(hex(randomblob(8))));
  CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    given_name TEXT,
    path TEXT NOT NULL,
    common_dir TEXT,
    preferred_ide TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE worktrees (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects(id),
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    branch TEXT
  ) WITHOUT ROWID;
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects(id),
    worktree_id TEXT REFERENCES worktrees(id),
    root_task_id TEXT NOT NULL,
    agent TEXT NOT NULL,
    title TEXT NOT NULL,
    command TEXT NOT NULL,
    cwd TEXT NOT NULL,
    mode TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    state_since INTEGER NOT NULL,
    reason TEXT NOT NULL,
    pid INTEGER,
    exit_code INTEGER,
    exit_signal TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    updated_at INTEGER NOT NULL,
    end_requested INTEGER NOT NULL DEFAULT 0,
    pty_id TEXT,
    process_start TEXT
  ) WITHOUT ROWID;
  CREATE INDEX sessions_live ON sessions(ended_at) WHERE ended_at IS NULL;
  CREATE INDEX sessions_root_task ON sessions(root_task_id);
  CREATE TABLE session_output (
    session_id TEXT PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
    ansi TEXT NOT NULL,
    text TEXT NOT NULL,
    cols INTEGER NOT NULL,
    rows INTEGER NOT NULL
  );
  CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects(id),
    session_id TEXT REFERENCES sessions(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    agent TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    details TEXT,
    pinned INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    ended_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX tasks_session ON tasks(session_id);
  `,
  `
  ALTER TABLE sessions ADD COLUMN request TEXT;
  ALTER TABLE sessions ADD COLUMN conversation_id TEXT;
  ALTER TABLE sessions ADD COLUMN agent_version TEXT;
  ALTER TABLE sessions ADD COLUMN model TEXT;
  ALTER TABLE sessions ADD COLUMN prompt_count INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN usage TEXT;
  ALTER TABLE sessions ADD COLUMN tracking TEXT;
  ALTER TABLE tasks ADD COLUMN usage TEXT;
  CREATE INDEX tasks_prompts ON tasks(session_id, created_at) WHERE kind = 'prompt';
  CREATE TABLE kv_store (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) WITHOUT ROWID;
  `,
  `
  ALTER TABLE sessions ADD COLUMN account_id TEXT;
  ALTER TABLE sessions ADD COLUMN persona TEXT;
  ALTER TABLE sessions ADD COLUMN auto_resume INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE sessions ADD COLUMN continuation TEXT;
  ALTER TABLE sessions ADD COLUMN launch TEXT;
  ALTER TABLE kv_store RENAME TO kept_values;
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    agent TEXT NOT NULL,
    label TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    quotas TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE pauses (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts(id),
    agent TEXT NOT NULL,
    label TEXT NOT NULL,
    model TEXT,
    holds_unnamed_model INTEGER NOT NULL,
    kind TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    is_in_force INTEGER NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    signal TEXT,
    evidence TEXT,
    session_id TEXT,
    next_try_at INTEGER,
    tries INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX pauses_open ON pauses(account_id) WHERE ended_at IS NULL;
  CREATE INDEX pauses_since ON pauses(since);
  ` + wrapperViews,
  `
  ALTER TABLE worktrees ADD COLUMN status TEXT NOT NULL DEFAULT 'seen';
  ALTER TABLE worktrees ADD COLUMN base TEXT;
  ALTER TABLE worktrees ADD COLUMN ports TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE worktrees ADD COLUMN shared TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE worktrees ADD COLUMN standing TEXT NOT NULL DEFAULT 'null';
  ALTER TABLE worktrees ADD COLUMN operation TEXT NOT NULL DEFAULT 'null';
  ALTER TABLE worktrees ADD COLUMN agent_session_id TEXT;
  ALTER TABLE worktrees ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE worktrees ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE worktrees ADD COLUMN journal TEXT;
  ALTER TABLE sessions ADD COLUMN archived_at INTEGER;
  CREATE TABLE processes (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects(id),
    worktree_id TEXT NOT NULL REFERENCES worktrees(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    command TEXT NOT NULL,
    cwd TEXT NOT NULL,
    port INTEGER,
    is_listening INTEGER,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    pid INTEGER,
    exit_code INTEGER,
    exit_signal TEXT,
    started_at INTEGER,
    ended_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    internals TEXT
  ) WITHOUT ROWID;
  CREATE INDEX processes_worktree ON processes(worktree_id);
  `,
  `
  ALTER TABLE tasks ADD COLUMN type TEXT NOT NULL DEFAULT 'code';
  ALTER TABLE tasks ADD COLUMN description TEXT;
  ALTER TABLE tasks ADD COLUMN result TEXT;
  ALTER TABLE tasks ADD COLUMN error TEXT;
  ALTER TABLE tasks ADD COLUMN plan TEXT;
  ALTER TABLE tasks ADD COLUMN worktree_id TEXT;
  ALTER TABLE tasks ADD COLUMN account_id TEXT;
  ALTER TABLE tasks ADD COLUMN started_at INTEGER;
  ALTER TABLE tasks ADD COLUMN position REAL;
  ALTER TABLE tasks ADD COLUMN run TEXT NOT NULL DEFAULT 'null';
  ALTER TABLE tasks ADD COLUMN order_kept TEXT;
  ALTER TABLE tasks ADD COLUMN plan_accepted_at INTEGER;
  ALTER TABLE tasks ADD COLUMN is_in_history INTEGER NOT NULL DEFAULT 0;
  UPDATE tasks SET is_in_history = 1 WHERE kind = 'prompt';
  CREATE INDEX tasks_created ON tasks(created_at, id, state, kind);
  CREATE INDEX tasks_session_created ON tasks(session_id, created_at, id, state, kind, is_in_history);
  CREATE INDEX tasks_project_created ON tasks(project_id, created_at, id, state, kind);
  CREATE INDEX tasks_worktree_created ON tasks(worktree_id, created_at, id, state, kind) WHERE worktree_id IS NOT NULL;
  CREATE INDEX tasks_open ON tasks(created_at) WHERE ended_at IS NULL;
  CREATE INDEX tasks_ended ON tasks(ended_at) WHERE ended_at IS NOT NULL;
  CREATE INDEX tasks_runs ON tasks(created_at) WHERE kind = 'run' AND ended_at IS NULL;
  CREATE INDEX tasks_plans ON tasks(session_id, plan_accepted_at) WHERE plan IS NOT NULL;
  CREATE INDEX sessions_created ON sessions(created_at, id, updated_at, project_id);
  CREATE TABLE session_stats (
    session_id TEXT PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
    total_tasks INTEGER NOT NULL,
    completed_tasks INTEGER NOT NULL,
    failed_tasks INTEGER NOT NULL,
    cancelled_tasks INTEGER NOT NULL,
    execution_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO session_stats
    SELECT session_id, count(*), sum(state = 'DONE'), sum(state = 'ERROR'), sum(state = 'CANCELLED'),
      sum(CASE WHEN ended_at IS NULL THEN 0 ELSE max(0, ended_at - created_at) END)
    FROM tasks WHERE kind = 'prompt' AND session_id IS NOT NULL GROUP BY session_id;
  `,
  timeSeriesTables,
  `
  CREATE INDEX tasks_ended_of_kind ON tasks(kind, ended_at, id) WHERE ended_at IS NOT NULL;
  `,
  `
  ALTER TABLE session_costs ADD COLUMN first REAL NOT NULL DEFAULT 0;
  ALTER TABLE session_costs ADD COLUMN first_at INTEGER;
  `,
];
