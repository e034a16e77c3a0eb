const QUARTER_HOUR_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** As quarter-hours.ts has it. */
const quarterHourOf = (column: string): string => `${column} - ${column} % ${QUARTER_HOUR_MS}`;
const used = (of: string): string => `coalesce(json_extract(tasks.usage, '$.${of}'), 0)`;

/** Prompts of a conversation that their session only took up are not its work. */
const COUNTED = `tasks JOIN sessions ON sessions.id = tasks.session_id
  WHERE is_in_history = 1 AND NOT (kind = 'prompt' AND tasks.created_at < sessions.created_at)`;

/** What is drawn over time, a step of the schema that begins with what the tables before it tell. Part of it, so never changed. */
export const timeSeriesTables = `
  CREATE TABLE work_done (
    at INTEGER NOT NULL,
    agent TEXT NOT NULL,
    project_id TEXT NOT NULL,
    done INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    execution_ms INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    cost_usd REAL,
    PRIMARY KEY (at, agent, project_id)
  ) WITHOUT ROWID;
  CREATE TABLE session_costs (
    session_id TEXT PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
    told REAL,
    of_tasks REAL NOT NULL,
    before REAL NOT NULL,
    counted REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE state_spans (
    session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    from_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    is_unknown INTEGER NOT NULL,
    PRIMARY KEY (session_id, from_at)
  ) WITHOUT ROWID;
  CREATE INDEX state_spans_from ON state_spans(from_at);
  CREATE INDEX sessions_ended ON sessions(ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE quota_samples (
    minute INTEGER NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts(id),
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    used_percent REAL NOT NULL,
    resets_at INTEGER,
    at INTEGER NOT NULL,
    PRIMARY KEY (minute, account_id, kind, model)
  ) WITHOUT ROWID;

  INSERT INTO session_costs
    SELECT id, told, of_tasks, before, CASE WHEN told IS NULL THEN 0 ELSE max(0, told - before - of_tasks) END FROM (
      SELECT *, CASE WHEN told IS NOT NULL AND has_past THEN max(0, told - of_tasks) ELSE 0 END AS before FROM (
        SELECT sessions.id, json_extract(sessions.usage, '$.costUsd') AS told,
          coalesce(sum(json_extract(tasks.usage, '$.costUsd')), 0) AS of_tasks,
          coalesce(max(kind = 'prompt' AND tasks.created_at < sessions.created_at), 0) AS has_past
        FROM sessions LEFT JOIN tasks ON tasks.session_id = sessions.id GROUP BY sessions.id));
  INSERT INTO work_done
    SELECT at, agent, project_id, sum(done), sum(failed), sum(cancelled), sum(execution_ms),
      sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(cost_usd)
    FROM (
      SELECT ${quarterHourOf("tasks.ended_at")} AS at, tasks.agent, tasks.project_id, tasks.state = 'DONE' AS done,
        tasks.state = 'ERROR' AS failed, tasks.state = 'CANCELLED' AS cancelled,
        max(0, tasks.ended_at - coalesce(tasks.started_at, tasks.created_at)) AS execution_ms,
        0 AS input_tokens, 0 AS output_tokens, 0 AS cache_read_tokens, 0 AS cache_write_tokens, NULL AS cost_usd
      FROM ${COUNTED} AND tasks.ended_at IS NOT NULL AND tasks.state IN ('DONE', 'ERROR', 'CANCELLED')
      UNION ALL
      SELECT ${quarterHourOf("tasks.updated_at")}, tasks.agent, tasks.project_id, 0, 0, 0, 0, ${used("inputTokens")},
        ${used("outputTokens")}, ${used("cacheReadTokens")}, ${used("cacheWriteTokens")},
        json_extract(tasks.usage, '$.costUsd')
      FROM ${COUNTED} AND tasks.usage IS NOT NULL AND tasks.usage != 'null'
      UNION ALL
      SELECT ${quarterHourOf("updated_at")}, agent, project_id, 0, 0, 0, 0, 0, 0, 0, 0, counted
      FROM session_costs JOIN sessions ON sessions.id = session_id WHERE counted > 0
    ) GROUP BY at, agent, project_id;
  INSERT INTO state_spans SELECT id, state_since, state, coalesce(json_extract(reason, '$.isUnknown'), 0) FROM sessions;
  INSERT OR REPLACE INTO quota_samples
    SELECT json_extract(value, '$.at') / ${MINUTE_MS}, accounts.id, json_extract(value, '$.kind'),
      coalesce(json_extract(value, '$.model'), ''), json_extract(value, '$.usedPercent'),
      json_extract(value, '$.resetsAt'), json_extract(value, '$.at')
    FROM accounts, json_each(accounts.quotas);
`;
