import assert from "node:assert/strict";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTally, tally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

const INTERRUPT = "\x03";
const DETACH = "\x1c\x1c";

/** Begins, and then waits for as long as nobody ends it. */
const ENDLESS = "echo begun; exec sleep 600";

describe("worktrees, through the gateway", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  before(async () => {
    gateway = await startTestGateway({ GIT_CONFIG_NOSYSTEM: "1" });
  });
  after(() => gateway.dispose());
  beforeEach(async () => {
    repo = await tempRepo("größe shop");
  });
  afterEach(async () => {
    for (const { id, projectId } of gateway.model().worktrees.values()) {
      if (gateway.model().projects.get(projectId)?.path !== repo.path) continue;
      const body = { force: true, skipCommands: true, env: gateway.env };
      await gateway.client.call("removeWorktree", { id, body }).catch(() => undefined);
      await until(() => !gateway.model().worktrees.has(id), `worktree ${id} to be gone`).catch(() => undefined);
    }
    await repo.dispose();
  });

  const run = (cwd: string, ...args: string[]): Promise<TallyRun> => runTally(args, { env: gateway.env, cwd });
  const inTerminal = (...args: string[]) => tallyInTerminal(args, { env: gateway.env, cwd: repo.path });
  const tallyJson = (content: object) => writeFile(join(repo.path, "tally.json"), JSON.stringify(content));
  const worktreePath = (name: string) => `${repo.path}-${name}`;
  const exists = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const branches = async () => (await git(repo.path, "branch", "--format=%(refname:short)")).split("\n");
  const listed = async () => (await run(repo.path, "list")).stdout.toString("utf8");

  it("are made from any folder of the project, and from inside another one", async () => {
    const subfolder = join(repo.path, "src");
    await mkdir(subfolder);
    assert.equal((await run(subfolder, "add", "one", "--no-agent")).exitCode, 0);
    assert.equal((await run(worktreePath("one"), "add", "two", "--no-agent")).exitCode, 0);
    assert.equal((await run(worktreePath("two"), "path", "one")).stdout.toString("utf8"), `${worktreePath("one")}\n`);
    assert.deepEqual(await branches(), ["main", "one", "two"]);
    assert.match(await listed(), /^ {2}one\n {2}two$/m);
    const removed = await run(worktreePath("two"), "remove", ".");
    assert.equal(removed.exitCode, 0, removed.stderr);
    assert.match(removed.stderr, /^You stand in a folder that is gone: cd '.*größe shop'$/m);
  });

  it("are removed only with the work in them kept, and come back with it", async () => {
    await run(repo.path, "add", "pay", "--no-agent");
    const file = join(worktreePath("pay"), "cart.ts");
    await writeFile(file, "half done");
    const refused = await run(repo.path, "remove", "pay");
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /^Not tracked: 1 file\n {2}│ cart\.ts$/m);
    const removed = await run(repo.path, "remove", "pay", "--force");
    assert.match(removed.stderr, /^Removed pay .*Bring it back with: tally restore pay$/m);
    assert.deepEqual([removed.exitCode, await exists(worktreePath("pay"))], [0, false]);
    assert.match((await run(repo.path, "restore")).stdout.toString("utf8"), /^pay +pay /m);
    assert.equal((await run(repo.path, "restore", "pay")).exitCode, 0);
    assert.equal(await readFile(file, "utf8"), "half done");
  });

  it("leave nothing behind when they are cancelled before there is anything in them", async () => {
    await tallyJson({ setup: [ENDLESS] });
    using terminal = inTerminal("add", "pay", "--no-agent", "--trust");
    await terminal.screen.untilShows(/^. Set up: /m);
    terminal.type(INTERRUPT);
    assert.equal((await terminal.exited).exitCode, 130);
    await terminal.screen.untilShows("tally add: Cancelled.");
    assert.deepEqual([await exists(worktreePath("pay")), await branches()], [false, ["main"]]);
  });

  it("can be cancelled from another terminal, which waits until nothing of them is left", async () => {
    await tallyJson({ setup: [ENDLESS] });
    using terminal = inTerminal("add", "pay", "--no-agent", "--trust");
    await terminal.screen.untilShows(/^. Set up: /m);
    const undone = await run(repo.path, "repair", "pay", "--undo");
    assert.equal(undone.exitCode, 0, undone.stderr);
    assert.equal((await terminal.exited).exitCode, 130);
    assert.deepEqual([await exists(worktreePath("pay")), await branches()], [false, ["main"]]);
  });

  it("say of a branch that was there that it is taken up", async () => {
    await git(repo.path, "branch", "pay");
    const { stdout } = await run(repo.path, "add", "pay", "--no-agent");
    assert.match(stdout.toString("utf8"), /^branch +pay, which was there already$/m);
  });

  it("are broken when their setup fails, say how, and can be undone", async () => {
    await tallyJson({ setup: ["echo something is missing; exit 3"] });
    const failed = await run(repo.path, "add", "pay", "--no-agent", "--trust");
    assert.equal(failed.exitCode, 1);
    assert.match(failed.stderr, /^✗ Set up\n│ something is missing$/m);
    assert.match(await listed(), /^ {2}pay {2}making it failed at: Set up · tally repair pay$/m);
    assert.match((await run(repo.path, "process", "logs", "pay", "setup 1")).stdout.toString("utf8"), /is missing/);
    const undone = await run(repo.path, "repair", "--undo");
    assert.deepEqual([undone.exitCode, await branches()], [0, ["main"]]);
  });

  it("are finished once the setup that failed is corrected, and approved as it then is", async () => {
    await tallyJson({ setup: ["exit 3"] });
    assert.equal((await run(repo.path, "add", "pay", "--no-agent", "--trust")).exitCode, 1);
    await tallyJson({ setup: ["echo made > made.txt"] });
    assert.equal((await run(repo.path, "repair", "pay", "--finish")).exitCode, 1);
    const finished = await run(repo.path, "repair", "pay", "--finish", "--trust");
    assert.equal(finished.exitCode, 0, finished.stderr);
    assert.equal(await readFile(join(worktreePath("pay"), "made.txt"), "utf8"), "made\n");
  });

  it("say what to do when the gateway is stopped in the middle", async () => {
    await tallyJson({ setup: [ENDLESS] });
    using terminal = inTerminal("add", "pay", "--no-agent", "--trust");
    await terminal.screen.untilShows(/^. Set up: /m);
    await run(repo.path, "gateway", "stop");
    assert.equal((await terminal.exited).exitCode, 3);
    await terminal.screen.untilShows("interrupted, because the gateway was stopped. Go on with it: tally repair pay");
    await gateway.restart();
    assert.match(await listed(), /making it was interrupted · tally repair pay/);
    assert.equal((await run(repo.path, "repair", "pay", "--undo")).exitCode, 0);
    assert.equal(await exists(worktreePath("pay")), false);
  });

  it("have processes that can be stopped, started, read and shown", async () => {
    await tallyJson({ processes: { clock: "echo tick; exec cat" } });
    assert.equal((await run(repo.path, "add", "pay", "--no-agent", "--trust")).exitCode, 0);
    const process = async (...args: string[]) =>
      (await run(repo.path, "process", ...args)).stdout.toString("utf8").trim();
    assert.match(await process("stop", "pay"), /^clock {2}stopped/);
    assert.match(await process("start", "pay", "clock"), /^clock {2}running/);
    using terminal = inTerminal("process", "attach", "pay");
    await terminal.screen.untilShows("tick");
    terminal.type("hello\r");
    await terminal.screen.untilShows(/hello\nhello/);
    terminal.type(DETACH);
    assert.equal((await terminal.exited).exitCode, 0);
    assert.match(await process("logs", "pay", "clock"), /^hello$/m);
    assert.match((await run(worktreePath("pay"), "resume")).stdout.toString("utf8"), /· {2}clock {2}runs already/);
  });

  it("can be made by an agent, but nothing that runs in them can be approved by it", async () => {
    const asAgent = async (...words: string[]) => {
      const script = `"${tally}" ${words.join(" ")}; echo "status $?"`;
      const { id } = await gateway.createSession({ args: ["sh", "-c", script], cwd: repo.path });
      await gateway.untilState(id, "DONE", "ERROR");
      return (await gateway.client.call("sessionOutput", { id, query: {} })).data;
    };
    assert.match(await asAgent("add", "one", "--no-agent"), /status 0/);
    await tallyJson({ setup: ["true"] });
    assert.match(await asAgent("add", "two", "--no-agent", "--trust"), /an agent cannot approve for you[^]*status 1/);
  });

  it("are refused with a reason of their own", async () => {
    for (const [name, reason] of [
      ["../x", /\.\.\/x/],
      ["a..b", /a\.\.b/],
      ["main", /main/],
    ] as const) {
      const { exitCode, stderr } = await run(repo.path, "add", name, "--no-agent");
      assert.notEqual(exitCode, 0, name);
      assert.match(stderr, reason);
    }
    const outside = await run(gateway.home.root, "add", "pay");
    assert.equal(outside.exitCode, 1);
    assert.match(outside.stderr, /repository/);
  });
});
