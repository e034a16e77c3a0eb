/** A column of milliseconds as ISO 8601, as `Date.toISOString` writes it. */
const iso = (column: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch')`;

/** A session by the id that its wrapper knows, where one registered it. */
const told = `
  SELECT
    coalesce(registrations.id, sessions.id) AS id,
    sessions.agent AS agent_name,
    sessions.cwd AS cwd,
    sessions.pid AS pid,
    coalesce(registrations.started_at, sessions.created_at) AS started_at,
    sessions.ended_at AS ended_at,
    max(sessions.updated_at, coalesce(registrations.last_activity_at, 0)) AS last_activity_at,
    max(sessions.prompt_count, coalesce(registrations.prompt_count, 0)) AS prompts_used,
    CASE WHEN sessions.ended_at IS NULL THEN 'active' ELSE 'completed' END AS status,
    CASE WHEN sessions.ended_at IS NULL THEN coalesce(registrations.status, 'active') ELSE 'completed' END AS told_status
  FROM sessions LEFT JOIN registrations ON registrations.session_id = sessions.id
`;

/** Of several pauses the one that ends last, as the gateway answers. */
const pause = `
  SELECT pauses.since, pauses.until, pauses.reason
  FROM pauses JOIN accounts ON accounts.id = pauses.account_id
  WHERE accounts.agent = 'claude' AND accounts.is_default
    AND pauses.ended_at IS NULL AND pauses.is_in_force
    AND (pauses.model IS NULL OR pauses.holds_unnamed_model)
  ORDER BY pauses.until IS NULL DESC, pauses.until DESC, pauses.since LIMIT 1
`;

/**
 * What foreign tools read from the database, in the names that they know. Views, so that they are true at any time. A part of a
 * migration: once released, it is never changed.
 */
export const wrapperViews = `
  CREATE TABLE registrations (
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    prompt_count INTEGER NOT NULL,
    status TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX registrations_session ON registrations(session_id);
  CREATE VIEW agent_sessions AS
    SELECT id, agent_name, ${iso("started_at")} AS start_time, ${iso("ended_at")} AS end_time, status, prompts_used
    FROM (${told});
  CREATE VIEW kv_store AS
    WITH told AS (${told})
    SELECT 'session:' || id AS key, json_object(
      'sessionId', id,
      'workingDir', cwd,
      'pid', pid,
      'startTime', ${iso("started_at")},
      'lastActivity', ${iso("last_activity_at")},
      'promptCount', prompts_used,
      'status', told_status
    ) AS value FROM told
    UNION ALL SELECT 'active_session', json_quote(id) FROM (
      SELECT id FROM told WHERE status = 'active' AND agent_name = 'claude' ORDER BY last_activity_at DESC LIMIT 1
    )
    UNION ALL SELECT 'pause', json_object(
      'pausedAt', ${iso("since")},
      'resumeAt', ${iso("until")},
      'reason', reason
    ) FROM (${pause});
`;
