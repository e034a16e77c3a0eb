import assert from "node:assert/strict";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { tempRepo } from "../../support/repositories.ts";
import { hasEnded } from "../../support/run-programs.ts";
import { orders, queueOf } from "../../support/tasks.ts";
import { until } from "../../support/until.ts";

const INTERRUPT = "\x03";

describe("tasks, from the command line to the demo agent", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => {
    gateway = await startTestGateway({ GIT_CONFIG_NOSYSTEM: "1" });
    repo = await tempRepo("shop");
  });
  afterEach(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const tally = (...args: string[]): Promise<TallyRun> => runTally(args, { env: gateway.env, cwd: repo.path });
  const inTerminal = (...args: string[]) => tallyInTerminal(args, { env: gateway.env, cwd: repo.path });
  const run = (prompt: string, ...args: string[]) => tally("run", prompt, "--agent", "demo", ...args);
  const file = (name: string) => join(repo.path, name);
  const exists = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  it("are done where they are handed over, and followed to their end", async () => {
    const prompt = orders("tool Bash: ls", "touch here", "tokens 1200 340 0.12", "say All is done.");
    const { exitCode, stdout, stderr } = await run(prompt, "--follow");
    assert.deepEqual([exitCode, stdout.toString("utf8")], [0, "All is done.\n"], stderr);
    assert.match(stderr, /^· Bash: ls$/m);
    assert.match(stderr, /^\[Tally\] Done in (?:<1|\d+) s: 1\.2k in, 340 out, \$0\.12$/m);
    assert.ok(await exists(file("here")));
  });

  it("fail with the agent's words and 1", async () => {
    const { exitCode, stderr } = await run("fail It broke.", "--follow");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^\[Tally\] Failed after .*It broke\.$/m);
  });

  it("run on and are followed on when the gateway is killed, and no line comes twice", async () => {
    using terminal = inTerminal(
      "run",
      orders("say One.", `wait-for ${file("go")}`, "say Two."),
      "--agent",
      "demo",
      "--follow",
    );
    await terminal.screen.untilShows(/^One\.$/m);
    await gateway.crash();
    await writeFile(file("go"), "");
    assert.equal((await terminal.exited).exitCode, 0);
    await terminal.screen.untilShows(/^One\.\nTwo\.\n\[Tally\] Done/m);
  });

  const untilGo = () => orders("say One.", `wait-for ${file("go")}`, "say Two.");

  it("are followed on when the gateway is restarted", async () => {
    using terminal = inTerminal("run", untilGo(), "--agent", "demo", "--follow");
    await terminal.screen.untilShows(/^One\.$/m);
    assert.equal((await tally("gateway", "restart")).exitCode, 0);
    await writeFile(file("go"), "");
    assert.equal((await terminal.exited).exitCode, 0);
    await terminal.screen.untilShows(/^One\.\nTwo\.\n\[Tally\] Done/m);
  });

  it("run on without whoever follows them when the gateway is stopped for good, who exits with 3", async () => {
    using terminal = inTerminal("run", untilGo(), "--agent", "demo", "--follow");
    await terminal.screen.untilShows(/^One\.$/m);
    assert.equal((await tally("gateway", "stop")).exitCode, 0);
    assert.equal((await terminal.exited).exitCode, 3);
    await terminal.screen.untilShows("[Tally] The gateway has stopped; the task runs on.");
  });

  it("end with all that they started at Ctrl-C", async () => {
    using terminal = inTerminal(
      "run",
      orders(`spawn-child ${file("pid")}`, "say Begun.", "wait-for never"),
      "--agent",
      "demo",
      "--follow",
    );
    await terminal.screen.untilShows(/^Begun\.$/m);
    const pid = Number(await readFile(file("pid"), "utf8"));
    terminal.type(INTERRUPT);
    assert.equal((await terminal.exited).exitCode, 130);
    assert.ok(await hasEnded(pid));
  });

  it("are refused with 75 during a pause, and wait for its end where that is said", async () => {
    await tally("pause", "demo");
    assert.equal((await run("say Now.")).exitCode, 75);
    using terminal = inTerminal("run", "say Later.", "--agent", "demo", "--wait", "--follow");
    await terminal.screen.untilShows(/^\[Tally\] Waits: Demo agent is paused/m);
    await tally("unpause");
    assert.equal((await terminal.exited).exitCode, 0);
    await terminal.screen.untilShows(/^Later\.$/m);
  });

  it("are done in a worktree that is made for them, and in one that is there", async () => {
    const made = await run("touch first", "--new", "pay", "--follow");
    assert.equal(made.exitCode, 0, made.stderr);
    const again = await run("touch second", "--new", "pay");
    assert.equal(again.exitCode, 1);
    assert.match(again.stderr, /Worktree pay is there already\. Do it there: tally run \.\.\. --worktree pay$/m);
    assert.equal((await run("touch second", "--worktree", "pay", "--follow")).exitCode, 0);
    const there = await Promise.all(["first", "second"].map((name) => exists(join(`${repo.path}-pay`, name))));
    assert.deepEqual(there, [true, true]);
  });

  it("leave nothing of a worktree that was being made for one that is refused", async () => {
    await tally("pause", "demo");
    const { exitCode } = await run("say x", "--new", "pay");
    assert.equal(exitCode, 75);
    await until(() => ![...gateway.model().worktrees.values()].some(({ name }) => name === "pay"), "pay to be gone");
  });

  it("wait in the order that the person gives them", async () => {
    await tally("pause", "demo");
    for (const name of ["one", "two", "three"]) {
      await tally("queue", "add", orders(`append ${file("order")} ${name}`), "--agent", "demo");
    }
    const [first, , third] = [...gateway.model().tasks.values()].filter(({ kind }) => kind === "run");
    await tally("queue", "move", third?.id ?? "", "first");
    await tally("queue", "move", first?.id ?? "", "down");
    await tally("unpause");
    await queueOf(gateway).untilState(first?.id ?? "", "DONE");
    assert.equal(await readFile(file("order"), "utf8"), "three\ntwo\none\n");
  });

  it("are tried again when they have failed", async () => {
    assert.equal((await run("fail It broke.", "--follow")).exitCode, 1);
    const { exitCode, stderr } = await tally("queue", "retry", "--failed");
    assert.equal(exitCode, 0);
    assert.match(stderr, /^Task \w{9} begins\./);
  });
});
