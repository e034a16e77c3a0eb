import assert from "node:assert/strict";
import { TallyError } from "../../../src/protocol/errors.ts";
import type { Pause } from "../../../src/protocol/limits.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { until, untilDefined } from "../../support/until.ts";

const HOUR_MS = 3_600_000;

describe("a pause", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1" });
  });
  after(() => gateway.dispose());
  afterEach(async () => {
    for (const { id } of (await gateway.client.call("limits", {})).pauses) {
      await gateway.client.call("endPause", { id });
    }
  });

  const launch = (program: string, ...args: string[]) => ({
    agent: "command",
    args: [program, ...args],
    cwd: gateway.home.root,
    env: gateway.env,
  });
  const pause = async (program: string, until: number | null, reason?: string): Promise<Pause> => {
    const account = launch(program);
    const body = { account, until, ...(reason === undefined ? {} : { reason }) };
    return (await gateway.client.call("startPause", { body })).pause;
  };
  const refused = async (work: Promise<unknown>): Promise<TallyError> => {
    const error: unknown = await work.then(
      () => assert.fail("it was not refused"),
      (failure: unknown) => failure,
    );
    assert(error instanceof TallyError);
    return error;
  };

  it("holds every launch on its account, and says until when and why", async () => {
    const until = Date.now() + HOUR_MS;
    const { id } = await pause("cat", until, "The team shares this account");
    const error = await refused(gateway.client.call("createSession", { body: launch("cat") }));
    assert.equal(error.code, "paused");
    const details = error.details as { pause: Pause; resumeAt: number };
    assert.deepEqual([details.pause.id, details.resumeAt], [id, until]);
    assert.match(error.message, /is paused, until .*The team shares this account/);
  });

  it("is answered with 423, resumeAt and Retry-After", async () => {
    await pause("cat", Date.now() + HOUR_MS);
    const { url, token } = gateway.endpoint;
    const answer = await fetch(`${url}/v1/sessions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(launch("cat")),
    });
    assert.equal(answer.status, 423);
    const seconds = Number(answer.headers.get("retry-after"));
    assert(seconds > 3_500 && seconds <= 3_600, `Retry-After is ${seconds}`);
  });

  it("leaves other accounts free", async () => {
    await pause("cat", null);
    const created = await gateway.client.call("createSession", { body: launch("sleep", "60") });
    assert.equal(created.pause, null);
    await gateway.client.call("endSession", { id: created.session.id, body: { force: true } });
  });

  it("lets a forced launch through, and tells in spite of what", async () => {
    const { id } = await pause("cat", null);
    const body = { ...launch("cat"), whenPaused: "start" as const };
    const created = await gateway.client.call("createSession", { body });
    assert.equal(created.pause?.id, id);
    await gateway.client.call("endSession", { id: created.session.id, body: { force: true } });
  });

  it("only warns, or is ignored, as the person has set", async () => {
    const { id } = await pause("cat", null);
    for (const [block, expected] of [["warn", id] as const, ["off", undefined] as const]) {
      await gateway.client.call("setSettings", { body: { block } });
      const created = await gateway.client.call("createSession", { body: launch("cat") });
      assert.equal(created.pause?.id, expected);
      await gateway.client.call("endSession", { id: created.session.id, body: { force: true } });
    }
    await gateway.client.call("setSettings", { body: {} });
  });

  it("keeps a launch until its end, and starts it then in the terminal that it has", async () => {
    await pause("cat", Date.now() + 4_000);
    const body = { ...launch("cat"), whenPaused: "hold" as const };
    const { session } = await gateway.client.call("createSession", { body });
    assert.deepEqual([session.state, session.pid, session.continuation?.status], ["PAUSED", null, "scheduled"]);
    const started = await gateway.untilState(session.id, "RUNNING");
    assert.notEqual(started.pid, null);
    await until(() => gateway.model().pauses.size === 0, "the pause to end");
    await gateway.client.call("endSession", { id: session.id, body: { force: true } });
  });

  it("keeps a launch also over a crash of the gateway", async () => {
    await pause("cat", Date.now() + 4_000);
    const body = { ...launch("cat"), whenPaused: "hold" as const };
    const { session } = await gateway.client.call("createSession", { body });
    await gateway.crash();
    await gateway.restart();
    await gateway.untilState(session.id, "RUNNING");
    await gateway.client.call("endSession", { id: session.id, body: { force: true } });
  });

  it("is lifted by hand, and what it held starts at once", async () => {
    const { id } = await pause("cat", null);
    const body = { ...launch("cat"), whenPaused: "hold" as const };
    const { session } = await gateway.client.call("createSession", { body });
    await gateway.client.call("endPause", { id });
    await gateway.untilState(session.id, "RUNNING");
    await gateway.client.call("endSession", { id: session.id, body: { force: true } });
  });

  it("holds a launch that can be cancelled", async () => {
    await pause("cat", null);
    const body = { ...launch("cat"), whenPaused: "hold" as const };
    const { session } = await gateway.client.call("createSession", { body });
    const ended = await gateway.client.call("endSession", { id: session.id, body: {} });
    assert.deepEqual([ended.session.state, ended.session.pid], ["DONE", null]);
  });

  it("is in force again after a crash of the gateway, and kept as history after its end", async () => {
    const { id } = await pause("cat", null, "For the night");
    await gateway.crash();
    await gateway.restart();
    assert.equal((await refused(gateway.client.call("createSession", { body: launch("cat") }))).code, "paused");
    await gateway.client.call("endPause", { id });
    const { pauses } = await gateway.client.call("pauseHistory", { query: {} });
    const kept = await untilDefined(() => pauses.find((each) => each.id === id), "the pause in the history");
    assert.deepEqual([kept.reason, kept.endedBy], ["For the night", "lifted"]);
  });
});
