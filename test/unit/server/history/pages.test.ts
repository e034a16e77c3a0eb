import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { toCursor } from "../../../../src/server/store/cursor.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { type Condition, pageQuery } from "../../../../src/server/store/page-query.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { aProject, aRun, aSession, aTask, aWorktree } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";

describe("tasks and sessions by pages", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  const path = () => join(folder.path, "state.db");
  beforeEach(async () => {
    folder = await tempFolder();
    store = new Store(openDatabase(path()), () => 7);
    store.change((transaction) => {
      for (const id of ["project1", "project2"]) transaction.putProject(aProject({ id }), { givenName: null });
      transaction.putWorktree(aWorktree());
      for (const id of ["session1", "session2"]) transaction.putSession(aSession({ id }));
    });
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const put = (...tasks: ReturnType<typeof aTask>[]) =>
    store.change((transaction) => {
      for (const task of tasks) transaction.putTask(task);
    });
  const ids = ({ tasks }: { tasks: readonly { id: string }[] }) => tasks.map(({ id }) => id);

  it("have each task once, the newest first, also those of the same moment", () => {
    put(...Array.from({ length: 7 }, (_, n) => aTask({ id: `task${n}`, createdAt: 1_000 + Math.floor(n / 3) })));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = store.tasksPage({ limit: 2, cursor });
      found.push(...ids(page));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    assert.deepEqual(found, ["task6", "task5", "task4", "task3", "task2", "task1", "task0"]);
  });

  it("go on where the page before ended, although its last task is gone and newer ones have come", () => {
    put(...["a", "b", "c", "d"].map((id, n) => aTask({ id, createdAt: n })));
    const { nextCursor } = store.tasksPage({ limit: 2 });
    store.change((transaction) => transaction.removeTask("c"));
    put(aTask({ id: "e", createdAt: 9 }));
    assert.deepEqual(ids(store.tasksPage({ limit: 2, cursor: nextCursor! })), ["b", "a"]);
  });

  it("end with a full page when that is all", () => {
    put(aTask({ id: "a" }), aTask({ id: "b" }));
    assert.equal(store.tasksPage({ limit: 2 }).nextCursor, null);
  });

  it("take an id of any script into the cursor", () => {
    const odd = "🦊".repeat(100);
    put(aTask({ id: odd }), aTask({ id: "a" }));
    const { nextCursor } = store.tasksPage({ limit: 1 });
    assert.deepEqual(ids(store.tasksPage({ limit: 1, cursor: nextCursor! })), ["a"]);
  });

  for (const cursor of ["", "x", "bm8", Buffer.from('["a",1]').toString("base64url")]) {
    it(`refuse ${JSON.stringify(cursor)} as a cursor`, () => {
      assert.throws(() => store.tasksPage({ limit: 1, cursor }), { code: "invalid-request" });
    });
  }

  it("are only those that are asked for", () => {
    put(
      aTask({ id: "queued", state: "QUEUED", createdAt: 1 }),
      aTask({ id: "done", state: "DONE", projectId: "project2", createdAt: 2, endedAt: 2 }),
      aTask({ id: "prompt", kind: "prompt", sessionId: "session1", createdAt: 3 }),
      aRun({ id: "run", worktreeId: "worktree1", createdAt: 4 }),
    );
    const asked = (filter: Parameters<Store["tasksPage"]>[0] extends infer F ? Partial<F> : never) =>
      ids(store.tasksPage({ limit: 10, ...filter }));
    assert.deepEqual(asked({ state: ["QUEUED", "DONE", "QUEUED"] }), ["run", "done", "queued"]);
    assert.deepEqual(asked({ kind: "prompt" }), ["prompt"]);
    assert.deepEqual(asked({ sessionId: "session1" }), ["prompt"]);
    assert.deepEqual(asked({ worktreeId: "worktree1" }), ["run"]);
    assert.deepEqual(asked({ projectId: "project2" }), ["done"]);
    assert.deepEqual(asked({ since: 3 }), ["run", "prompt"]);
    assert.deepEqual(asked({ sessionId: "session1", state: ["DONE"] }), []);
  });

  it("leave out of a session's history what only stands for something else", () => {
    const run = (id: string, via: "headless" | "terminal" | null) =>
      aRun({ id, sessionId: "session1", run: { ...aRun().run!, via } });
    put(
      aTask({ id: "root", kind: "root", sessionId: "session1" }),
      aTask({ id: "prompt", kind: "prompt", sessionId: "session1" }),
      aTask({ id: "other", kind: "prompt", sessionId: "session2" }),
      run("waiting", null),
      run("headless", "headless"),
      run("terminal", "terminal"),
    );
    assert.deepEqual(ids(store.historyPage("session1", { limit: 10 })), ["prompt", "headless"]);
  });

  it("have the sessions of which something was told since then", () => {
    store.change((transaction) => {
      transaction.putSession(aSession({ id: "old", createdAt: 1, updatedAt: 10 }));
      transaction.putSession(aSession({ id: "busy", createdAt: 2, updatedAt: 5_000 }));
      transaction.putSession(aSession({ id: "elsewhere", projectId: "project2", createdAt: 3, updatedAt: 5_000 }));
    });
    const found = (filter: object) => store.sessionsPage({ limit: 10, ...filter }).sessions.map(({ id }) => id);
    assert.deepEqual(found({ since: 2_000 }), ["elsewhere", "busy"]);
    assert.deepEqual(found({ since: 2_000, projectId: "project2" }), ["elsewhere"]);
    assert.deepEqual(found({}), ["session2", "session1", "elsewhere", "busy", "old"]);
  });

  describe("are found in an index alone, in their order", () => {
    const kind: Condition = { sql: "kind = ?", value: "run" };
    const since: Condition = { sql: "created_at >= ?", value: 1 };
    const asked: [string, "tasks" | "sessions", Condition[], string[]][] = [
      ["tasks_created", "tasks", [], []],
      ["tasks_created", "tasks", [kind, since], ["DONE", "ERROR"]],
      ["tasks_session_created", "tasks", [{ sql: "session_id = ?", value: "s" }, kind, since], ["DONE"]],
      [
        "tasks_session_created",
        "tasks",
        [
          { sql: "session_id = ?", value: "s" },
          { sql: "is_in_history = ?", value: 1 },
        ],
        [],
      ],
      ["tasks_worktree_created", "tasks", [{ sql: "worktree_id = ?", value: "w" }, kind, since], ["QUEUED"]],
      ["tasks_project_created", "tasks", [{ sql: "project_id = ?", value: "p" }, kind, since], ["RUNNING"]],
      ["sessions_created", "sessions", [], []],
      [
        "sessions_created",
        "sessions",
        [
          { sql: "project_id = ?", value: "p" },
          { sql: "updated_at >= ?", value: 1 },
        ],
        [],
      ],
    ];
    for (const [index, table, conditions, states] of asked) {
      const words = [...conditions.map(({ sql }) => sql.split(" ")[0]), ...states].join(", ") || "anything";
      it(`${table} by ${words}`, () => {
        const cursor = toCursor({ createdAt: 5, id: "x" });
        const { sql, parameters } = pageQuery(table, conditions, { limit: 10, cursor }, states);
        const db = new DatabaseSync(path());
        const plan = db
          .prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all(...parameters)
          .map(({ detail }) => String(detail));
        db.close();
        const keys = plan.slice(
          0,
          plan.findIndex((line) => line.startsWith("SCAN keys")),
        );
        assert.ok(
          keys.some((line) => line.includes(`SEARCH ${table} USING COVERING INDEX ${index} (`)),
          plan.join("\n"),
        );
        assert.ok(!keys.some((line) => line.includes("TEMP B-TREE")), plan.join("\n"));
        assert.ok(
          plan.some((line) => line.startsWith(`SEARCH ${table} USING PRIMARY KEY (id=?)`)),
          plan.join("\n"),
        );
      });
    }
  });

  it("bound a snapshot's ended tasks to the latest, and leave out none that has not ended", () => {
    put(
      ...Array.from({ length: 400 }, (_, n) =>
        aTask({ id: `ended${n}`, state: "DONE", createdAt: n, endedAt: 1_000 - n }),
      ),
      ...Array.from({ length: 350 }, (_, n) => aTask({ id: `open${n}`, createdAt: n })),
    );
    const tasks = store.snapshot().tasks;
    const ended = tasks.filter(({ endedAt }) => endedAt !== null);
    assert.equal(tasks.length - ended.length, 350);
    assert.deepEqual([ended.length, ended[0]?.id, ended.at(-1)?.id], [300, "ended0", "ended299"]);
  });

  it("tell a plan with the moment it was accepted, whatever happens to its task then", () => {
    const task = aTask({ id: "a", kind: "prompt", sessionId: "session1", updatedAt: 10 });
    put(task);
    put({ ...task, plan: "First the tests", updatedAt: 20 });
    put({ ...task, plan: "First the tests", state: "DONE", updatedAt: 30, endedAt: 30 });
    assert.deepEqual(store.plansOf("session1"), [{ taskId: "a", text: "First the tests", acceptedAt: 20 }]);
  });
});
