import assert from "node:assert/strict";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../../src/server/store/database.ts";
import { Store } from "../../../src/server/store/store.ts";
import { aProject, aSession } from "../../support/entities.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("what foreign tools read from the database", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let db: DatabaseSync;
  let store: Store;
  beforeEach(async () => {
    folder = await tempFolder();
    db = openDatabase(join(folder.path, "state.db"));
    store = new Store(db, () => 7);
    store.change((transaction) => transaction.putProject(aProject(), { givenName: null }));
  });
  afterEach(async () => {
    store.close();
    await folder.dispose();
  });

  const at = Date.parse("2026-11-21T08:30:00.123Z");
  const put = (fields: Parameters<typeof aSession>[0]) =>
    store.change((transaction) =>
      transaction.putSession(aSession({ pid: 42, createdAt: at, updatedAt: at, ...fields })),
    );
  const rows = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  const value = (key: string) => {
    const [row] = rows(`SELECT value FROM kv_store WHERE key = '${key}'`);
    return row && (JSON.parse(String(row["value"])) as unknown);
  };
  const account = { label: "Claude Code", isDefault: true, quotas: [], updatedAt: 1 };
  const putPause = (fields: object) =>
    store.change((transaction) => {
      transaction.putAccount({ ...account, id: "claude-1", agent: "claude" });
      transaction.putAccount({ ...account, id: "claude-2", agent: "claude", isDefault: false });
      transaction.putAccount({ ...account, id: "codex-1", agent: "codex" });
      transaction.putPause({
        id: "pause1",
        accountId: "claude-1",
        agent: "claude",
        label: "Claude Code",
        model: null,
        holdsUnnamedModel: true,
        kind: "five-hour",
        since: at,
        until: at + 1_000,
        isInForce: true,
        reason: "It has hit its 5-hour limit.",
        source: "hook",
        signal: null,
        evidence: null,
        sessionId: null,
        nextTryAt: null,
        tries: 0,
        endedAt: null,
        endedBy: null,
        createdAt: at,
        updatedAt: at,
        ...fields,
      });
    });

  it("is every session, of any agent, that runs or has ended", () => {
    put({ id: "one", promptCount: 2 });
    put({ id: "two", agent: "codex", endedAt: at + 999, state: "DONE" });
    const times = { start_time: "2026-11-21T08:30:00.123Z" };
    assert.deepEqual(rows("SELECT * FROM agent_sessions ORDER BY id"), [
      { id: "one", agent_name: "claude", ...times, end_time: null, status: "active", prompts_used: 2 },
      {
        id: "two",
        agent_name: "codex",
        ...times,
        end_time: "2026-11-21T08:30:01.122Z",
        status: "completed",
        prompts_used: 0,
      },
    ]);
  });

  it("is a session in the words of the wrapper that registered it", () => {
    put({ id: "one", promptCount: 2 });
    store.change((transaction) =>
      transaction.putRegistration({
        id: "w-1",
        sessionId: "one",
        startedAt: at - 1_000,
        lastActivityAt: at + 1_000,
        promptCount: 5,
        status: "thinking",
      }),
    );
    assert.deepEqual(value("session:w-1"), {
      sessionId: "w-1",
      workingDir: "/home/me/shop",
      pid: 42,
      startTime: "2026-11-21T08:29:59.123Z",
      lastActivity: "2026-11-21T08:30:01.123Z",
      promptCount: 5,
      status: "thinking",
    });
    assert.equal(value("session:one"), undefined);
    assert.equal(store.registration("w-1")?.sessionId, "one");
  });

  it("forgets with a session what its wrapper registered", () => {
    put({ id: "one", endedAt: at });
    const told = { startedAt: 1, lastActivityAt: 1, promptCount: 0, status: "active" };
    store.change((transaction) => transaction.putRegistration({ id: "w-1", sessionId: "one", ...told }));
    store.change((transaction) => transaction.removeSession("one"));
    assert.equal(store.registration("w-1"), null);
  });

  it("is the session of the last activity as the active one, and none when none is", () => {
    assert.equal(value("active_session"), undefined);
    put({ id: "one", updatedAt: at + 2 });
    put({ id: "two", updatedAt: at + 1 });
    put({ id: "ended", updatedAt: at + 3, endedAt: at + 3 });
    assert.equal(value("active_session"), "one");
  });

  it("is JSON whatever the folder is called", () => {
    put({ id: "one", cwd: '/tmp/"quoted" \\ and\n🦊' });
    assert.equal((value("session:one") as { workingDir: string }).workingDir, '/tmp/"quoted" \\ and\n🦊');
  });

  it("is the pause of the usual account of Claude Code", () => {
    putPause({});
    assert.deepEqual(value("pause"), {
      pausedAt: "2026-11-21T08:30:00.123Z",
      resumeAt: "2026-11-21T08:30:01.123Z",
      reason: "It has hit its 5-hour limit.",
    });
  });

  it("says nothing of until when where nobody knows", () => {
    putPause({ until: null });
    assert.equal((value("pause") as { resumeAt: unknown }).resumeAt, null);
  });

  it("is, of several pauses, the one that ends last", () => {
    putPause({ id: "short", until: at + 1_000 });
    putPause({ id: "long", until: at + 9_000 });
    assert.equal((value("pause") as { resumeAt: unknown }).resumeAt, "2026-11-21T08:30:09.123Z");
    putPause({ id: "open", until: null });
    assert.equal((value("pause") as { resumeAt: unknown }).resumeAt, null);
  });

  const others: [what: string, fields: object][] = [
    ["that has ended", { endedAt: at, endedBy: "reset" }],
    ["that only looks like one", { isInForce: false }],
    ["of another account", { accountId: "claude-2" }],
    ["of another agent", { accountId: "codex-1", agent: "codex" }],
    ["of a model that a launch has to name", { model: "Opus", holdsUnnamedModel: false }],
  ];
  for (const [what, fields] of others) {
    it(`is no pause ${what}`, () => {
      putPause(fields);
      assert.equal(value("pause"), undefined);
    });
  }
});
