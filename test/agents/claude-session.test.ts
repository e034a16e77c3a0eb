import assert from "node:assert/strict";
import { type ClaudeHome, claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { clientOf, startTestGateway, type TestGateway } from "../support/gateway.ts";
import { held, says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { untilDefined } from "../support/until.ts";

for (const version of claudeVersions) {
  describe(`a session of Claude Code ${version}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("answers a typed prompt on the view's screen, and the event stream follows its turns to the end", async () => {
      const turn = held(says("Hello from loopback"));
      await using api = await startLoopbackApi({ script: turn.script });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const session = await startClaude(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await view.screen.untilShows(claudeIsReady);
      await gateway.untilState(session.id, "IDLE");

      view.type("say hello\r");
      await turn.asked;
      await gateway.untilState(session.id, "RUNNING");
      turn.release();
      await view.screen.untilShows("Hello from loopback");
      await gateway.untilState(session.id, "IDLE");

      view.type("/exit\r");
      assert.equal((await view.exited).exitCode, 0);
      const ended = await gateway.untilState(session.id, "DONE");
      assert.equal(ended.exitCode, 0);
    });

    it("goes on with its turn when the gateway is killed, and its view brings up the next one and shows the answer", async () => {
      const turn = held(says("The answer nobody waited for"));
      await using api = await startLoopbackApi({ script: turn.script });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const session = await startClaude(gateway, home);
      const editor = clientOf(gateway.env);
      using view = viewSession(editor, session.id);
      await view.screen.untilShows(claudeIsReady);
      const { pid } = await gateway.untilState(session.id, "IDLE");

      view.type("take your time\r");
      await turn.asked;
      await gateway.crash();
      turn.release();
      await view.screen.untilShows("The answer nobody waited for");
      const found = await untilDefined(async () => {
        const { session: seen } = await editor.call("getSession", { id: session.id });
        return seen.state === "IDLE" ? seen : undefined;
      }, "the next gateway to say IDLE");
      assert.equal(found.pid, pid);
      editor.dispose();
    });
  });
}

function startClaude(gateway: TestGateway, { cwd, env }: ClaudeHome) {
  return gateway.createSession({ agent: "claude", args: [], cwd, env: { ...env }, awaitViewerMs: 10_000 });
}
