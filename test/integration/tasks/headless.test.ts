import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRunning, startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { hasEnded } from "../../support/run-programs.ts";
import { orders, queueOf } from "../../support/tasks.ts";
import { until } from "../../support/until.ts";

describe("a task that is handed over", () => {
  let gateway: TestGateway;
  let queue: ReturnType<typeof queueOf>;
  let folder: string;
  beforeEach(async () => {
    gateway = await startTestGateway();
    queue = queueOf(gateway);
    folder = join(gateway.home.root, "..", "work");
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => gateway.dispose());

  const inFolder = () => ({ place: { cwd: folder } });
  const entriesOf = async (id: string) => (await gateway.client.call("taskOutput", { id, query: {} })).entries;

  it("is done without a terminal, in a session of its own that ends with it", async () => {
    const { id } = await queue.add(orders("tool Write: a", "tokens 100 20 0.5", "say All done"), inFolder());
    const task = await queue.untilState(id, "DONE");
    assert.deepEqual(
      [task.result, task.run?.via, task.run?.exitCode, task.position],
      ["All done", "headless", 0, null],
    );
    assert.equal(task.usage?.costUsd, 0.5);
    const session = queue.sessionOf(task);
    assert.deepEqual([session.mode, session.state, session.cwd], ["headless", "DONE", folder]);
    assert.equal(session.usage?.inputTokens, 100);
    assert.deepEqual(await entriesOf(id), [
      { kind: "tool", text: "Write: a" },
      { kind: "text", text: "All done" },
    ]);
  });

  it("goes on with the conversation of a session that has ended", async () => {
    const first = await queue.untilState((await queue.add("say one", inFolder())).id, "DONE");
    const { conversationId } = queue.sessionOf(first);
    assert.ok(conversationId !== null);
    const place = { sessionId: first.sessionId ?? "" };
    const second = await queue.untilState((await queue.add("say two", { place })).id, "DONE");
    assert.equal(second.sessionId, first.sessionId);
    assert.equal(queue.sessionOf(second).conversationId, conversationId);
  });

  it("leaves a session that can be opened in a terminal, with its conversation", async () => {
    const task = await queue.untilState((await queue.add("say one", inFolder())).id, "DONE");
    const { id, conversationId } = queue.sessionOf(task);
    await gateway.client.call("resumeSession", { id, body: { env: gateway.env } });
    const session = await gateway.untilState(id, "IDLE");
    assert.deepEqual([session.mode, session.conversationId, session.endedAt], ["pty", conversationId, null]);
  });

  it("is not lost with the session that it is to go on with", async () => {
    const { sessionId } = await queue.untilState((await queue.add("say one", inFolder())).id, "DONE");
    const account = { agent: "demo", args: [], cwd: folder, env: gateway.env };
    await gateway.client.call("startPause", { body: { account, until: null } });
    const { id } = await queue.add("say two", { place: { sessionId: sessionId ?? "" } });
    await assert.rejects(gateway.client.call("removeSession", { id: sessionId ?? "" }), { code: "session-live" });
    await queue.cancel(id);
    await gateway.client.call("removeSession", { id: sessionId ?? "" });
  });

  it("fails with the agent's own words, and can be queued again", async () => {
    const { id } = await queue.add(orders("fail The tests do not pass"), inFolder());
    const failed = await queue.untilState(id, "ERROR");
    assert.equal(failed.error, "The tests do not pass");
    assert.equal(queue.sessionOf(failed).state, "ERROR");
    await gateway.client.call("retryTask", { id, body: { env: gateway.env } });
    await queue.untilTask(id, "to have run twice", ({ run, state }) => run?.attempts === 2 && state === "ERROR");
  });

  it("is cancelled with all that it started", async () => {
    const pidFile = join(folder, "child.pid");
    const { id } = await queue.add(orders(`spawn-child ${pidFile}`, "wait-for /never"), inFolder());
    await until(() => existsSync(pidFile), "the child to run");
    const child = Number(await readFile(pidFile, "utf8"));
    const { run } = await queue.untilState(id, "RUNNING");
    const cancelled = await queue.cancel(id);
    assert.equal(cancelled.state, "CANCELLED");
    assert.deepEqual([await hasEnded(child), await hasEnded(run?.pid ?? 0)], [true, true]);
    assert.equal(queue.sessionOf(await queue.untilState(id, "CANCELLED")).state, "DONE");
  });

  it("runs on while the gateway is killed, and is concluded by the next one", async () => {
    const go = join(folder, "go");
    const { id } = await queue.add(orders("say before", `wait-for ${go}`, "say after"), inFolder());
    const { run } = await queue.untilTask(id, "to have a program", (task) => (task.run?.pid ?? null) !== null);
    await gateway.crash();
    await writeFile(go, "");
    await gateway.restart();
    const task = await queue.untilState(id, "DONE");
    assert.deepEqual([task.result, task.run?.attempts], ["after", 1]);
    assert.equal(isRunning(run?.pid ?? 0), false);
    assert.deepEqual(
      (await entriesOf(id)).map(({ text }) => text),
      ["before", "after"],
    );
  });

  it("that ended while no gateway ran is concluded by the next one", async () => {
    const go = join(folder, "go");
    const { id } = await queue.add(orders(`wait-for ${go}`, "say after"), inFolder());
    const { run } = await queue.untilTask(id, "to have a program", (task) => (task.run?.pid ?? null) !== null);
    await gateway.crash();
    await writeFile(go, "");
    await until(() => !isRunning(run?.pid ?? 0), "its program to end");
    await gateway.restart();
    assert.equal((await queue.untilState(id, "DONE")).result, "after");
  });

  it("that meets a limit waits for the reset and goes on with its conversation, once", async () => {
    const log = join(folder, "log");
    const { id } = await queue.add(
      orders(`append ${log} began`, "limit five-hour +3", "say Done after all"),
      inFolder(),
    );
    const blocked = await queue.untilState(id, "BLOCKED");
    assert.equal(queue.sessionOf(blocked).state, "PAUSED");
    const [pause] = [...gateway.model().pauses.values()];
    assert.deepEqual([pause?.accountId, pause?.sessionId], [blocked.accountId, blocked.sessionId]);
    const done = await queue.untilState(id, "DONE");
    assert.deepEqual([done.run?.attempts, queue.sessionOf(done).id], [2, blocked.sessionId]);
    assert.deepEqual(gateway.model().pauses.size, 0);
  });

  it("that had done nothing when what stopped it passes by itself is begun again", async () => {
    const { id } = await queue.add(orders("refuse-quickly"), inFolder());
    const waiting = await queue.untilWaitsFor(id, "retry");
    assert.deepEqual([waiting.state, waiting.run?.attempts], ["QUEUED", 1]);
  });

  it("is stopped when it takes longer than it may", async () => {
    const { id } = await queue.add("wait-for /never", { ...inFolder(), timeLimitMs: 1_000 });
    const task = await queue.untilState(id, "ERROR");
    assert.match(task.error ?? "", /took longer/);
    assert.equal(task.run?.pid, null);
  });

  it("is told to whoever follows it, from its first word to its end", async () => {
    const go = join(folder, "go");
    const { id } = await queue.add(orders("say one", `wait-for ${go}`, "say two"), inFolder());
    const socket = await gateway.client.socket("taskOutput", { id });
    const heard: string[] = [];
    let last = "";
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString("utf8")) as {
        entries: { text: string }[];
        task: { state: string };
      };
      heard.push(...frame.entries.map(({ text }) => text));
      last = frame.task.state;
    });
    await until(() => heard.includes("one"), "the first word");
    await writeFile(go, "");
    await until(() => last === "DONE", "its end");
    assert.deepEqual(heard, ["one", "two"]);
  });

  it("ends with its session, and what was to follow in it does not begin", async () => {
    const { url, token } = gateway.endpoint;
    const made = await fetch(`${url}/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ workingDirectory: folder, agent: "demo" }),
    });
    const place = { sessionId: ((await made.json()) as { sessionId: string }).sessionId };
    const [one, two] = [await queue.add("wait-for /never", { place }), await queue.add("say two", { place })];
    await queue.untilState(one.id, "RUNNING");
    const { session } = await gateway.client.call("endSession", { id: place.sessionId, body: {} });
    assert.notEqual(session.endedAt, null);
    await queue.untilState(one.id, "CANCELLED");
    assert.equal((await queue.untilState(two.id, "CANCELLED")).run?.attempts, 0);
  });

  it("leaves no session open when it is cancelled before it is tried again", async () => {
    const { id } = await queue.add("refuse-quickly", inFolder());
    await queue.untilWaitsFor(id, "retry");
    const cancelled = await queue.cancel(id);
    const session = await gateway.untilState(cancelled.sessionId ?? "", "DONE");
    assert.notEqual(session.endedAt, null);
  });

  it("is the queue's alone: the task API of wrappers cannot change it", async () => {
    const { id } = await queue.add("wait-for /never", inFolder());
    await queue.untilState(id, "RUNNING");
    for (const name of ["finishTask", "deleteTask"] as const) {
      await assert.rejects(gateway.client.call(name, { body: { taskId: id } }), { code: "task-live" });
    }
    await assert.rejects(gateway.client.call("setTaskState", { body: { taskId: id, state: "QUEUED" } }), {
      code: "task-live",
    });
    assert.equal((await gateway.client.call("getTask", { id })).task.state, "RUNNING");
  });
});
