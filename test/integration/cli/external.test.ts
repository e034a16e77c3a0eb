import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until } from "../../support/until.ts";

const ID = "wrapper-1";

describe("a session that a wrapper has started, on the command line", () => {
  let gateway: TestGateway;
  let program: ChildProcess;
  before(async () => {
    gateway = await startTestGateway();
    program = spawn("sleep", ["600"], { cwd: gateway.home.root, stdio: "ignore" });
    const body = { sessionId: ID, workingDir: gateway.home.root, pid: program.pid ?? 0 };
    await gateway.client.call("wrapperRegister", { body });
  });
  after(async () => {
    program.kill("SIGKILL");
    await gateway.dispose();
  });

  const surroundings = () => ({ env: gateway.env, cwd: gateway.home.root });
  const run = (...args: string[]): Promise<TallyRun> => runTally(args, surroundings());

  it("is shown as what it is", async () => {
    const { stdout } = await run("show", ID);
    assert.match(stdout.toString("utf8"), /^mode +a terminal of its own, outside Tally$/m);
  });

  it("is listed with the others", async () => {
    assert.match((await run("list")).stdout.toString("utf8"), / claude /);
  });

  it("cannot be attached, and says where it is", async () => {
    using terminal = tallyInTerminal(["attach", ID], surroundings());
    await terminal.screen.untilShows(/outside Tally and runs in a terminal of its own/);
    assert.equal((await terminal.exited).exitCode, 1);
  });

  it("has no log", async () => {
    const { exitCode, stdout, stderr } = await run("logs", ID);
    assert.deepEqual([exitCode, stdout.length], [1, 0]);
    assert.match(stderr, /outside Tally/);
  });

  it("can be ended", async () => {
    assert.equal((await run("end", ID)).exitCode, 0);
    await until(() => program.signalCode !== null, "its program to end");
  });
});
