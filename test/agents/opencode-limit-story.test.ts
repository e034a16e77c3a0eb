import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { deferred } from "../support/deferred.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Answer, refuses, says, type Script } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { type OpencodeHome, opencodeHome, opencodeVersions } from "../support/opencode.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";

const RESETS_IN_S = 8;
const RESUMED_WITHIN_MS = 60_000;
const prompt = "Continue where you left off.";
const done = says("It is done now.");

for (const version of opencodeVersions) {
  describe(`sessions of opencode ${version} that meet one usage limit`, function () {
    this.timeout(120_000);
    let gateway: TestGateway;
    const views: SessionView[] = [];
    beforeEach(async () => {
      gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "0", TALLY_RESUME_CHECK_MS: "500" });
    });
    afterEach(async () => {
      for (const view of views.splice(0)) view[Symbol.dispose]();
      await gateway.dispose();
    });

    it("go on by themselves when it resets, each once, also past a crash of the gateway", async () => {
      await using api = await startLoopbackApi({ script: usedUpAccount(2, refusedFor) });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const sessions = await Promise.all(["one", "two"].map((name) => started(home, name)));
      for (const { id } of sessions) await untilPaused(id);
      console.log([...gateway.model().pauses.values()], Date.now());
      const launch = { agent: "opencode", args: [], cwd: home.cwd, env: { ...home.env } };
      await assert.rejects(gateway.createSession(launch), isHeld);
      await gateway.createSession({ agent: "demo", args: ["work"] });
      await gateway.crash();
      await gateway.restart();

      for (const { id } of sessions) await untilResumed(id, "agent");
      await until(() => gateway.model().pauses.size === 0, "the pause to end");
      assert.equal(api.turns.length, 4);
      console.log(api.turns.map(t=>t.lastUserText));
    });

    it("are brought back by Tally where they do not go on by themselves, once", async () => {
      await using api = await startLoopbackApi({ script: usedUpAccount(1, endedFor) });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const { id } = await started(home, "one");
      const { conversationId } = await untilPaused(id);
      const after = await untilResumed(id, "tally");
      assert.equal(after.conversationId, conversationId);
      await gateway.untilState(id, "IDLE");
      console.log(api.turns.map(t=>t.lastUserText));
      assert.deepEqual(
        api.turns.map(({ lastUserText }) => lastUserText),
        ["say hello", prompt],
      );
    });

    async function started(home: OpencodeHome, name: string): Promise<Session> {
      const cwd = join(home.cwd, name);
      await mkdir(cwd);
      const launch = { agent: "opencode", args: ["--prompt", "say hello"], cwd, env: { ...home.env } };
      const session = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
      views.push(viewSession(gateway.client, session.id));
      return session;
    }

    function untilPaused(id: string): Promise<Session> {
      const session = () => gateway.model().sessions.get(id);
      const paused = () => (session()?.state === "PAUSED" && session()?.continuation ? session() : undefined);
      return untilDefined(paused, `${id} to be paused`, RESUMED_WITHIN_MS, () => JSON.stringify(session()) + views[0]?.screen.text());
    }

    function untilResumed(id: string, owner: "tally" | "agent"): Promise<Session> {
      const session = () => gateway.model().sessions.get(id);
      const continuation = () => session()?.continuation;
      return untilDefined(
        () => (continuation()?.status === "resumed" && continuation()?.owner === owner ? session() : undefined),
        `${id} to be resumed by ${owner}`,
        RESUMED_WITHIN_MS,
        () => JSON.stringify(session()),
      );
    }
  });
}

/** An account that is used up as soon as so many sessions have asked; what is asked after that, it answers. */
function usedUpAccount(sessions: number, refused: (seconds: number) => Answer): Script {
  const all = deferred();
  return async (_request, turn) => {
    if (turn >= sessions) return done;
    if (turn === sessions - 1) all.resolve();
    await all.promise;
    return refused(RESETS_IN_S);
  };
}

const limit = { type: "rate_limit_error", message: "You have reached your usage limit." };

/** A refusal after which opencode tries again by itself, then. */
function refusedFor(seconds: number): Answer {
  return refuses(429, limit, { "retry-after": String(seconds) });
}

/** A refusal that ends its turn. */
function endedFor(seconds: number): Answer {
  return refuses(403, limit, { "retry-after": String(seconds) });
}

function isHeld(error: unknown): boolean {
  return error instanceof TallyError && error.code === "paused";
}
