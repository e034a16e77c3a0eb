import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { HelperProcess, ProcessState } from "../../../src/protocol/worktrees.ts";
import { isRunning, ptyHostPids, startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { viewSession } from "../../support/session-view.ts";
import { until, untilDefined } from "../../support/until.ts";

/** Says on its terminal and to whoever asks which port it is on. */
const SERVER = `
const port = Number(process.env.TALLY_PORT_BACKEND);
require("node:http").createServer((_, answer) => answer.end("port " + port)).listen(port, "127.0.0.1", () => console.log("serving " + port));
`;
const tallyJson = {
  ports: { backend: 18_000 },
  processes: {
    backend: { run: `${process.execPath} server.cjs` },
    worker: { run: "echo at work; exec sleep 1000", autostart: false },
  },
};

describe("the processes of a worktree, through the gateway", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let worktree: Worktree;

  beforeEach(async () => {
    gateway = await startTestGateway();
    repo = await tempRepo("shop");
    await writeFile(join(repo.path, "server.cjs"), SERVER);
    await writeFile(join(repo.path, "tally.json"), JSON.stringify(tallyJson));
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Serve");
    worktree = await add("feature-payment");
  });
  afterEach(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const add = async (name: string): Promise<Worktree> => {
    const { client, env } = gateway;
    const { commands } = await client.call("repositoryCommands", { query: { cwd: repo.path } });
    await client.call("approveCommands", { body: { cwd: repo.path, hash: commands?.hash ?? "" } });
    const asked = { cwd: repo.path, name, agent: null, env: { ...env, SHELL: "/bin/sh" } };
    const { id } = (await client.call("addWorktree", { body: asked })).worktree;
    const settled = () => {
      const known = gateway.model().worktrees.get(id);
      return known?.operation && known.operation.state !== "running" ? known : undefined;
    };
    const added = await untilDefined(settled, `worktree ${name}`);
    assert.equal(added.operation?.state, "done", JSON.stringify(added.operation));
    return added;
  };
  const find = (name: string, { id } = worktree): HelperProcess | undefined =>
    [...gateway.model().processes.values()].find((each) => each.worktreeId === id && each.name === name);
  const idOf = (name: string): string => find(name)?.id ?? "";
  const untilState = (name: string, state: ProcessState, of = worktree) =>
    untilDefined(
      () => (find(name, of)?.state === state ? find(name, of) : undefined),
      `${name} to be ${state}`,
      undefined,
      () => JSON.stringify(find(name, of)),
    );
  const answerOf = async ({ port }: HelperProcess) => (await fetch(`http://127.0.0.1:${port ?? 0}`)).text();
  const outputOf = async (name: string) =>
    (await gateway.client.call("processOutput", { id: idOf(name), query: {} })).data;

  it("run with it, each on a port of its own", async () => {
    const other = await add("feature-cart");
    const [first, second] = [await untilState("backend", "RUNNING"), await untilState("backend", "RUNNING", other)];
    assert.notEqual(first.port, second.port);
    assert.deepEqual(
      [await answerOf(first), await answerOf(second)],
      [`port ${first.port ?? 0}`, `port ${second.port ?? 0}`],
    );
  });

  it("are started, shown, stopped and started anew", async () => {
    const { client, env } = gateway;
    const id = idOf("worker");
    assert.equal(find("worker")?.state, "STOPPED");
    const { process: started } = await client.call("startProcess", { id, body: { env } });
    await until(async () => (await outputOf("worker")).includes("at work"), "its output");
    const { process: restarted } = await client.call("startProcess", { id, body: { env, isRestart: true } });
    assert.notEqual(started.pid, restarted.pid);
    const { process: stopped } = await client.call("stopProcess", { id, body: {} });
    assert.equal(stopped.reason, "You stopped it.");
    await untilState("worker", "STOPPED");
    assert.deepEqual(
      [started.pid, restarted.pid].map((pid) => isRunning(pid ?? 0)),
      [false, false],
    );
  });

  it("are shown to two windows alike, which see their end", async () => {
    await untilState("backend", "RUNNING");
    using left = viewSession(gateway.client, idOf("backend"), undefined, "processTerminal");
    using right = viewSession(gateway.client, idOf("backend"), undefined, "processTerminal");
    await Promise.all([left.screen.untilShows(/serving \d+/), right.screen.untilShows(/serving \d+/)]);
    await gateway.client.call("stopProcess", { id: idOf("backend"), body: {} });
    await Promise.all([left.exited, right.exited]);
  });

  it("can be looked at as soon as all know that they start, while a pty host for their terminal is still being started", async () => {
    await untilState("backend", "RUNNING");
    for (const host of await ptyHostPids(gateway.home)) process.kill(host, "SIGKILL");
    await until(async () => (await gateway.client.call("health", {})).ptyHosts.length === 0, "the pty host to be gone");
    const started = gateway.client.call("startProcess", { id: idOf("worker"), body: { env: gateway.env } });
    await until(() => (find("worker")?.startedAt ?? null) !== null, "all to know that it starts");
    using view = viewSession(gateway.client, idOf("worker"), undefined, "processTerminal");
    await view.screen.untilShows("at work");
    await started;
  });

  it("outlive a gateway that crashes, and are found again", async () => {
    const before = await untilState("backend", "RUNNING");
    await gateway.crash();
    assert.equal(await answerOf(before), `port ${before.port ?? 0}`);
    await gateway.restart();
    const { process: stopped } = await gateway.client.call("stopProcess", { id: before.id, body: {} });
    assert.deepEqual([stopped.state, isRunning(before.pid ?? 0)], ["STOPPED", false]);
  });

  it("that are unknown are not found", async () => {
    const call = gateway.client.call("stopProcess", { id: "process-none", body: {} });
    await assert.rejects(call, { code: "process-not-found" });
  });

  it("have no terminal before they have run", async () => {
    await assert.rejects(outputOf("worker"), { code: "not-attachable" });
    using view = viewSession(gateway.client, idOf("worker"), undefined, "processTerminal");
    await assert.rejects(view.exited, { code: "not-attachable" });
  });

  it("end with it, and leave neither their rows nor their port", async () => {
    const backend = await untilState("backend", "RUNNING");
    await gateway.client.call("removeWorktree", { id: worktree.id, body: { env: gateway.env } });
    await until(() => !gateway.model().worktrees.has(worktree.id), "the worktree to go");
    assert.equal(gateway.model().processes.size, 0);
    await assert.rejects(answerOf(backend));
  });
});
