import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import { statusesSchema } from "../../src/server/agents/opencode/payloads.ts";
import { deferred } from "../support/deferred.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Answer, refuses, says, type Script } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { askOpencode, type OpencodeHome, opencodeHome, opencodeVersions, untilReady } from "../support/opencode.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";

/** Long enough that all sessions are seen to be paused before. */
const RESETS_IN_S = 20;
/** Long enough that a gateway which has just started has heard of what its agents do. */
const CHECKED_AFTER_MS = 10_000;
const HAPPENS_WITHIN_MS = 60_000;
const prompt = "Continue where you left off.";

for (const version of opencodeVersions) {
  describe(`sessions of opencode ${version} that meet a usage limit`, function () {
    this.timeout(180_000);
    let gateway: TestGateway;
    const views: SessionView[] = [];
    beforeEach(async () => {
      const timing = { TALLY_RESUME_JITTER_MS: "0", TALLY_RESUME_CHECK_MS: String(CHECKED_AFTER_MS) };
      gateway = await startTestGateway(timing);
    });
    afterEach(async () => {
      for (const view of views.splice(0)) view[Symbol.dispose]();
      await gateway.dispose();
    });

    it("are left to go on by themselves at its exact reset, also past a crash of the gateway, and hold what would start", async () => {
      await using api = await startLoopbackApi({ script: usedUpAccount(2, triesAgainIn) });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const [one, two] = [await start(home, "one"), await start(home, "two")];
      for (const { id } of [one, two]) await untilPaused(id, "agent");
      const [pause, ...others] = gateway.model().pauses.values();
      assert.ok(pause && others.length === 0);
      const retries = [await triesAgainAt(one), await triesAgainAt(two)];
      assert.ok(retries.includes(pause.until), `${pause.until} is none of ${retries.join(" and ")}`);

      const launch = { agent: "opencode", args: [], cwd: home.cwd, env: { ...home.env } };
      await assert.rejects(gateway.createSession(launch), isHeld);
      await gateway.createSession({ agent: "demo", args: ["work"] });

      await gateway.crash();
      await until(() => api.turns.length === 4, "both to go on", HAPPENS_WITHIN_MS);
      await gateway.restart();
      for (const { id } of [one, two]) await untilResumed(id, "agent");
      await until(() => gateway.model().pauses.size === 0, "the pause to end", HAPPENS_WITHIN_MS);
      assert.deepEqual(
        api.turns.map(({ lastUserText }) => lastUserText),
        ["say hello", "say hello", "say hello", "say hello"],
      );
    });

    it("are brought back by Tally, once, where their turns have ended", async () => {
      await using api = await startLoopbackApi({ script: usedUpAccount(1, endsTheTurn) });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const { id } = await start(home, "one");
      const { conversationId, pid } = await untilPaused(id, "agent");
      const resumed = await untilResumed(id, "tally");
      assert.deepEqual([resumed.conversationId, resumed.pid], [conversationId, pid]);
      await gateway.untilState(id, "IDLE");
      assert.deepEqual(
        api.turns.map(({ lastUserText }) => lastUserText),
        // The API hears of prompts without an answer together.
        ["say hello", `say hello\n${prompt}`],
      );
    });

    /** With a prompt, so that no key is typed. One after the other: two that make their database at once may hang. */
    async function start(home: OpencodeHome, name: string): Promise<Session> {
      const cwd = join(home.cwd, name);
      await mkdir(cwd);
      const launch = { agent: "opencode", args: ["--prompt", "say hello"], cwd, env: { ...home.env } };
      const session = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
      const view = viewSession(gateway.client, session.id);
      views.push(view);
      await untilReady(view);
      return session;
    }

    async function triesAgainAt({ id }: Session): Promise<number | null> {
      const statuses = statusesSchema.parse(await askOpencode(gateway, id, () => "/session/status"));
      const [status] = Object.values(statuses);
      return status?.type === "retry" ? (status.next ?? null) : null;
    }

    function untilPaused(id: string, owner: Owner): Promise<Session> {
      return untilSession(
        id,
        ({ state, continuation }) => state === "PAUSED" && continuation?.owner === owner,
        `paused, and left to ${owner}`,
      );
    }

    function untilResumed(id: string, owner: Owner): Promise<Session> {
      return untilSession(
        id,
        ({ continuation }) => continuation?.status === "resumed" && continuation.owner === owner,
        `resumed by ${owner}`,
      );
    }

    function untilSession(id: string, isSo: (session: Session) => boolean, what: string): Promise<Session> {
      const session = () => gateway.model().sessions.get(id);
      const found = () => {
        const now = session();
        return now && isSo(now) ? now : undefined;
      };
      return untilDefined(found, `session ${id} to be ${what}`, HAPPENS_WITHIN_MS, () => JSON.stringify(session()));
    }
  });
}

type Owner = "agent" | "tally";

/** An account that is used up as soon as so many sessions have asked; what is asked after that, it answers. */
function usedUpAccount(sessions: number, refusal: (seconds: number) => Answer): Script {
  const all = deferred();
  return async (_request, turn) => {
    if (turn >= sessions) return says("It is done now.");
    if (turn === sessions - 1) all.resolve();
    await all.promise;
    return refusal(RESETS_IN_S);
  };
}

const message = "You have reached your usage limit.";

function triesAgainIn(seconds: number): Answer {
  return refuses(429, { type: "rate_limit_error", message }, { "retry-after": String(seconds) });
}

function endsTheTurn(seconds: number): Answer {
  return refuses(400, { type: "invalid_request_error", message }, { "retry-after": String(seconds) });
}

function isHeld(error: unknown): boolean {
  return error instanceof TallyError && error.code === "paused";
}
