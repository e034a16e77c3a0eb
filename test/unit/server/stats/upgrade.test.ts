import assert from "node:assert/strict";
import { join } from "node:path";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { makeOldDatabase } from "../../../support/old-database.ts";
import { tempFolder } from "../../../support/repositories.ts";

/** The steps of the schema before anything was kept over time. */
const STEPS_BEFORE = 5;
const QUARTER_MS = 15 * 60_000;

const usage = (inputTokens: number, costUsd: number | null) =>
  JSON.stringify({ inputTokens, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd });

describe("a database from before anything was kept over time", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  before(async () => {
    folder = await tempFolder();
    const path = join(folder.path, "state.db");
    const rows = `
      INSERT INTO projects (id, name, path, created_at, updated_at) VALUES ('project1', 'shop', '/shop', 1, 1);
      INSERT INTO sessions (id, project_id, root_task_id, agent, title, command, cwd, mode, origin, state, state_since, reason,
        created_at, updated_at, usage) VALUES
        ('session1', 'project1', 'root', 'claude', 'Shop', '["claude"]', '/shop', 'pty', 'cli', 'IDLE', 50,
          '{"text":"","source":"gateway","at":1,"isUnknown":true}', 10, ${3 * QUARTER_MS}, '${usage(9, 2)}'),
        ('session2', 'project1', 'root2', 'claude', 'Shop', '["claude"]', '/shop', 'pty', 'cli', 'IDLE', 60,
          '{"text":"","source":"gateway","at":1}', 10, 10, 'null');
      INSERT INTO tasks (id, project_id, session_id, kind, agent, title, state, created_at, started_at, updated_at, ended_at, usage,
        is_in_history) VALUES
        ('root', 'project1', 'session1', 'root', 'claude', 'Shop', 'IDLE', 10, NULL, 1, NULL, 'null', 0),
        ('a', 'project1', 'session1', 'prompt', 'claude', 'A', 'DONE', 100, NULL, ${QUARTER_MS}, 150, '${usage(4, 0.5)}', 1),
        ('b', 'project1', 'session1', 'run', 'claude', 'B', 'ERROR', 20, 120, 200, 190, '${usage(5, null)}', 1),
        ('c', 'project1', 'session1', 'prompt', 'claude', 'C', 'RUNNING', 300, NULL, 1, NULL, NULL, 1),
        ('d', 'project1', NULL, 'foreign', 'make', 'D', 'DONE', 400, NULL, 1, 500, 'null', 0),
        ('past', 'project1', 'session2', 'prompt', 'claude', 'P', 'DONE', 5, NULL, 5, 5, '${usage(90, null)}', 1);
      INSERT INTO accounts (id, agent, label, is_default, quotas, updated_at) VALUES ('account1', 'claude', 'Claude Code', 1,
        '[{"kind":"weekly","model":null,"usedPercent":12.5,"resetsAt":null,"at":90000,"fullAt":null}]', 1);`;
    makeOldDatabase(path, STEPS_BEFORE, rows);
    store = new Store(openDatabase(path), () => 7);
  });
  after(async () => {
    store.close();
    await folder.dispose();
  });

  const work = (quarter: number) =>
    store.workBetween(quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS).map(({ agent, projectId, ...numbers }) => {
      const { done, failed, cancelled, executionMs, inputTokens, outputTokens, costUsd } = numbers;
      return [agent, projectId, done, failed, cancelled, executionMs, inputTokens, outputTokens, costUsd];
    });

  it("has the work of the tasks that are in it, and what their sessions have cost besides", () => {
    assert.deepEqual(work(0), [["claude", "project1", 1, 1, 0, 50 + 70, 5, 1, null]]);
    assert.deepEqual(work(1), [["claude", "project1", 0, 0, 0, 0, 4, 1, 0.5]]);
    assert.deepEqual(work(3), [["claude", "project1", 0, 0, 0, 0, 0, 0, 1.5]]);
  });

  it("counts only what is told more from then on", () => {
    const session = store.session("session1")!;
    store.change((transaction) => transaction.putSession({ ...session, usage: { ...session.usage!, costUsd: 2.25 } }));
    assert.equal(work(0)[0]?.at(-1), 0.25);
  });

  it("has the state that each session is in", () => {
    assert.deepEqual(store.timelines(0), [
      { sessionId: "session1", spans: [{ state: "IDLE", isUnknown: true, from: 50 }], endedAt: null },
      { sessionId: "session2", spans: [{ state: "IDLE", isUnknown: false, from: 60 }], endedAt: null },
    ]);
  });

  it("has what was last told of each account", () => {
    assert.deepEqual(store.quotaSamples(0, undefined), [
      { accountId: "account1", kind: "weekly", model: null, usedPercent: 12.5, resetsAt: null, at: 90_000 },
    ]);
  });
});
