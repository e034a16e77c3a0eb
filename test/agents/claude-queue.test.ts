import assert from "node:assert/strict";
import { claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { queueOf } from "../support/tasks.ts";

const [newest] = claudeVersions;

describe(`Queued tasks of a session of Claude Code ${newest} that is open in a terminal`, () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway({ TALLY_TYPING_MS: "0" });
  });
  after(() => gateway.dispose());

  it("are its next prompts there, the first one too, in one conversation", async () => {
    await using api = await startLoopbackApi({ script: (_request, turn) => says(`Answer ${turn + 1}.`) });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { cwd, env } = home;
    const { id } = await gateway.createSession({
      ...{ agent: "claude", args: [], cwd, env: { ...env } },
      awaitViewerMs: 10_000,
    });
    using view = viewSession(gateway.client, id);
    await view.screen.untilShows(claudeIsReady);
    await gateway.untilState(id, "IDLE");
    const queue = queueOf(gateway);
    const place = { sessionId: id };
    const [first, second] = [
      await queue.add("First of all", { agent: undefined, env: { ...env }, place }),
      await queue.add("And then", { agent: undefined, env: { ...env }, place }),
    ];
    for (const task of [first, second]) {
      assert.equal((await queue.untilState(task.id, "DONE", "ERROR")).error, null);
    }
    await view.screen.untilShows("Answer 2.");
    // Claude puts reminders of its own before the first prompt.
    assert.deepEqual(
      api.turns.map(({ lastUserText }) => lastUserText.split("\n").at(-1)),
      ["First of all", "And then"],
    );
    const session = await gateway.untilState(id, "IDLE");
    assert.deepEqual([session.mode, session.endedAt, session.promptCount], ["pty", null, 2]);
  });
});
