import assert from "node:assert/strict";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "../../../src/protocol/entities.ts";
import type { AddTask } from "../../../src/protocol/queue-routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { viewSession } from "../../support/session-view.ts";
import { orders, queueOf } from "../../support/tasks.ts";

const HOUR_MS = 3_600_000;

describe("the queue", () => {
  let gateway: TestGateway;
  let queue: ReturnType<typeof queueOf>;
  let parent: string;
  beforeEach(async () => {
    gateway = await startTestGateway({
      ...{ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1", TALLY_TYPING_MS: "0" },
    });
    queue = queueOf(gateway);
    parent = join(gateway.home.root, "..", "work");
    await mkdir(parent, { recursive: true });
  });
  afterEach(() => gateway.dispose());

  const as = (account: string): Partial<AddTask> => ({ env: { ...gateway.env, TALLY_DEMO_ACCOUNT: account } });
  const folderOf = async (name: string) => {
    const path = join(parent, name);
    await mkdir(path, { recursive: true });
    return { place: { cwd: path } };
  };
  const pause = async (account: string) => {
    const launch = { agent: "demo", args: [], cwd: parent, env: { ...gateway.env, TALLY_DEMO_ACCOUNT: account } };
    const { pause: begun } = await gateway.client.call("startPause", {
      body: { account: launch, until: Date.now() + HOUR_MS },
    });
    return begun;
  };
  const ids = async () => (await gateway.client.call("queue", {})).tasks.map(({ id }) => id);

  it("runs what waits in its order, never two in one worktree, past a pause and a kill of the gateway", async () => {
    const shop = await tempRepo("shop");
    const worktrees = ["alpha", "beta", "gamma"].map((name) => ({ name, path: join(parent, name) }));
    for (const { name, path } of worktrees) await git(shop.path, "worktree", "add", "-q", "-b", name, path);
    const paused = await pause("second");
    const tasks: { task: Task; worktree: string; account: string }[] = [];
    for (let index = 0; index < 12; index++) {
      const worktree = worktrees[index % 3];
      assert(worktree);
      const account = index % 2 === 0 ? "first" : "second";
      const log = join(worktree.path, "log");
      const prompt = orders(`append ${log} begin ${index}`, `say task ${index}`, `append ${log} end ${index}`);
      const task = await queue.add(prompt, { place: { cwd: worktree.path }, ...as(account) });
      tasks.push({ task, worktree: worktree.path, account });
    }
    // In each worktree a task of the paused account is first or second, and holds what comes after it.
    for (const index of [0, 2]) await queue.untilState(tasks[index]?.task.id ?? "", "DONE");
    await gateway.crash();
    await gateway.restart();
    for (const { task, account } of tasks) {
      if (account === "second") assert.equal(gateway.model().tasks.get(task.id)?.state, "QUEUED");
    }
    await gateway.client.call("endPause", { id: paused.id });
    for (const { task } of tasks) await queue.untilState(task.id, "DONE");
    for (const { path } of worktrees) {
      const own = tasks.flatMap(({ worktree }, index) => (worktree === path ? [index] : []));
      const log = (await readFile(join(path, "log"), "utf8")).trim().split("\n");
      assert.deepEqual(
        log,
        own.flatMap((index) => [`begin ${index}`, `end ${index}`]),
      );
    }
    assert.ok(tasks.every(({ task }) => gateway.model().tasks.get(task.id)?.run?.attempts === 1));
  });

  it("runs as many as may at once, of one account and in all", async () => {
    await gateway.client.call("setSettings", { body: { maxTasks: 3, maxTasksPerAccount: 2 } });
    const wait = (name: string, account: string) =>
      folderOf(name).then((place) => queue.add("wait-for /never", { ...place, ...as(account) }));
    const [one, two, three] = [await wait("a", "x"), await wait("b", "x"), await wait("c", "x")];
    await queue.untilState(one.id, "RUNNING");
    await queue.untilState(two.id, "RUNNING");
    const ofAccount = await queue.untilWaitsFor(three.id, "slots");
    assert.match(ofAccount.run?.waitsFor?.text ?? "", /2 tasks of .* run already/);
    const four = await wait("d", "y");
    await queue.untilState(four.id, "RUNNING");
    const five = await wait("e", "z");
    assert.match((await queue.untilWaitsFor(five.id, "slots")).run?.waitsFor?.text ?? "", /3 tasks run already/);
    await queue.cancel(one.id);
    await queue.untilState(three.id, "RUNNING");
  });

  it("waits for memory", async () => {
    await gateway.client.call("setSettings", { body: { minFreeMemoryMb: 1_000_000 } });
    const { id } = await queue.add("say hello", await folderOf("a"));
    await queue.untilWaitsFor(id, "memory");
    await gateway.client.call("setSettings", { body: { minFreeMemoryMb: 0 } });
    await queue.untilState(id, "DONE");
  });

  it("waits while an agent works in the same worktree, and not beside one that rests", async () => {
    const place = await folderOf("a");
    const { id: sessionId } = await gateway.createSession({
      agent: "demo",
      args: ["permission"],
      cwd: place.place.cwd,
    });
    await gateway.untilState(sessionId, "WAITING_USER");
    const { id } = await queue.add("say hello", place);
    assert.match((await queue.untilWaitsFor(id, "writer")).run?.waitsFor?.text ?? "", /works in its worktree/);
    await gateway.client.call("endSession", { id: sessionId, body: { force: true } });
    await queue.untilState(id, "DONE");
  });

  it("is put in another order", async () => {
    await pause("x");
    const place = await folderOf("a");
    const [one, two, three] = [
      await queue.add("say 1", { ...place, ...as("x") }),
      await queue.add("say 2", { ...place, ...as("x") }),
      await queue.add("say 3", { ...place, ...as("x") }),
    ];
    await gateway.client.call("moveTask", { id: three.id, body: { to: "first" } });
    assert.deepEqual(await ids(), [three.id, one.id, two.id]);
    await gateway.client.call("moveTask", { id: one.id, body: { after: two.id } });
    assert.deepEqual(await ids(), [three.id, two.id, one.id]);
    for (let times = 0; times < 60; times++) {
      await gateway.client.call("moveTask", { id: one.id, body: { before: two.id } });
      await gateway.client.call("moveTask", { id: two.id, body: { before: one.id } });
    }
    assert.deepEqual(await ids(), [three.id, two.id, one.id]);
    await assert.rejects(gateway.client.call("moveTask", { id: one.id, body: { before: "nobody" } }), {
      code: "invalid-request",
    });
  });

  it("keeps what waits through a kill, and lets it begin with what is left of its environment", async () => {
    const { id: pauseId } = await pause("x");
    const { id } = await queue.add("say hello", { ...(await folderOf("a")), ...as("x") });
    await queue.untilWaitsFor(id, "pause");
    await gateway.crash();
    await gateway.restart();
    await gateway.client.call("endPause", { id: pauseId });
    assert.equal((await queue.untilState(id, "DONE")).result, "hello");
  });

  it("says what a person has to do, and begins once they have and say so", async () => {
    const { id: pauseId } = await pause("x");
    const place = await folderOf("a");
    const { id } = await queue.add("say hello", { ...place, ...as("x") });
    await queue.untilWaitsFor(id, "pause");
    await rm(place.place.cwd, { recursive: true });
    await gateway.client.call("endPause", { id: pauseId });
    const stuck = await queue.untilWaitsFor(id, "person");
    assert.match(stuck.run?.waitsFor?.text ?? "", /There is no folder/);
    await folderOf("a");
    await gateway.client.call("retryTask", { id, body: { env: as("x").env ?? {} } });
    await queue.untilState(id, "DONE");
  });

  it("gives a session that is open in a terminal its next prompt there, once its agent is ready", async () => {
    const { place } = await folderOf("a");
    const { id: sessionId } = await gateway.createSession({ agent: "demo", args: ["permission"], cwd: place.cwd });
    const asking = await gateway.untilState(sessionId, "WAITING_USER");
    const { id, run } = await queue.add("hello", { place: { sessionId } });
    assert.match(run?.waitsFor?.text ?? "", /waits for you/);
    const view = viewSession(gateway.client, sessionId);
    view.type("y\r");
    const task = await queue.untilState(id, "DONE");
    assert.equal(task.run?.via, "terminal");
    await view.screen.untilShows("hello");
    view[Symbol.dispose]();
    const session = await gateway.untilState(sessionId, "IDLE");
    assert.deepEqual([session.mode, session.endedAt, session.createdAt], ["pty", null, asking.createdAt]);
  });

  it("lets a task that met its limit wait for that, also when launches need not", async () => {
    await gateway.client.call("setSettings", { body: { block: "off" } });
    const log = join(parent, "log");
    const { id } = await queue.add(orders(`append ${log} began`, "limit five-hour +3600"), {
      ...(await folderOf("a")),
      ...as("x"),
    });
    const blocked = await queue.untilWaitsFor(id, "pause");
    assert.deepEqual([blocked.state, blocked.run?.attempts, await readFile(log, "utf8")], ["BLOCKED", 1, "began\n"]);
    const forced = await queue.add(orders("limit five-hour +3600"), {
      ...(await folderOf("b")),
      ...as("y"),
      whenPaused: "start",
    });
    assert.equal((await queue.untilWaitsFor(forced.id, "pause")).run?.attempts, 1);
  });
});
