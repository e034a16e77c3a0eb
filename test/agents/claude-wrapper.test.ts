import assert from "node:assert/strict";
import type { Session } from "../../src/protocol/entities.ts";
import { claudeHome, claudeIsReady, claudeVersions, fiveHourLimit, signedIn } from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { openTerminal } from "../support/terminal.ts";
import { untilDefined } from "../support/until.ts";
import { aWrapper } from "../support/wrapper.ts";

const MINUTE_MS = 60_000;
/** Long enough for Claude Code to start with its conversation and to take a turn on a busy machine. */
const HAPPENS_WITHIN_MS = 60_000;

for (const version of claudeVersions) {
  describe(`Claude Code ${version} in a terminal of its own, registered by a wrapper`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    const untilSession = (is: (session: Session) => boolean, what: string) =>
      untilDefined(
        () => [...gateway.model().sessions.values()].find(is),
        what,
        HAPPENS_WITHIN_MS,
        () => JSON.stringify([...gateway.model().sessions.values()]),
      );

    it("is followed from its first prompt to its limit, which pauses the account until the exact reset", async () => {
      const wrapper = aWrapper(gateway);
      // A whole minute: 2.1.197 tells no more of it.
      const resetsAt = (Math.floor(Date.now() / MINUTE_MS) + 60) * MINUTE_MS;
      await using api = await startLoopbackApi({
        script: (request) => (request.lastUserText.includes("again") ? fiveHourLimit(resetsAt) : says("Hello")),
      });
      await using home = await claudeHome(version, api.url);
      const { env, cwd } = await signedIn(home);
      using terminal = openTerminal({ file: home.claude, args: [], cwd, env });
      await terminal.screen.untilShows(claudeIsReady);
      const { status } = await wrapper.post("/api/session/register", {
        sessionId: "w-1",
        workingDir: ".",
        pid: terminal.pid,
      });
      assert.equal(status, 200);
      await untilSession(({ state }) => state === "IDLE", "it to be ready");

      terminal.type("say hello\r");
      const session = await untilSession(
        ({ promptCount, state }) => promptCount === 1 && state === "IDLE",
        "its first turn to be over",
      );
      assert.deepEqual([session.title, session.cwd], ["say hello", cwd]);
      assert.notEqual(session.conversationId, null);
      assert.equal(wrapper.rows("SELECT prompts_used FROM agent_sessions")[0]?.["prompts_used"], 1);

      terminal.type("say hello again\r");
      await untilSession(({ state }) => state === "PAUSED", "its limit to be seen");
      const pause = await untilDefined(() => [...gateway.model().pauses.values()][0], "the pause");
      assert.deepEqual([pause.kind, pause.until, pause.label], ["five-hour", resetsAt, "Claude Code"]);
      const told = (await wrapper.get("/api/session/status")).json as Record<string, unknown>;
      assert.deepEqual([told["isPaused"], told["resumeAt"]], [true, new Date(resetsAt).toISOString()]);
    });

    it("goes on in a terminal of Tally's when its process is gone and its limit has reset", async () => {
      const wrapper = aWrapper(gateway);
      let resetsAt = (Math.floor(Date.now() / MINUTE_MS) + 60) * MINUTE_MS;
      await using api = await startLoopbackApi({
        script: () => (Date.now() < resetsAt ? fiveHourLimit(resetsAt) : says("It is done now.")),
      });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const { env, cwd } = await signedIn(home);
      using terminal = openTerminal({ file: home.claude, args: [], cwd, env });
      await terminal.screen.untilShows(claudeIsReady);
      await wrapper.post("/api/session/register", { sessionId: "w-2", workingDir: cwd, pid: terminal.pid });
      await untilSession(({ state }) => state === "IDLE", "it to be ready");
      terminal.type("say hello\r");
      const stopped = await untilSession(
        ({ state, continuation }) => state === "PAUSED" && continuation?.status === "scheduled",
        "its limit to be seen",
      );

      process.kill(terminal.pid, "SIGKILL");
      await untilSession(({ pid }) => pid === null, "its end to be seen");
      resetsAt = 0;
      for (const { id } of (await gateway.client.call("limits", {})).pauses) {
        await gateway.client.call("endPause", { id });
      }
      const resumed = await untilSession(({ continuation }) => continuation?.status === "resumed", "it to go on");
      assert.deepEqual([resumed.id, resumed.mode, resumed.cwd], [stopped.id, "pty", cwd]);
      assert.equal(resumed.conversationId, stopped.conversationId);
      assert.equal(api.turns.length, 2);
    });
  });
}
