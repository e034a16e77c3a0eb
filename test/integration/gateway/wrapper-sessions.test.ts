import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../../src/protocol/entities.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";
import { until, untilDefined } from "../../support/until.ts";
import { aWrapper, foreignProcess, type Wrapper } from "../../support/wrapper.ts";

describe("a session that a wrapper registers", () => {
  let gateway: TestGateway;
  let wrapper: Wrapper;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => {
    [gateway, repo] = await Promise.all([startTestGateway(), tempRepo("shop")]);
    wrapper = aWrapper(gateway);
  });
  afterEach(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const startProcess = (withChild = false) => foreignProcess({ cwd: repo.path, env: gateway.env, withChild });
  const register = (pid: number, fields: object = {}) =>
    wrapper.post("/api/session/register", { sessionId: "w-1", workingDir: repo.path, pid, ...fields });
  const heartbeat = (fields: object) =>
    wrapper.post("/api/session/heartbeat", { sessionId: "w-1", promptCount: 1, status: "active", ...fields });
  const end = (fields: object = {}) =>
    wrapper.post("/api/session/end", { sessionId: "w-1", reason: "done", ...fields });
  const external = () => [...gateway.model().sessions.values()].filter(({ mode }) => mode === "external");
  const untilSession = (is: (session: Session) => boolean, what: string) =>
    untilDefined(
      () => external().find(is),
      what,
      15_000,
      () => JSON.stringify(external()),
    );
  /** What Claude Code writes for a process of its own. */
  const writeStateFile = async (pid: number, fields: object) => {
    const folder = join(gateway.env["HOME"]!, ".claude", "sessions");
    await mkdir(folder, { recursive: true });
    const now = Date.now();
    const state = { pid, sessionId: "conversation-1", cwd: repo.path, startedAt: now, statusUpdatedAt: now, ...fields };
    await writeFile(join(folder, `${pid}.json`), JSON.stringify(state));
  };

  it("is answered as wrappers expect, and is a session of Claude Code in its project", async () => {
    await using process = await startProcess();
    const answer = await register(process.pid, { hostname: "an unknown field" });
    assert.deepEqual(answer.json, { success: true, sessionId: "w-1", daemonStatus: "running", isPaused: false });
    const session = await untilSession(({ state }) => state === "RUNNING", "the session to run");
    assert.deepEqual(
      [session.agent, session.mode, session.cwd, session.pid, session.title],
      ["claude", "external", repo.path, process.pid, "Claude Code"],
    );
    assert.equal(gateway.model().projects.get(session.projectId)?.name, "shop");
    assert.notEqual(session.accountId, null);
  });

  it("is in the database under the wrapper's own id", async () => {
    await using process = await startProcess();
    await register(process.pid, { startTime: "2026-11-21T09:00:00+01:00" });
    const start = "2026-11-21T08:00:00.000Z";
    assert.deepEqual(wrapper.rows("SELECT * FROM agent_sessions"), [
      { id: "w-1", agent_name: "claude", start_time: start, end_time: null, status: "active", prompts_used: 0 },
    ]);
    const { lastActivity, ...told } = wrapper.value("session:w-1") as Record<string, unknown>;
    assert.deepEqual(told, {
      sessionId: "w-1",
      workingDir: repo.path,
      pid: process.pid,
      startTime: start,
      promptCount: 0,
      status: "active",
    });
    assert.match(String(lastActivity), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(wrapper.value("active_session"), "w-1");
  });

  it("is found by its heartbeats where nothing else tells of it", async () => {
    await using process = await startProcess();
    await register(process.pid);
    const answer = await heartbeat({ promptCount: 4, status: "idle" });
    assert.deepEqual(answer.json, { success: true, isPaused: false });
    const session = await untilSession(({ state, promptCount }) => state === "IDLE" && promptCount === 4, "it to idle");
    assert.match(session.reason.text, /Its wrapper says: idle/);
    assert.equal(wrapper.rows("SELECT prompts_used FROM agent_sessions")[0]?.["prompts_used"], 4);
  });

  it("takes a heartbeat with a word that means nothing to us", async () => {
    await using process = await startProcess();
    await register(process.pid);
    assert.equal((await heartbeat({ status: "pondering" })).status, 200);
    assert.equal((wrapper.value("session:w-1") as { status: string }).status, "pondering");
  });

  it("is followed by Claude Code's own state file, which its heartbeats do not outvote", async () => {
    await using process = await startProcess();
    await writeStateFile(process.pid, { status: "waiting", waitingFor: "permission prompt" });
    await register(process.pid);
    const session = await untilSession(({ state }) => state === "WAITING_USER", "the state file to be read");
    assert.equal(session.conversationId, "conversation-1");
    await heartbeat({ status: "active" });
    assert.equal(gateway.model().sessions.get(session.id)?.state, "WAITING_USER");
  });

  it("is followed when the wrapper registered itself, and Claude Code is its child", async () => {
    await using process = await startProcess(true);
    await register(process.pid);
    await writeStateFile(process.childPid!, { status: "busy", sessionId: "conversation-2" });
    await heartbeat({ status: "active" });
    await untilSession(({ conversationId }) => conversationId === "conversation-2", "the child's conversation");
  });

  it("may say that it works in the folder of its process", async () => {
    await using process = await startProcess();
    assert.equal((await register(process.pid, { workingDir: "." })).status, 200);
    assert.equal((wrapper.value("session:w-1") as { workingDir: string }).workingDir, repo.path);
  });

  it("is updated when it is registered again, and stays one session", async () => {
    await using first = await startProcess();
    await using second = await startProcess();
    await register(first.pid);
    await register(second.pid);
    const session = await untilSession(({ pid }) => pid === second.pid, "the new process");
    assert.equal(external().length, 1);
    await first.end();
    await heartbeat({ status: "idle" });
    await gateway.untilState(session.id, "IDLE");
    assert.equal((wrapper.value("session:w-1") as { pid: number }).pid, second.pid);
  });

  it("ends when its wrapper says so, and can be registered again", async () => {
    await using process = await startProcess();
    await register(process.pid);
    assert.deepEqual((await end({ reason: "user_exit", finalPromptCount: 7 })).json, { success: true });
    const session = await untilSession(({ state }) => state === "DONE", "the session to be done");
    assert.match(session.reason.text, /user_exit/);
    const [row] = wrapper.rows("SELECT status, end_time, prompts_used FROM agent_sessions");
    assert.deepEqual([row?.["status"], row?.["prompts_used"]], ["completed", 7]);
    assert.equal(row?.["end_time"], new Date(session.endedAt!).toISOString());
    assert.equal(wrapper.value("active_session"), undefined);
    await register(process.pid);
    await untilSession(({ endedAt }) => endedAt === null, "the session to live again");
    assert.equal(external().length, 1);
  });

  it("is an error when its wrapper says that it failed", async () => {
    await using process = await startProcess();
    await register(process.pid);
    await end({ reason: "error: exit code 3" });
    await untilSession(({ state }) => state === "ERROR", "the session to have failed");
  });

  it("is ended by us when its process is gone without a word, and a late word is no error", async () => {
    await using process = await startProcess();
    await register(process.pid);
    await process.end();
    await untilSession(({ endedAt }) => endedAt !== null, "the session to end");
    assert.equal(wrapper.rows("SELECT status FROM agent_sessions")[0]?.["status"], "completed");
    assert.equal((await heartbeat({})).status, 200);
    assert.equal((await end()).status, 200);
    await untilSession(({ state }) => state === "DONE", "what the wrapper saw to count");
  });

  it("is recorded with a process that has gone already, and then ended", async () => {
    const process = await startProcess();
    await process.end();
    assert.equal((await register(process.pid)).status, 200);
    await untilSession(({ endedAt }) => endedAt !== null, "the session to end");
  });

  it("goes on, and is ended, under the next gateway", async () => {
    await using process = await startProcess();
    await register(process.pid);
    await heartbeat({ status: "idle", promptCount: 3 });
    await gateway.crash();
    await gateway.restart();
    const session = await untilSession(({ state }) => state === "IDLE", "what was told to be known");
    assert.equal(session.promptCount, 3);
    await process.end();
    await untilSession(({ endedAt }) => endedAt !== null, "the session to end");
  });

  it("is not known under another id", async () => {
    for (const answer of [await heartbeat({}), await end()]) {
      assert.deepEqual([answer.status, answer.code], [404, "session-not-found"]);
      assert.match(JSON.stringify(answer.json), /api\/session\/register/);
    }
  });
});

describe("a registration", () => {
  let gateway: TestGateway;
  let wrapper: Wrapper;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  before(async () => {
    [gateway, repo] = await Promise.all([startTestGateway(), tempRepo("shop")]);
    wrapper = aWrapper(gateway);
    await symlink("/etc", join(repo.path, "link"));
  });
  after(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  /** With what no session is registered. */
  const refused: [what: string, fields: () => object, status: number, code: string][] = [
    ["a relative folder", () => ({ workingDir: "src" }), 400, "invalid-request"],
    ["a folder above", () => ({ workingDir: ".." }), 400, "invalid-request"],
    ["a system folder", () => ({ workingDir: "/etc" }), 400, "system-folder"],
    ["a way round to a system folder", () => ({ workingDir: `${repo.path}/../../../etc` }), 400, "system-folder"],
    ["a link to a system folder", () => ({ workingDir: join(repo.path, "link") }), 400, "system-folder"],
    ["a folder that is not there", () => ({ workingDir: join(repo.path, "none") }), 404, "folder-missing"],
    ["a file", () => ({ workingDir: join(repo.path, "README.md") }), 422, "not-a-folder"],
    ["a folder with a NUL", () => ({ workingDir: `${repo.path}\0` }), 404, "folder-missing"],
    ["the folder of a process that is none", () => ({ workingDir: ".", pid: 2 ** 22 + 1 }), 400, "invalid-request"],
    ["no process", () => ({ pid: 0 }), 400, "invalid-request"],
    ["a process group", () => ({ pid: -1 }), 400, "invalid-request"],
    ["no id", () => ({ sessionId: "" }), 400, "invalid-request"],
    ["a time that is none", () => ({ startTime: "yesterday" }), 400, "invalid-request"],
  ];
  for (const [what, fields, status, code] of refused) {
    it(`is refused with ${what}`, async () => {
      const given = { sessionId: "w-1", workingDir: repo.path, pid: process.pid, ...fields() };
      const answer = await wrapper.post("/api/session/register", given);
      assert.deepEqual([answer.status, answer.code], [status, code]);
      assert.deepEqual(wrapper.rows("SELECT * FROM agent_sessions"), []);
    });
  }
});

describe("a wrapper inside a session of Tally", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  it("registers the session that it runs in, and cannot end it", async () => {
    const wrapper = aWrapper(gateway);
    const session = await gateway.createSession({ args: ["sleep", "600"] });
    await until(() => (gateway.model().sessions.get(session.id)?.pid ?? null) !== null, "its process");
    const pid = gateway.model().sessions.get(session.id)!.pid!;
    await wrapper.post("/api/session/register", { sessionId: "inner", workingDir: gateway.home.root, pid });
    await wrapper.post("/api/session/end", { sessionId: "inner", reason: "done" });
    assert.deepEqual(wrapper.rows("SELECT id, status FROM agent_sessions"), [{ id: "inner", status: "active" }]);
  });
});
