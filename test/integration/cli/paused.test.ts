import assert from "node:assert/strict";
import { readGatewayFile } from "../../../src/client/discovery.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import type { CreatedSession } from "../../../src/protocol/routes.ts";
import { listedSessions, runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import type { Terminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";

const HOUR_MS = 3_600_000;
const DETACH_KEY = "\x1c\x1c";
/** What the demo agent shows when it is ready. */
const READY = /^> $|^>$/m;

describe("a paused account on the command line", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "0", TALLY_RESUME_STAGGER_MS: "0" });
  });
  after(() => gateway.dispose());
  afterEach(() => run("unpause", "--all"));

  const surroundings = () => ({ env: gateway.env, cwd: gateway.home.root });
  const run = (...args: string[]): Promise<TallyRun> => runTally(args, surroundings());
  const out = async (...args: string[]) => (await run(...args)).stdout.toString("utf8");
  const inTerminal = (...args: string[]): Terminal => tallyInTerminal(args, surroundings());
  /** The same once it follows what happens in the gateway. */
  const followingInTerminal = async (...args: string[]): Promise<Terminal> => {
    const clients = async () => (await gateway.client.call("health", {})).clients;
    const before = await clients();
    const terminal = inTerminal(...args);
    await until(async () => (await clients()) > before, "tally to follow the gateway");
    return terminal;
  };
  const pause = async (forMs: number): Promise<Pause> => {
    const account = { agent: "demo", args: [], cwd: gateway.home.root, env: gateway.env };
    const body = { account, until: Date.now() + forMs, reason: "Saving it" };
    return (await gateway.client.call("startPause", { body })).pause;
  };
  const hold = (): Promise<CreatedSession> =>
    gateway.client.call("createSession", {
      body: { agent: "demo", args: [], cwd: gateway.home.root, env: gateway.env, whenPaused: "hold" },
    });

  it("is paused and free again as the person says, and every view of it tells", async () => {
    assert.equal((await run("pause", "demo", "--for", "2h", "--reason", "Saving it")).exitCode, 0);
    for (const command of ["status", "limits"])
      assert.match(await out(command), /until .*, in 2 h · Saving it/, command);
    assert.equal((await run("unpause", "demo")).exitCode, 0);
    assert.match(await out("status"), /nothing is paused/);
    assert.match(await out("limits", "--history"), /, lifted .*Saving it/);
  });

  it("holds a launch, with exit code 75 and what to do", async () => {
    const { id } = await pause(HOUR_MS);
    const { exitCode, stdout, stderr } = await run("demo", "-p", "hi");
    assert.deepEqual([exitCode, stdout.length], [75, 0]);
    assert.match(stderr, /^ {2}why +Saving it$/m);
    assert.match(
      stderr,
      new RegExp(`tally --wait demo -p hi\\n.*tally --force demo -p hi\\n.*tally unpause ${id}$`, "m"),
    );
  });

  it("does not hold what is on another account", async () => {
    await pause(HOUR_MS);
    assert.equal((await run("true")).exitCode, 0);
  });

  it("starts in spite of it when it is told to", async () => {
    await pause(HOUR_MS);
    using terminal = inTerminal("--force", "demo", "--steps-ms", "5");
    await terminal.screen.untilShows(/in spite of a pause: [^]*Saving it/);
    await terminal.screen.untilShows(READY);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("is waited for with a countdown, and what waits starts by itself at the reset", async () => {
    await pause(9_000);
    using terminal = inTerminal("--wait", "demo", "--steps-ms", "5");
    await terminal.screen.untilShows(/is paused until .*: starts in \d s/);
    await terminal.screen.untilShows(READY);
    terminal.type("exit 3\r");
    assert.equal((await terminal.exited).exitCode, 3);
  });

  it("is waited for no longer once a person lifts it", async () => {
    const { id } = await pause(HOUR_MS);
    using terminal = inTerminal("--wait", "demo", "--steps-ms", "5");
    await terminal.screen.untilShows("starts in");
    await run("unpause", id);
    await terminal.screen.untilShows(READY);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("is waited for also when the gateway crashes meanwhile", async () => {
    const { id } = await pause(HOUR_MS);
    using terminal = await followingInTerminal("--wait", "demo", "--steps-ms", "5");
    await gateway.crash();
    const crashed = gateway.pid;
    await until(async () => {
      const file = await readGatewayFile(gateway.home);
      return file !== null && file.pid !== crashed;
    }, "a gateway to be started again");
    assert.equal((await run("unpause", id)).exitCode, 0);
    await terminal.screen.untilShows(READY);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  describe("holds a launch that is to start at the reset, which", () => {
    it("is listed with when it starts", async () => {
      const { id } = await pause(HOUR_MS);
      const { session } = await hold();
      assert.match(await out("list"), new RegExp(`${session.id} +paused .*starts at .*, in (1 h|60 min)$`, "m"));
      assert.match(await out("show", session.id), /^process +none before it starts$/m);
      await run("end", session.id);
      await run("unpause", id);
    });

    it("is cancelled by ending it", async () => {
      await pause(HOUR_MS);
      const { session } = await hold();
      assert.match((await run("end", session.id)).stderr, /^Cancelled /);
      const ended = (await listedSessions(surroundings())).find(({ id }) => id === session.id);
      assert.notEqual(ended?.endedAt, null);
    });

    it("can be watched: it says until when, can be detached, and begins there by itself", async () => {
      const { id } = await pause(HOUR_MS);
      const { session } = await hold();
      using first = await followingInTerminal("attach", session.id);
      await first.screen.untilShows(/is held and starts at .*: Ctrl-\\ twice detaches/);
      first.type(DETACH_KEY);
      await first.screen.untilShows("Detached; it starts by itself.");
      assert.equal((await first.exited).exitCode, 0);
      using second = inTerminal("attach", session.id);
      await second.screen.untilShows("is held");
      await run("unpause", id);
      await second.screen.untilShows(READY);
      second.type("exit\r");
      assert.equal((await second.exited).exitCode, 0);
    });

    it("is started now by tally resume, but not without being told so", async () => {
      await pause(HOUR_MS);
      const { session } = await hold();
      const { exitCode, stderr } = await run("resume", session.id);
      assert.equal(exitCode, 75);
      assert.match(stderr, /starts at .*, by itself\.$/m);
      using terminal = inTerminal("resume", session.id, "--force");
      await terminal.screen.untilShows(READY);
      terminal.type("exit\r");
      assert.equal((await terminal.exited).exitCode, 0);
    });
  });
});
