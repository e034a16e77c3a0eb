import assert from "node:assert/strict";
import { join } from "node:path";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { makeOldDatabase } from "../../../support/old-database.ts";
import { tempFolder } from "../../../support/repositories.ts";

/** The steps of the schema before sessions had a history. */
const STEPS_BEFORE = 4;

describe("a database from before sessions had a history", () => {
  it("has the numbers of the prompts that are in it", async () => {
    const folder = await tempFolder();
    const path = join(folder.path, "state.db");
    const rows = `
      INSERT INTO projects (id, name, path, created_at, updated_at) VALUES ('project1', 'shop', '/shop', 1, 1);
      INSERT INTO sessions (id, project_id, root_task_id, agent, title, command, cwd, mode, origin, state, state_since, reason,
        created_at, updated_at) VALUES ('session1', 'project1', 'root', 'claude', 'Shop', '["claude"]', '/shop', 'pty', 'cli', 'IDLE', 1,
        '{"text":"","source":"gateway","at":1}', 1, 1);
      INSERT INTO tasks (id, project_id, session_id, kind, agent, title, state, created_at, updated_at, ended_at) VALUES
        ('root', 'project1', 'session1', 'root', 'claude', 'Shop', 'IDLE', 1, 1, NULL),
        ('a', 'project1', 'session1', 'prompt', 'claude', 'A', 'DONE', 100, 1, 150),
        ('b', 'project1', 'session1', 'prompt', 'claude', 'B', 'CANCELLED', 200, 1, 190),
        ('c', 'project1', 'session1', 'prompt', 'claude', 'C', 'RUNNING', 300, 1, NULL),
        ('d', 'project1', NULL, 'foreign', 'make', 'D', 'DONE', 400, 1, 500);`;
    makeOldDatabase(path, STEPS_BEFORE, rows);
    const store = new Store(openDatabase(path), () => 7);
    try {
      assert.deepEqual(store.sessionStats("session1"), {
        totalTasks: 3,
        completedTasks: 1,
        failedTasks: 0,
        cancelledTasks: 1,
        executionMs: 50,
      });
      assert.deepEqual(
        store.historyPage("session1", { limit: 10 }).tasks.map(({ id }) => id),
        ["c", "b", "a"],
      );
    } finally {
      store.close();
      await folder.dispose();
    }
  });
});
