import assert from "node:assert/strict";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { viewSession } from "../../support/session-view.ts";
import { until, untilDefined } from "../../support/until.ts";
import { type Death, relaunchProxy } from "./relaunch-proxy.ts";

const BROUGHT_BACK = "The limit has reset: Tally brings it back.";

describe("a session that a limit has stopped, when the gateway is killed while it brings that back", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1" });
  });
  afterEach(() => gateway.dispose());

  const continuationOf = (id: string) => gateway.model().sessions.get(id)?.continuation;
  const untilResumed = (id: string) =>
    untilDefined(() => {
      const session = gateway.model().sessions.get(id);
      return session?.continuation?.status === "resumed" ? session : undefined;
    }, "the session to be resumed");
  /** What it was before it was brought back the first time, and right after. */
  const aroundFirstTry = (id: string) => {
    const steps = gateway.history(id);
    const tried = steps.findIndex(({ text }) => text === BROUGHT_BACK);
    return {
      before: steps[tried - 1],
      after: steps[tried + 1],
      tries: steps.filter(({ text }) => text === BROUGHT_BACK),
    };
  };
  /** One that is being brought back by a gateway that was killed at it. */
  const leftBehind = async (death: Death): Promise<string> => {
    const args = ["--steps-ms", "5", "limit 6s"];
    const { id } = await gateway.createSession({ agent: "demo", args });
    await gateway.untilState(id, "PAUSED");
    await until(() => continuationOf(id)?.status === "scheduled", "what becomes of it to be known");
    await gateway.crash();
    await using proxy = await relaunchProxy(gateway.home, death);
    await gateway.restart();
    await proxy.reached;
    await gateway.crash();
    return id;
  };

  it("is paused again when its pty host was not asked yet, and is brought back again, once", async () => {
    const id = await leftBehind("before-asking");
    await gateway.restart();
    const { continuation, promptCount } = await untilResumed(id);
    assert.deepEqual([continuation?.owner, promptCount], ["tally", 2]);
    const { before, after, tries } = aroundFirstTry(id);
    assert.equal(before?.state, "PAUSED");
    assert.deepEqual(after, before);
    assert.equal(tries.length, 2);
  });

  it("stays ended when a person asked for its end before that", async () => {
    const id = await leftBehind("before-asking");
    gateway.database("UPDATE sessions SET end_requested = 1 WHERE id = ?", id);
    await gateway.restart();
    const { reason } = await gateway.untilState(id, "DONE");
    assert.equal(reason.text, "You ended it.");
  });

  it("is not brought back again when its pty host has done it, and goes on with its new turn", async () => {
    await gateway.client.call("setSettings", { body: { resumePrompt: "Take a long walk" } });
    const id = await leftBehind("before-hearing");
    await gateway.restart();
    const { continuation } = await gateway.untilState(id, "RUNNING");
    assert.equal(continuation?.status, "resuming");
    using view = viewSession(gateway.client, id);
    await view.screen.untilShows("Take a long walk");
    view.type("\x1b");
    const resumed = await untilResumed(id);
    assert.deepEqual([resumed.continuation?.owner, resumed.promptCount], ["tally", 2]);
    const { after, tries } = aroundFirstTry(id);
    assert.deepEqual([after?.state, tries.length], ["RUNNING", 1]);
  });
});
