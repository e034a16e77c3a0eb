import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type * as z from "zod";
import { routes } from "../../../src/protocol/routes.ts";
import { curl, type CurlAnswer, curlPost } from "../../support/curl.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";
import { until, untilDefined } from "../../support/until.ts";

const HOUR_MS = 3_600_000;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe("the session API, as curl speaks it", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  before(async () => {
    [gateway, repo] = await Promise.all([startTestGateway({ TALLY_RESUME_JITTER_MS: "0" }), tempRepo("shop")]);
    await symlink("/etc", join(repo.path, "link"));
    await gateway.client.call("setSettings", { body: { worktreeAgent: "demo", maxTasksPerAccount: 4 } });
  });
  after(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const post = (path: string, body?: unknown) => curlPost(gateway, path, body);
  const get = (path: string) => curl(gateway, path);
  /** The answer, which has exactly the fields that its schema names. */
  const told = <S extends z.ZodObject>(schema: S, { status, json, text }: CurlAnswer): z.output<S> => {
    assert.equal(status, 200, text);
    return schema.strict().parse(json) as z.output<S>;
  };
  const open = async () => told(routes.openSession.result, await post("/sessions", { workingDirectory: repo.path }));
  const execute = async (body: object) => told(routes.executeTask.result, await post("/agent/execute", body));
  const pause = async () => {
    const account = { agent: "demo", args: [], cwd: repo.path, env: gateway.env };
    const body = { account, until: Date.now() + HOUR_MS, reason: "Saving it" };
    return (await gateway.client.call("startPause", { body })).pause;
  };
  const problem = ({ status, headers, json }: CurlAnswer) => {
    assert.match(headers["content-type"] ?? "", /^application\/problem\+json/);
    return [status, (json as { code: string }).code];
  };

  it("opens a session, which is idle and active", async () => {
    const answer = await post("/sessions", { workingDirectory: repo.path });
    const { sessionId, metadata } = told(routes.openSession.result, answer);
    const { startTime, ...rest } = metadata;
    assert.match(startTime, isoTime);
    assert.deepEqual(rest, {
      sessionId,
      workingDirectory: repo.path,
      projectPath: repo.path,
      tasks: [],
      plans: [],
      totalTasks: 0,
      completedTasks: 0,
      failedTasks: 0,
      totalExecutionTime: 0,
      status: "active",
    });
    const { session } = await gateway.client.call("getSession", { id: sessionId });
    assert.deepEqual([session.state, session.mode, session.pid], ["IDLE", "headless", null]);
  });

  it("lists all sessions, by pages", async () => {
    const [first, second] = [await open(), await open()];
    const page = told(routes.listSessions.result, await get("/sessions?limit=1"));
    assert.deepEqual(
      page.sessions.map(({ sessionId }) => sessionId),
      [second.sessionId],
    );
    const next = told(routes.listSessions.result, await get(`/sessions?limit=1&cursor=${page.nextCursor}`));
    assert.equal(next.sessions[0]?.sessionId, first.sessionId);
    assert.ok(told(routes.listSessions.result, await get("/sessions")).sessions.length >= 2);
  });

  it("tells of one session with its numbers, and of none that is not there", async () => {
    const { sessionId } = await open();
    const { metadata, stats } = told(routes.sessionMetadata.result, await get(`/sessions/${sessionId}`));
    assert.equal(metadata.sessionId, sessionId);
    assert.deepEqual({ ...stats, duration: 0 }, { duration: 0, successRate: 0, avgExecutionTime: 0 });
    assert.deepEqual(problem(await get("/sessions/none")), [404, "session-not-found"]);
  });

  it("ends a session", async () => {
    const { sessionId } = await open();
    const { metadata } = told(routes.closeSession.result, await post(`/sessions/${sessionId}/end`));
    assert.equal(metadata.status, "completed");
    assert.match(metadata.endTime ?? "", isoTime);
    assert.deepEqual(problem(await post(`/sessions/${sessionId}/end`)), [409, "session-ended"]);
  });

  it("ends a session that runs in a terminal", async () => {
    const { id } = await gateway.createSession({ args: ["sleep", "600"] });
    assert.equal(told(routes.closeSession.result, await post(`/sessions/${id}/end`)).metadata.status, "completed");
    await gateway.untilState(id, "DONE");
  });

  it("runs a task in a session, and answers once it is done", async () => {
    const { sessionId } = await open();
    const task = "tokens 10 20 0.5\nsay All done.";
    const { taskId, metadata, ...executed } = await execute({ sessionId, task });
    assert.deepEqual(executed, {
      sessionId,
      status: "completed",
      result: "All done.",
      error: null,
      usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0.5 },
    });
    const { createdAt, updatedAt, ...record } = metadata.tasks[0]!;
    assert.match(createdAt + updatedAt, /Z.*Z$/);
    assert.deepEqual(record, {
      id: taskId,
      sessionId,
      type: "code",
      description: task,
      status: "completed",
      result: "All done.",
    });
    assert.deepEqual([metadata.totalTasks, metadata.completedTasks, metadata.failedTasks], [1, 1, 0]);
    const { stats } = told(routes.sessionMetadata.result, await get(`/sessions/${sessionId}`));
    assert.equal(stats.successRate, 1);
    assert.equal(stats.avgExecutionTime, metadata.totalExecutionTime);
  });

  it("runs a task that fails, and says why", async () => {
    const { sessionId } = await open();
    const { status, error, metadata } = await execute({
      sessionId,
      task: { description: "fail There is no such branch.", type: "git" },
    });
    assert.deepEqual([status, error], ["failed", "There is no such branch."]);
    assert.deepEqual([metadata.failedTasks, metadata.tasks[0]?.type], [1, "git"]);
  });

  it("goes on with the conversation of the session", async () => {
    const { sessionId } = await open();
    await execute({ sessionId, task: "say one" });
    const { conversationId } = (await gateway.client.call("getSession", { id: sessionId })).session;
    await execute({ sessionId, task: "say two" });
    const { session } = await gateway.client.call("getSession", { id: sessionId });
    assert.notEqual(conversationId, null);
    assert.deepEqual([session.conversationId, session.state], [conversationId, "IDLE"]);
  });

  it("runs a task where no session is named in the current one, and makes one where none is open", async () => {
    const { sessionId } = await open();
    assert.equal((await execute({ task: "say one" })).sessionId, sessionId);
    const other = await open();
    told(routes.switchSession.result, await post(`/sessions/${sessionId}/switch`));
    assert.equal((await execute({ task: "say two" })).sessionId, sessionId);
    await post(`/sessions/${sessionId}/end`);
    const made = await execute({ task: "say three" });
    assert.ok(![sessionId, other.sessionId].includes(made.sessionId));
    assert.equal(made.metadata.workingDirectory, gateway.env["HOME"]);
    assert.equal((await execute({ task: "say four" })).sessionId, made.sessionId);
  });

  it("keeps the current session from one gateway to the next", async () => {
    const { sessionId } = await open();
    await gateway.crash();
    await gateway.restart();
    assert.equal((await execute({ task: "say hello" })).sessionId, sessionId);
  });

  it("streams a task as server-sent events", async () => {
    const { sessionId } = await open();
    const { status, headers, text } = await post("/agent/execute/stream", { sessionId, task: "tool Read\nsay Hello." });
    assert.equal(status, 200);
    assert.match(headers["content-type"] ?? "", /^text\/event-stream/);
    const events = readEvents(text).map((event) => routes.streamTask.result.parse(event));
    assert.equal(events[0]?.event, "session");
    assert.equal(events[1]?.event, "task");
    const entries = events.flatMap(({ event, data }) => (event === "output" ? data.entries : []));
    assert.deepEqual(
      entries.filter(({ kind }) => kind !== "note").map(({ kind, text: said }) => [kind, said]),
      [
        ["tool", "Read"],
        ["text", "Hello."],
      ],
    );
    const last = events.at(-1)!;
    assert.ok(last.event === "result");
    assert.deepEqual([last.data.status, last.data.result], ["completed", "Hello."]);
  });

  it("lets a task go on when whoever asked goes away", async () => {
    const { sessionId } = await open();
    const signpost = join(repo.path, "go-on");
    const body = JSON.stringify({ sessionId, task: `wait-for ${signpost}\nsay Still here.` });
    const { url, token } = gateway.endpoint;
    const args = ["-sS", "-H", `Authorization: Bearer ${token}`, "--json", body, `${url}/agent/execute`];
    const child = spawn("curl", args, { env: gateway.env, stdio: "ignore" });
    const task = await untilDefined(
      () => [...gateway.model().tasks.values()].find((each) => each.sessionId === sessionId && each.kind === "run"),
      "the task to be there",
    );
    await until(() => gateway.model().tasks.get(task.id)?.state === "RUNNING", "the task to run");
    child.kill("SIGKILL");
    await symlink(repo.path, signpost);
    const isDone = () => gateway.model().tasks.get(task.id)?.state === "DONE";
    await until(isDone, "the task to be done", undefined, () => JSON.stringify(gateway.model().tasks.get(task.id)));
    assert.equal(gateway.model().tasks.get(task.id)?.result, "Still here.");
  });

  it("opens sessions while a pause holds their account, and runs nothing", async () => {
    const { id } = await pause();
    const { sessionId } = await open();
    for (const path of ["/agent/execute", "/agent/execute/stream"]) {
      const answer = await post(path, { sessionId, task: "say hello" });
      assert.deepEqual(problem(answer), [423, "paused"]);
      const seconds = Number(answer.headers["retry-after"]);
      assert.ok(seconds > 0 && seconds <= HOUR_MS / 1_000, `retry after ${seconds}`);
    }
    assert.deepEqual((await gateway.client.call("queue", {})).tasks, []);
    await gateway.client.call("endPause", { id });
  });

  describe("opens no session, and leaves nothing of it,", () => {
    const refused: [what: string, body: () => object, status: number, code: string][] = [
      ["without a folder", () => ({}), 400, "invalid-request"],
      ["in a relative folder", () => ({ workingDirectory: "src" }), 400, "invalid-request"],
      ["in a system folder", () => ({ workingDirectory: "/etc" }), 400, "system-folder"],
      ["in a link to a system folder", () => ({ workingDirectory: join(repo.path, "link") }), 400, "system-folder"],
      ["in a folder that is not there", () => ({ workingDirectory: join(repo.path, "none") }), 404, "folder-missing"],
      ["with an agent that nobody knows", () => ({ workingDirectory: repo.path, agent: "hal" }), 422, "agent-unknown"],
    ];
    for (const [what, body, status, code] of refused) {
      it(what, async () => {
        const before = await gateway.client.call("snapshot", {});
        assert.deepEqual(problem(await post("/sessions", body())), [status, code]);
        assert.deepEqual(await gateway.client.call("snapshot", {}), before);
      });
    }
  });
});

/** The events of a stream, as https://html.spec.whatwg.org/multipage/server-sent-events.html has them. */
function readEvents(text: string): { event: string; data: unknown }[] {
  return text
    .split("\n\n")
    .filter((block) => block.startsWith("event: "))
    .map((block) => {
      const [event = "", data = ""] = block.split("\n");
      return { event: event.slice("event: ".length), data: JSON.parse(data.slice("data: ".length)) as unknown };
    });
}
