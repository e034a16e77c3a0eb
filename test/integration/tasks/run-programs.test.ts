import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runIdOf } from "../../../src/server/tasks/run-programs.ts";
import { cuttableHost } from "../../support/cuttable-host.ts";
import { hasEnded, TestRuns } from "../../support/run-programs.ts";
import { stopProcess } from "../../support/stop-process.ts";
import { until } from "../../support/until.ts";

const onLinux = function (this: Mocha.Context) {
  if (process.platform !== "linux") this.skip();
};

/** Goes on once this file is there. */
const untilFile = (name: string) =>
  `await new Promise((go) => { const look = () => fs.existsSync("${name}") ? go() : setTimeout(look, 10); look(); });`;
/** A script for node. */
const script = (body: string) => `const fs = require("node:fs"); (async () => { ${body} })();`;
const forEver = "setInterval(() => {}, 100_000);";
/** Code that starts a process which writes its id into `tool` and lives for ever, in a session of its own. */
const startTool = (body: string) => `
  require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(
    `${body} require("node:fs").writeFileSync("tool", String(process.pid)); ${forEver}`,
  )}], { detached: true, stdio: "ignore" }).unref();`;
const ignoresSignals = `for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(name, () => {});`;

describe("Programs of tasks", () => {
  let runs: TestRuns;
  before(async () => (runs = await TestRuns.start()));
  after(() => runs.dispose());
  let taskId: string;
  let runId: string;
  let count = 0;
  beforeEach(() => {
    taskId = `claude-1700000000000-${(count += 1)}`;
    runId = runIdOf(taskId, 1);
    mkdirSync(join(runs.folders.cwd, taskId));
  });
  const start = (body: string, stdin = "") =>
    runs.startNode(taskId, script(body), { stdin, cwd: join(runs.folders.cwd, taskId) });
  const file = (name: string) => join(taskId, name);

  it("are heard while they run", async () => {
    const { lines } = runs.linesOf(taskId);
    await start(`console.log("one"); ${untilFile("go")} console.log("two");`);
    await until(() => lines.length > 0, "the first line");
    assert.deepEqual([lines, runs.programs.state(runId)], [["one"], "running"]);
    await runs.write(file("go"), "");
    await until(() => lines.length > 1, "the second line");
    assert.deepEqual(lines, ["one", "two"]);
  });

  it("are heard to the last word, be it that its line has no end", async () => {
    await start(`process.stdout.write("first\\nlast");`);
    await runs.untilState(taskId, "exited");
    const { lines, output } = runs.linesOf(taskId);
    await output.drained();
    assert.deepEqual(lines, ["first", "last"]);
  });

  it("say how they ended", async () => {
    await start(`process.exit(3);`);
    await runs.untilState(taskId, "exited");
    assert.deepEqual(runs.programs.exit(runId), { exitCode: 3, signal: null });
  });

  it("tell of every change", async () => {
    await start(`process.exit(0);`);
    await runs.untilState(taskId, "exited");
    assert.deepEqual(
      runs.changes.filter((each) => each === runId),
      [runId, runId],
    );
  });

  it("read a megabyte of prompt", async () => {
    await start(
      `const text = fs.readFileSync(0, "utf8"); console.log(text.length, text.slice(-3));`,
      `${"x".repeat(1024 * 1024)}end`,
    );
    await runs.untilState(taskId, "exited");
    const { lines, output } = runs.linesOf(taskId);
    await output.drained();
    assert.deepEqual(lines, [`${1024 * 1024 + 3} end`]);
  });

  it("are told by the end of what they complained about", async () => {
    await start(`console.error("é".repeat(3000) + "the end");`);
    await runs.untilState(taskId, "exited");
    const said = await runs.programs.stderrEnd(taskId, 1);
    assert.match(said, /^é+the end\n$/);
    assert.ok(Buffer.byteLength(said) <= 4096);
  });

  it("are not started twice", async () => {
    const [first, second] = await Promise.all([start(forEver), start(forEver)]);
    assert.deepEqual(first, second);
    assert.deepEqual(await start(forEver), first);
    await runs.programs.end(runId, 0);
  });

  it("keep what they read and write to their owner", async () => {
    await start(`console.log("secret");`, "secret");
    const folder = join(runs.folders.tasks, taskId);
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))].map(
      (path) => statSync(path).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o600, 0o600, 0o600]);
  });

  it("that nobody started are unknown, and can be ended", async () => {
    assert.equal(runs.programs.state(runId), "unknown");
    await runs.programs.end(runId, 60_000);
    assert.equal(await runs.programs.stderrEnd(taskId, 1), "");
  });

  describe("that cannot be started", () => {
    it("say that they are not there", async () => {
      await assert.rejects(runs.startNode(taskId, "", { file: "/nowhere/agent" }), {
        code: "spawn-failed",
        message: "/nowhere/agent does not exist",
      });
      assert.equal(runs.programs.state(runId), "unknown");
    });
  });

  describe("whose gateway was killed", () => {
    it("are read again from the start, once", async () => {
      await start(`console.log("one"); ${untilFile("go")} console.log("two");`);
      const before = runs.linesOf(taskId);
      await until(() => before.lines.length > 0, "the first line");
      await runs.replaceGateway(() => runs.write(file("go"), ""));
      await runs.untilState(taskId, "exited");
      const { lines, output } = runs.linesOf(taskId);
      await output.drained();
      assert.deepEqual(lines, ["one", "two"]);
      assert.deepEqual(runs.programs.exit(runId), { exitCode: 0, signal: null });
    });

    it("are known to the next one before it is asked", async () => {
      await start(forEver);
      await runs.replaceGateway();
      assert.equal(runs.programs.state(runId), "running");
      assert.ok(runs.programs.known.includes(runId));
      await runs.programs.abandon(runId);
    });
  });

  describe("whose host cannot be reached for a while", () => {
    let own: TestRuns;
    before(async () => {
      own = await TestRuns.start();
      await own.startNode("first", script(""));
      await own.untilState("first", "exited");
    });
    after(() => own.dispose());
    beforeEach(() => own.replaceGateway());
    const stateOf = (task: string) => own.programs.state(runIdOf(task, 1));

    it("are no others than those that it was asked for, also when its answer was lost", async () => {
      await using host = await cuttableHost(own.home);
      await own.replaceGateway();
      host.mute();
      const started = own.startNode("unheard", script(`fs.writeFileSync("own", String(process.pid)); ${forEver}`));
      const pid = await own.pidIn("own");
      host.cut();
      assert.deepEqual(await started, { pid });
      assert.equal(stateOf("unheard"), "running");
      await own.abandonAll();
    });

    it("may run, and are seen to once it is reached again", async function () {
      if (process.platform === "win32") this.skip();
      await own.startNode("unseen", script(forEver));
      const hosts = await own.hostPids();
      await Promise.all(hosts.map(stopProcess));
      await own.replaceGateway();
      assert.equal(stateOf("unseen"), "unreachable");
      await assert.rejects(own.programs.end(runIdOf("unseen", 1), 0), { code: "pty-host-unavailable" });
      for (const pid of hosts) process.kill(pid, "SIGCONT");
      await own.untilState("unseen", "running");
      await own.abandonAll();
    });

    it("are forgotten as soon as that is possible", async function () {
      if (process.platform === "win32") this.skip();
      await own.startNode("unwanted", script(""));
      await own.untilState("unwanted", "exited");
      const hosts = await own.hostPids();
      await Promise.all(hosts.map(stopProcess));
      await own.replaceGateway();
      await own.programs.forget(runIdOf("unwanted", 1));
      for (const pid of hosts) process.kill(pid, "SIGCONT");
      await own.untilState("unwanted", "unknown");
      await own.replaceGateway();
      assert.equal(stateOf("unwanted"), "unknown");
    });
  });

  describe("that are ended", () => {
    before(onLinux);

    it("may end by themselves", async () => {
      await start(
        `process.on("SIGTERM", () => { console.log("cleaned"); process.exit(0); }); console.log("ready"); ${forEver}`,
      );
      const { lines, output } = runs.linesOf(taskId);
      await until(() => lines.length > 0, "the program to be ready");
      await runs.programs.end(runId, 60_000);
      await output.drained();
      assert.deepEqual([lines, runs.programs.exit(runId)], [["ready", "cleaned"], { exitCode: 0, signal: null }]);
    });

    it("take along a tool in a session of its own that does not listen", async () => {
      await start(`${startTool(ignoresSignals)} ${forEver}`);
      const tool = await runs.pidIn(file("tool"));
      await runs.programs.end(runId, 300);
      assert.ok(await hasEnded(tool));
    });

    it("take along a daemon that they left behind when they exited", async () => {
      await start(`${startTool(ignoresSignals)} ${untilFile("tool")}`);
      const tool = await runs.pidIn(file("tool"));
      await runs.untilState(taskId, "exited");
      assert.ok(!(await hasEnded(tool)));
      await runs.programs.end(runId, 300);
      assert.ok(await hasEnded(tool));
    });

    it("are running until all of it has ended", async () => {
      const { pid } = await start(`${startTool(ignoresSignals)} ${forEver}`);
      await runs.pidIn(file("tool"));
      const ended = runs.programs.end(runId, 3_000);
      await until(() => hasEnded(pid ?? 0), "the end of the program itself");
      assert.equal(runs.programs.state(runId), "running");
      await ended;
      assert.equal(runs.programs.state(runId), "exited");
    });

    it("are ended for good when their host was lost", async () => {
      const own = await TestRuns.start();
      await own.startNode(taskId, script(`${startTool(ignoresSignals)} ${forEver}`));
      const tool = await own.pidIn("tool");
      for (const pid of await own.hostPids()) process.kill(pid, "SIGKILL");
      await own.untilState(taskId, "unknown");
      assert.ok(!(await hasEnded(tool)));
      await own.programs.end(runId, 300);
      assert.ok(await hasEnded(tool));
      await own.dispose();
    });
  });

  describe("whose exit is stored", () => {
    it("are forgotten, also by the host", async () => {
      await start(`process.exit(0);`);
      await runs.untilState(taskId, "exited");
      await runs.programs.forget(runId);
      assert.equal(runs.programs.state(runId), "unknown");
      await runs.replaceGateway();
      assert.equal(runs.programs.state(runId), "unknown");
    });

    it("leave their files until those are removed", async () => {
      await start(`process.exit(0);`);
      await runs.untilState(taskId, "exited");
      runs.programs.removeFiles(taskId);
      assert.ok(!existsSync(join(runs.folders.tasks, taskId)));
    });

    it("leave no files but those of the tasks that are kept", async () => {
      await start(`process.exit(0);`);
      await runs.untilState(taskId, "exited");
      runs.programs.prune(new Set([taskId]));
      assert.deepEqual(readdirSync(runs.folders.tasks), [taskId]);
    });
  });
});
