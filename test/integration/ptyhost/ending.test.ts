import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../support/gateway.ts";
import { startTestPtyHost, type TestPtyHost } from "../../support/ptyhost.ts";
import { until } from "../../support/until.ts";

describe("a pty that is ended as a whole", () => {
  let host: TestPtyHost;
  before(async () => (host = await startTestPtyHost()));
  after(() => host.dispose());

  const textOf = async (ptyId: string) => (await host.control.call("output", { ptyId, format: "text" })).data;
  /** Starts a script that writes `job <pid>` for what it leaves in the background, and `ready`. */
  const startWithJob = async (script: string) => {
    const { ptyId } = await host.createShell(script);
    await until(async () => /ready/.test(await textOf(ptyId)), "the script to be ready");
    const job = Number(/job (\d+)/.exec(await textOf(ptyId))?.[1]);
    return { ptyId, untilJobEnds: () => until(() => !isRunning(job), "the end of the job") };
  };
  const stubbornJob = `set -m; (trap "" HUP TERM; while :; do sleep 1000; done) & echo job $!;`;
  const end = (ptyId: string, graceMs: number) => host.control.call("end", { ptyId, graceMs });

  it("answers how it ended, once it has", async () => {
    const { ptyId } = await host.createShell("exec sleep 1000");
    const { phase, signal } = await end(ptyId, 60_000);
    assert.deepEqual([phase, signal], ["exited", "SIGTERM"]);
  });

  it("may take its time, but no more than the grace", async () => {
    const { ptyId } = await startWithJob(`trap "" TERM; echo ready; while :; do sleep 1000; done`);
    assert.equal((await end(ptyId, 100)).signal, "SIGKILL");
  });

  it("takes along what it left in the background", async function () {
    if (process.platform !== "linux") this.skip();
    const { ptyId, untilJobEnds } = await startWithJob(`${stubbornJob} echo ready; exec sleep 1000`);
    await end(ptyId, 100);
    await untilJobEnds();
  });

  it("takes that along after it has exited itself", async function () {
    if (process.platform !== "linux") this.skip();
    const { ptyId, untilJobEnds } = await startWithJob(`${stubbornJob} echo ready`);
    await host.control.exited(ptyId);
    await end(ptyId, 100);
    await untilJobEnds();
  });

  it("never starts what waits for its first viewer", async () => {
    const { ptyId } = await host.createShell("echo started", { awaitViewerMs: 60_000 });
    assert.equal((await end(ptyId, 100)).phase, "exited");
    assert.equal(await textOf(ptyId), "");
  });

  it("starts nothing that was to take its place", async () => {
    const { ptyId } = await startWithJob(`trap "" TERM; echo ready; while :; do sleep 1000; done`);
    const replaced = host.replaceWithShell(ptyId, 2, "echo second", { graceMs: 300 });
    const { phase, generation } = await end(ptyId, 0);
    assert.deepEqual([phase, generation], ["exited", 2]);
    await replaced;
    assert.doesNotMatch(await textOf(ptyId), /second/);
  });

  it("gives place to a program that runs alone, and in another folder", async function () {
    if (process.platform !== "linux") this.skip();
    const cwd = join(host.home.root, "elsewhere");
    mkdirSync(cwd);
    const { ptyId, untilJobEnds } = await startWithJob(`${stubbornJob} echo ready; exec sleep 1000`);
    await host.replaceWithShell(ptyId, 2, "pwd", { graceMs: 100, endsSession: true, cwd });
    await untilJobEnds();
    await until(async () => (await textOf(ptyId)).includes("/elsewhere"), "the other folder");
  });
});

describe("a pty that is released", () => {
  it("alone does not keep its host", async () => {
    const host = await startTestPtyHost({ graceMs: 1_500 });
    const { ptyId } = await host.createShell("exit 0");
    await host.control.exited(ptyId);
    await host.control.call("release", { ptyId });
    assert.equal((await host.control.call("output", { ptyId, format: "text" })).data, "");
    host.control.close();
    await until(() => host.child.exitCode === 0, "the end of the host");
    await host.dispose();
  });

  it("keeps it again once something runs there", async () => {
    const host = await startTestPtyHost({ graceMs: 1_500 });
    const { ptyId } = await host.createShell("exit 0");
    await host.control.exited(ptyId);
    await host.control.call("release", { ptyId });
    const done = join(host.home.root, "done");
    await host.replaceWithShell(ptyId, 2, `sleep 4; touch ${done}`);
    host.control.close();
    await until(() => existsSync(done), "the program to outlast the grace");
    const next = await host.connectControl();
    const [kept] = (await next.call("hello", { protocol: 2 })).ptys;
    assert.equal(kept?.generation, 2);
    next.close();
    await host.dispose();
  });
});
