import assert from "node:assert/strict";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { viewSession } from "../../support/session-view.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("a session of the demo agent that a limit stops", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "1", TALLY_RESUME_STAGGER_MS: "1" });
  });
  afterEach(() => gateway.dispose());

  it("is paused until the limit resets, and then goes on in the same terminal", async () => {
    const args = ["--steps-ms", "5", "limit 6s"];
    const { id, conversationId } = await gateway.createSession({ agent: "demo", args, awaitViewerMs: 10_000 });
    using view = viewSession(gateway.client, id);
    await gateway.untilState(id, "PAUSED");
    const pause = await untilDefined(() => [...gateway.model().pauses.values()][0], "a pause");
    assert.deepEqual([pause.kind, pause.isInForce], ["five-hour", true]);

    await view.screen.untilShows("Done: Continue where you left off.");
    assert.match(view.screen.text(), /^>\s*\n╭─+╮\n│ Tally demo agent/m);
    const resumed = await untilDefined(() => {
      const session = gateway.model().sessions.get(id);
      return session?.continuation?.status === "resumed" ? session : undefined;
    }, "the session to be resumed");
    assert.equal(resumed.conversationId, conversationId);
    assert.equal(resumed.promptCount, 2);
    await until(() => gateway.model().pauses.size === 0, "the pause to end with that");
  });
});
