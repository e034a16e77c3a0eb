import assert from "node:assert/strict";
import type { Session } from "../../../src/protocol/entities.ts";
import { runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import type { Terminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";

/** What the demo agent shows when it is ready. */
const READY = /^> $|^>$/m;

describe("a session that a limit has stopped, on the command line", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1" });
  });
  afterEach(() => gateway.dispose());

  const surroundings = () => ({ env: gateway.env, cwd: gateway.home.root });
  const run = (...args: string[]): Promise<TallyRun> => runTally(args, surroundings());
  const out = async (...args: string[]) => (await run(...args)).stdout.toString("utf8");
  const inTerminal = (...args: string[]): Terminal => tallyInTerminal(args, surroundings());
  const stopped = async (resetsAfter: string): Promise<Session> => {
    const { id } = await gateway.createSession({ agent: "demo", args: ["--steps-ms", "5", `limit ${resetsAfter}`] });
    await gateway.untilState(id, "PAUSED");
    await until(() => gateway.model().sessions.get(id)?.continuation != null, "what becomes of it to be known");
    return gateway.model().sessions.get(id) as Session;
  };

  it("is listed with when it resumes, and shown with its account", async () => {
    const { id } = await stopped("3000s");
    assert.match(await out("list"), new RegExp(`${id} +paused .* · resumes at .*, in \\d+ min$`, "m"));
    const shown = await out("show", id);
    assert.match(shown, /^limit +resumes at .*, in \d+ min · It goes on when the limit resets\.$/m);
    assert.match(shown, /^account +Demo agent$/m);
  });

  it("holds the next launch on its account, and says what the agent said", async () => {
    await stopped("3000s");
    const { exitCode, stderr } = await run("demo");
    assert.equal(exitCode, 75);
    assert.match(stderr, /^ {2}why +The demo agent has hit its 5-hour limit\.$/m);
  });

  it("lets a launch that waits for its limit start by itself once it has gone on", async () => {
    const { id } = await stopped("9s");
    using terminal = inTerminal("--wait", "demo", "--steps-ms", "5");
    await terminal.screen.untilShows(/is paused until .*: starts in \d s/);
    await terminal.screen.untilShows(READY);
    assert.match(await out("show", id), /^limit +Tally resumed it at /m);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("goes on by itself or not, as the person says", async () => {
    const { id } = await stopped("3000s");
    await run("resume", id, "--cancel");
    assert.match(await out("show", id), /^limit +You cancelled it: .*\nauto-resume +off$/m);
    await run("resume", id, "--auto");
    assert.match(await out("show", id), /^limit +resumes at /m);
  });

  it("goes on in its terminal when it is told to, which is shown", async () => {
    const { id } = await stopped("3000s");
    assert.equal((await run("resume", id)).exitCode, 75);
    using terminal = inTerminal("resume", id, "--force");
    await terminal.screen.untilShows("Done: Continue where you left off.");
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("goes on in a new process of this terminal's size when it has ended", async () => {
    const { id } = await stopped("3000s");
    await run("unpause");
    await run("end", id);
    using terminal = inTerminal("resume", id, "--prompt", "hello");
    await terminal.screen.untilShows("Done: hello");
    assert.equal((await gateway.client.call("sessionOutput", { id, query: {} })).cols, 100);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("stays as it is when its agent cannot go on with a conversation", async () => {
    const { id } = await gateway.createSession({ args: ["true"] });
    await gateway.untilState(id, "DONE");
    const { exitCode, stderr } = await run("resume", id);
    assert.equal(exitCode, 1);
    assert.match(stderr, new RegExp(`Session ${id} cannot be resumed: `));
  });
});
