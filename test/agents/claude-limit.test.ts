import assert from "node:assert/strict";
import { claudeHome, claudeIsReady, claudeVersions, fiveHourLimit, signedIn } from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { untilDefined } from "../support/until.ts";

const MINUTE_MS = 60_000;

for (const version of claudeVersions) {
  describe(`A usage limit of Claude Code ${version}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("pauses its session and account until the exact reset, and its dialog waits for nobody", async () => {
      // A whole minute: 2.1.197 tells no more of it.
      const resetsAt = (Math.floor(Date.now() / MINUTE_MS) + 60) * MINUTE_MS;
      await using api = await startLoopbackApi({ script: () => fiveHourLimit(resetsAt) });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const { env, cwd } = await signedIn(home);
      const launch = { agent: "claude", args: [], cwd, env: { ...env } };
      const { id } = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
      using view = viewSession(gateway.client, id);
      await view.screen.untilShows(claudeIsReady);
      await gateway.untilState(id, "IDLE");

      view.type("say hello\r");
      await view.screen.untilShows("What do you want to do?");
      await gateway.untilState(id, "PAUSED");
      const told = () => gateway.model().sessions.get(id)?.continuation ?? undefined;
      const continuation = await untilDefined(told, "what is to become of it");
      const pause = await untilDefined(() => [...gateway.model().pauses.values()][0], "the pause");
      assert.deepEqual(
        [pause.kind, pause.until, pause.isInForce, pause.sessionId, pause.endedAt],
        ["five-hour", resetsAt, true, id, null],
      );
      assert.deepEqual([continuation.owner, continuation.status], ["tally", "scheduled"]);
      const held = await gateway.client.call("checkLaunch", { body: launch });
      assert.equal(held.pause?.id, pause.id);
      assert.equal(api.turns.length, 1);
      const states = gateway.history(id).map((step) => step.state);
      assert.deepEqual(states, ["STARTING", "IDLE", "RUNNING", "PAUSED"]);
    });
  });
}
