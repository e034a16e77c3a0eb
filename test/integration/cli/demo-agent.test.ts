import assert from "node:assert/strict";
import { join } from "node:path";
import type { SessionState } from "../../../src/protocol/states.ts";
import { listedSessions, runTally, tallyInTerminal } from "../../support/cli.ts";
import { testHome, type TestHome } from "../../support/gateway.ts";
import type { Terminal } from "../../support/terminal.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("the demo agent in Tally", () => {
  let place: TestHome;
  let cwd: string;
  let terminal: Terminal;
  before(async () => {
    place = await testHome();
    cwd = place.env["HOME"] ?? "";
  });
  after(() => place.dispose());
  beforeEach(async () => {
    terminal = tallyInTerminal(["demo", "--steps-ms", "5"], { env: place.env, cwd });
    await terminal.screen.untilShows(/^> $|^>$/m);
  });
  afterEach(() => terminal[Symbol.dispose]());

  const untilState = (wanted: SessionState) =>
    until(async () => {
      const sessions = await listedSessions({ env: place.env, cwd });
      return sessions.some(({ state, endedAt }) => endedAt === null && state === wanted);
    }, `the session to be ${wanted}`);

  it("is idle, asks a permission, goes on and is idle again, and its session says so", async () => {
    await untilState("IDLE");
    terminal.type("ask a permission\r");
    await terminal.screen.untilShows("May I run");
    await untilState("WAITING_USER");
    terminal.type("y");
    await terminal.screen.untilShows("Done, with your answer.");
    await untilState("IDLE");
    terminal.type("exit 3\r");
    assert.equal((await terminal.exited).exitCode, 3);
  });

  it("is shown with what it waits for, and where that is known from", async () => {
    terminal.type("ask a permission\r");
    const asking = await untilDefined(
      async () => (await listedSessions({ env: place.env, cwd })).find(({ request }) => request !== null),
      "its question",
    );
    const { stdout } = await runTally(["show", asking.id, "--why"], { env: place.env, cwd });
    assert.match(stdout.toString("utf8"), /^state +waiting for \d+s$/m);
    assert.match(stdout.toString("utf8"), /^→ +hook .*May I run/m);
    terminal.type("\x03");
    terminal.type("\x03");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("goes on when it is answered outside of its terminal", async () => {
    terminal.type("ask a question\r");
    await terminal.screen.untilShows("Which colour");
    const asking = await untilDefined(
      async () => (await listedSessions({ env: place.env, cwd })).find(({ request }) => request !== null),
      "its question",
    );
    const { exitCode } = await runTally(["answer", asking.id, "--choose", "2"], { env: place.env, cwd });
    assert.equal(exitCode, 0);
    await terminal.screen.untilShows("Chosen: 2.");
    await terminal.screen.untilShows("Done, with your answer.");
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("works until it is cancelled", async () => {
    terminal.type("a long one\r");
    await untilState("RUNNING");
    terminal.type("\x1b");
    await terminal.screen.untilShows("Interrupted.");
    terminal.type("\x04");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("shows a paste of several lines as what it is", async () => {
    terminal.type("\x1b[200~one\ntwo\nthree\x1b[201~");
    await terminal.screen.untilShows("> [pasted 3 lines]");
    terminal.type("\r");
    await terminal.screen.untilShows(/> one\n +two\n +three/);
    terminal.type("\x03");
    terminal.type("\x03");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("obeys the lines of a prompt, and tells what it does as JSON", async () => {
    const made = join(cwd, "made");
    const stdin = ["say one", `touch ${made}`, `wait-for ${made}`, `refuse-quickly ${made}`, "do two", "exit 3"];
    const { stdout, exitCode } = await runTally(["demo", "--json"], { env: place.env, cwd, stdin: stdin.join("\n") });
    assert.equal(exitCode, 3);
    const events = stdout.toString("utf8").trim().split("\n");
    assert.match(events.shift() ?? "", /^{"type":"conversation","id":"[\da-f-]{36}"}$/);
    assert.deepEqual(events, ['{"type":"say","text":"one"}', '{"type":"say","text":"do two"}']);
  });

  it("answers one prompt in a pipe", async () => {
    const { stdout, exitCode } = await runTally(["demo", "--steps-ms", "1", "-p", "hi"], { env: place.env, cwd });
    assert.equal(exitCode, 0);
    assert.match(stdout.toString("utf8"), /^Done: hi\./);
  });
});
