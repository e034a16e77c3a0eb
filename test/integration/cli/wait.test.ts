import assert from "node:assert/strict";
import { constants } from "node:os";
import { sessionSchema, type Session } from "../../../src/protocol/entities.ts";
import { listedSessions, runTally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { type SessionView, viewSession } from "../../support/session-view.ts";
import { until } from "../../support/until.ts";

describe("tally wait", () => {
  let gateway: TestGateway;
  let session: Session;
  let view: SessionView;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway.dispose());
  beforeEach(async () => {
    session = await gateway.createSession({ agent: "demo", args: ["--steps-ms", "5"] });
    view = viewSession(gateway.client, session.id);
    await gateway.untilState(session.id, "IDLE");
  });
  afterEach(() => view[Symbol.dispose]());

  const surroundings = () => ({ env: gateway.env, cwd: gateway.home.root });
  const wait = (...options: string[]): Promise<TallyRun> => runTally(["wait", session.id, ...options], surroundings());
  const out = ({ stdout }: TallyRun) => stdout.toString("utf8");
  const clients = async () => (await gateway.client.call("health", {})).clients;
  /** A wait that follows the gateway's events by now. */
  const startWait = async (...options: string[]): Promise<{ ended: Promise<TallyRun> }> => {
    const before = await clients();
    const ended = wait(...options);
    await until(async () => (await clients()) > before, "the wait to follow the events");
    return { ended };
  };

  it("ends at once when the session is there already, and prints its line", async () => {
    const run = await wait();
    assert.equal(run.exitCode, 0);
    assert.match(out(run), new RegExp(`^${session.id}  idle  \\d+s  demo  .*\\n$`));
  });

  it("waits for a state, named in either case", async () => {
    const { ended } = await startWait("--for", "waiting_user");
    view.type("ask a permission\r");
    const run = await ended;
    assert.equal(run.exitCode, 0);
    assert.match(out(run), / waiting .*May I run/);
  });

  it("waits by default until the session does not work any more", async () => {
    view.type("a long one\r");
    await gateway.untilState(session.id, "RUNNING");
    const { ended } = await startWait("--json");
    view.type("\x1b");
    assert.equal(sessionSchema.parse(JSON.parse(out(await ended))).state, "IDLE");
  });

  it("gives up when the time is over, with exit code 124", async () => {
    const run = await wait("--for", "DONE", "--timeout", "200ms");
    assert.deepEqual([run.exitCode, out(run)], [124, ""]);
    assert.match(run.stderr, /was not done in time; it is idle\./);
  });

  it("fails when the session ends otherwise", async () => {
    const { ended } = await startWait("--for", "WAITING_USER,PAUSED");
    view.type("exit 3\r");
    const run = await ended;
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /ended \(error\) before it was waiting or paused\./);
  });

  it("fails when the session has ended already", async () => {
    view.type("exit\r");
    await gateway.untilState(session.id, "DONE");
    assert.equal((await wait("--for", "IDLE")).exitCode, 1);
    assert.equal((await wait()).exitCode, 0);
  });

  it("refuses a state that there is not, and lists those that there are", async () => {
    const run = await wait("--for", "ASLEEP");
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /"ASLEEP".*STARTING, RUNNING, WAITING_USER, IDLE, PAUSED, DONE, ERROR/);
  });

  it("refuses a time that is none", async () => {
    assert.equal((await wait("--timeout", "soon")).exitCode, 2);
  });

  it("ends by Ctrl-C as any program does", async () => {
    const before = await clients();
    using terminal = tallyInTerminal(["wait", session.id, "--for", "DONE"], surroundings());
    await until(async () => (await clients()) > before, "the wait to follow the events");
    terminal.type("\x03");
    assert.equal((await terminal.exited).signal, constants.signals.SIGINT);
  });

  it("goes on with the gateway that comes after one that was stopped", async () => {
    const { ended } = await startWait("--for", "WAITING_USER");
    await gateway.client.call("stopGateway", {});
    await until(() => gateway.connection() === "stopped", "the gateway to be stopped");
    await gateway.restart();
    view.type("ask a permission\r");
    assert.equal((await ended).exitCode, 0);
  });

  it("starts the gateway again when that has crashed", async () => {
    const { ended } = await startWait("--for", "WAITING_USER");
    await gateway.crash();
    view.type("ask a permission\r");
    assert.equal((await ended).exitCode, 0);
    const listed = await listedSessions(surroundings());
    assert.equal(listed.find(({ id }) => id === session.id)?.state, "WAITING_USER");
  });
});
