import assert from "node:assert/strict";
import { join } from "node:path";
import type { Session } from "../../../../src/protocol/entities.ts";
import { TallyError } from "../../../../src/protocol/errors.ts";
import { type RouteBodyInput, routes as shapes } from "../../../../src/protocol/routes.ts";
import { History } from "../../../../src/server/history/history.ts";
import { sessionApiRoutes } from "../../../../src/server/http/session-api-routes.ts";
import { SessionCreation } from "../../../../src/server/session-api/session-creation.ts";
import type { HeadlessSessionOrder } from "../../../../src/server/sessions/headless-sessions.ts";
import { alreadyEnded } from "../../../../src/server/sessions/session-errors.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { aProject, aRun, aSession } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";
import { FakeTasks } from "./fake-tasks.ts";

/** What a handler gets where its route takes nothing. */
const none = undefined as never;

describe("the session API", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let home: Awaited<ReturnType<typeof tempFolder>>;
  let store: Store;
  let tasks: FakeTasks;
  let routes: ReturnType<typeof sessionApiRoutes>;
  let gone: AbortController;
  beforeEach(async () => {
    [folder, home] = await Promise.all([tempFolder(), tempFolder()]);
    store = new Store(openDatabase(join(folder.path, "state.db")), () => 5_000);
    store.change((transaction) => transaction.putProject(aProject(), { givenName: null }));
    tasks = new FakeTasks();
    gone = new AbortController();
    routes = sessionApiRoutes({
      creation: new SessionCreation({ headless: { create }, now: () => 0 }),
      tasks,
      sessions: { get: (id) => store.session(id) ?? fail(noSession(id)), end },
      store,
      history: new History({ store, now: () => 5_000 }),
      env: { PATH: "/bin" },
      homeFolder: home.path,
    });
  });
  afterEach(async () => {
    store.close();
    await Promise.all([folder.dispose(), home.dispose()]);
  });

  const noSession = (id: string) => new TallyError("session-not-found", `There is no session ${id}.`);
  const fail = (error: Error): never => {
    throw error;
  };
  const put = (session: Session) => {
    store.change((transaction) => transaction.putSession(session));
    return session;
  };
  function create({ cwd, agent = "demo", persona }: HeadlessSessionOrder) {
    const id = `made${store.sessions().length}`;
    const session = put(aSession({ id, cwd, agent, persona: persona ?? null, mode: "headless", state: "IDLE" }));
    return Promise.resolve({ session, project: aProject(), task: aRun() });
  }
  function end(id: string) {
    const session = store.session(id) ?? fail(noSession(id));
    if (session.endedAt !== null) return Promise.reject(alreadyEnded(session));
    return Promise.resolve(put({ ...session, state: "DONE", endedAt: 5_000 }));
  }

  const input = (given: object) =>
    ({
      params: {},
      body: none,
      query: none,
      connection: { localPort: 0, remotePort: 0 },
      signal: gone.signal,
      ...given,
    }) as never;
  const open = async (workingDirectory: string, fields: object = {}) => {
    const body = shapes.openSession.body.parse({ workingDirectory, ...fields });
    return shapes.openSession.result.parse(await routes.openSession(input({ body })));
  };
  const orderOf = (body: RouteBodyInput<"executeTask">) => input({ body: shapes.executeTask.body.parse(body) });
  /** Runs a task that ends at once, and says in which session. */
  const sessionOf = async (body: Omit<RouteBodyInput<"executeTask">, "task">) => {
    tasks.does({ state: "DONE" });
    return (await routes.executeTask(orderOf({ task: "Go", ...body }))).sessionId;
  };
  const change = (name: "closeSession" | "switchSession", id: string) => routes[name](input({ params: { id } }));

  it("makes a session and starts nothing", async () => {
    const { sessionId, metadata } = await open(folder.path);
    assert.deepEqual(metadata, {
      sessionId,
      startTime: "1970-01-01T00:00:01.000Z",
      workingDirectory: folder.path,
      projectPath: "/home/me/shop",
      tasks: [],
      plans: [],
      totalTasks: 0,
      completedTasks: 0,
      failedTasks: 0,
      totalExecutionTime: 0,
      status: "active",
    });
    assert.deepEqual(tasks.added, []);
  });

  it("lists every session, the newest first, by pages", async () => {
    for (const [index, id] of ["a", "b", "c"].entries()) put(aSession({ id, createdAt: index }));
    const page = async (query: object) => routes.listSessions(input({ query: shapes.listSessions.query.parse(query) }));
    const first = await page({ limit: "2" });
    const second = await page({ limit: "2", cursor: first.nextCursor });
    const ids = [first, second].map(({ sessions }) => sessions.map(({ sessionId }) => sessionId));
    assert.deepEqual(ids, [["c", "b"], ["a"]]);
    assert.equal(second.nextCursor, null);
  });

  it("tells of a session what was done in it, and its numbers", async () => {
    put(aSession({ id: "a", createdAt: 1_000, state: "DONE", endedAt: 4_000 }));
    const run = { ...aRun().run!, via: "headless" as const, attempts: 1 };
    store.change((transaction) => {
      transaction.putTask(
        aRun({ id: "1", sessionId: "a", run, state: "DONE", startedAt: 1_000, endedAt: 1_500, createdAt: 1 }),
      );
      transaction.putTask(
        aRun({ id: "2", sessionId: "a", run, state: "ERROR", startedAt: 2_000, endedAt: 2_100, createdAt: 2 }),
      );
    });
    const told = await routes.sessionMetadata(input({ params: { id: "a" } }));
    const { metadata, stats } = shapes.sessionMetadata.result.parse(told);
    assert.deepEqual(
      metadata.tasks.map(({ id, status }) => [id, status]),
      [
        ["1", "completed"],
        ["2", "failed"],
      ],
    );
    assert.deepEqual([metadata.totalTasks, metadata.totalExecutionTime], [2, 600]);
    assert.deepEqual([metadata.status, metadata.endTime], ["completed", "1970-01-01T00:00:04.000Z"]);
    assert.deepEqual(stats, { duration: 3_000, successRate: 0.5, avgExecutionTime: 300 });
  });

  it("ends a session, once", async () => {
    const { sessionId } = await open(folder.path);
    const { metadata } = await change("closeSession", sessionId);
    assert.deepEqual([metadata.status, metadata.endTime], ["completed", "1970-01-01T00:00:05.000Z"]);
    await assert.rejects(async () => change("closeSession", sessionId), { code: "session-ended" });
  });

  it("knows no session that is not there", async () => {
    for (const ask of [
      async () => routes.sessionMetadata(input({ params: { id: "none" } })),
      async () => change("closeSession", "none"),
      async () => change("switchSession", "none"),
      async () => sessionOf({ sessionId: "none" }),
    ]) {
      await assert.rejects(ask, { code: "session-not-found" });
    }
  });

  describe("runs a task", () => {
    it("in the session that is named, and answers once it has ended", async () => {
      const { sessionId } = await open(folder.path);
      await open(folder.path);
      const answer = Promise.resolve(
        routes.executeTask(orderOf({ sessionId, task: "Fix the tests", args: ["--fast"] })),
      );
      tasks.does({ state: "RUNNING" });
      tasks.does({ state: "DONE", result: "Fixed.", usage: null });
      const { metadata, ...executed } = shapes.executeTask.result.parse(await answer);
      assert.deepEqual(executed, {
        sessionId,
        taskId: "run1",
        status: "completed",
        result: "Fixed.",
        error: null,
        usage: null,
      });
      assert.equal(metadata.sessionId, sessionId);
      assert.deepEqual(tasks.added, [
        {
          prompt: "Fix the tests",
          type: "code",
          place: { sessionId },
          args: ["--fast"],
          env: { PATH: "/bin" },
          origin: "http",
          timeLimitMs: undefined,
          at: "first",
          whenPaused: "refuse",
        },
      ]);
    });

    it("of another kind, in the environment and for the time that are given", async () => {
      tasks.does({ state: "DONE" });
      const task = { description: "Tidy up", type: "git" as const, priority: 3 };
      await routes.executeTask(orderOf({ task, env: { HOME: "/x" }, timeLimitMs: 5_000 }));
      const [{ prompt, type, env, timeLimitMs } = fail(new Error("nothing was added"))] = tasks.added;
      assert.deepEqual(
        { prompt, type, env, timeLimitMs },
        { prompt: "Tidy up", type: "git", env: { HOME: "/x" }, timeLimitMs: 5_000 },
      );
    });

    it("and answers as well when it failed, or was cancelled", async () => {
      tasks.does({ state: "ERROR", error: "It could not." });
      const failed = await routes.executeTask(orderOf({ task: "Go" }));
      assert.deepEqual([failed.status, failed.error], ["failed", "It could not."]);
      tasks.does({ state: "CANCELLED" });
      assert.equal((await routes.executeTask(orderOf({ task: "Go" }))).status, "cancelled");
    });

    it("that goes on when whoever asked has gone", async () => {
      const answer = Promise.resolve(routes.executeTask(orderOf({ task: "Go" })));
      setImmediate(() => gone.abort());
      await assert.rejects(answer, { code: "cancelled" });
      assert.equal(tasks.get().task.state, "QUEUED");
    });

    it("not while a pause holds it", async () => {
      tasks.refusal = new TallyError("paused", "The 5-hour limit is reached.", { resumeAt: 9 });
      const { sessionId } = await open(folder.path);
      await assert.rejects(async () => routes.executeTask(orderOf({ sessionId, task: "Go" })), { code: "paused" });
      await assert.rejects(async () => routes.streamTask(orderOf({ sessionId, task: "Go" })), { code: "paused" });
    });

    it("in the current session where none is named: the last that was made or switched to", async () => {
      const { sessionId: first } = await open(folder.path);
      const { sessionId: second } = await open(home.path);
      assert.equal(await sessionOf({}), second);
      await change("switchSession", first);
      assert.equal(await sessionOf({}), first);
    });

    it("in a new session in the home folder where there is no current one, which then is", async () => {
      const sessionId = await sessionOf({});
      assert.equal(store.session(sessionId)?.cwd, home.path);
      assert.equal(await sessionOf({}), sessionId);
    });

    it("in a new session where the current one has ended", async () => {
      const { sessionId } = await open(folder.path);
      await change("closeSession", sessionId);
      assert.notEqual(await sessionOf({}), sessionId);
      await assert.rejects(async () => change("switchSession", sessionId), { code: "session-ended" });
    });

    it("in a new session where the current one is another folder's, agent's or persona's", async () => {
      await open(folder.path, { agent: "demo" });
      for (const order of [{ workingDirectory: home.path }, { agent: "codex" }, { persona: "review" }]) {
        const before = store.sessions().length;
        await sessionOf(order);
        assert.equal(store.sessions().length, before + 1);
      }
    });

    it("in the current session where that is what was asked for", async () => {
      const { sessionId } = await open(folder.path, { agent: "demo" });
      assert.equal(await sessionOf({ workingDirectory: `${folder.path}/.`, agent: "demo" }), sessionId);
    });

    it("not in a session that is named and works elsewhere, or is another agent's", async () => {
      const { sessionId } = await open(folder.path, { agent: "demo" });
      for (const order of [{ workingDirectory: home.path }, { agent: "codex" }]) {
        await assert.rejects(sessionOf({ sessionId, ...order }), { code: "invalid-request" });
      }
      assert.deepEqual(tasks.added, []);
    });

    it("not in a system folder", async () => {
      await assert.rejects(sessionOf({ workingDirectory: "/etc" }), { code: "system-folder" });
      assert.deepEqual(store.sessions(), []);
    });
  });

  it("streams a task: its session, the task, what it does and what came of it", async () => {
    const { sessionId } = await open(folder.path);
    const events: string[] = [];
    const stream = await routes.streamTask(orderOf({ sessionId, task: "Go" }));
    for await (const each of stream) {
      const { event, data } = shapes.streamTask.result.parse(each);
      const status = "status" in data ? ` ${data.status}` : "";
      events.push(event + status + ("entries" in data ? ` ${data.entries.map(({ text }) => text).join()}` : ""));
      if (events.length === 2) tasks.does({ state: "RUNNING" }, "one", "two");
      if (events.length === 4) tasks.does({ state: "DONE", result: "Done." }, "three");
    }
    assert.deepEqual(events, [
      "session",
      "task pending",
      "output one,two",
      "task in_progress",
      "output three",
      "task completed",
      "result completed",
    ]);
  });
});
