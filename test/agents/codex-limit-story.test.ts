import assert from "node:assert/strict";
import type { Session } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import type { Pause } from "../../src/protocol/limits.ts";
import { codexHome, type CodexHome, fiveHourLimit, trustedFolders } from "../support/codex.ts";
import { codexIsReady, typePrompt } from "../support/codex-session.ts";
import { deferred } from "../support/deferred.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { held, type MessageRequest, says, type Script } from "../support/loopback-api/answers.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { untilDefined } from "../support/until.ts";

const SECOND_MS = 1_000;
/** Long enough that all sessions are seen to be paused before. */
const RESETS_IN_S = 15;
const RESUMED_WITHIN_MS = 60_000;
const prompt = "Continue where you left off.";
const done = says("It is done now.");

describe("sessions of Codex 0.169.0 that meet one usage limit", () => {
  let gateway: TestGateway;
  const views: SessionView[] = [];
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "100", TALLY_RESUME_STAGGER_MS: "100" });
  });
  afterEach(async () => {
    for (const view of views.splice(0)) view[Symbol.dispose]();
    await gateway.dispose();
  });

  it("are paused at their menus until its exact reset, hold what would start, and then go on, one ahead and each once", async () => {
    const canary = held(done);
    const account = usedUpAccount(3, canary.script, () => done);
    await using api = await startLoopbackResponses(account);
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const paused = await pausedIn(home, "one", "two", "three");
    const pause = await untilPause(gateway, await account.resetsAt);

    const launch = { agent: "codex", args: ["say hello"], cwd: home.cwd, env: { ...home.env } };
    await assert.rejects(gateway.createSession(launch), isHeld);
    await gateway.createSession({ agent: "demo", args: ["work"] });

    await canary.asked;
    const states = paused.map(({ id }) => gateway.model().sessions.get(id)?.state);
    assert.deepEqual(states.filter((state) => state === "PAUSED").length, 2);
    assert.equal(api.turns.length, 4);
    canary.release();
    for (const { id, view } of paused) {
      await view.screen.untilShows("It is done now.");
      await untilResumed(gateway, id, "tally");
    }
    assert.deepEqual(
      promptsOf(api.turns, paused),
      paused.map(() => ["say hello", prompt]),
    );
    assert.deepEqual([...new Set(api.turns.map(({ model }) => model))], ["gpt-5.4"]);
    const { pauses } = await gateway.client.call("pauseHistory", { query: {} });
    assert.deepEqual(
      pauses.map(({ id, endedBy }) => [id, endedBy]),
      [[pause.id, "reset"]],
    );
  });

  it("stay paused when the one that goes ahead meets it again, until it is over", async () => {
    const again = deferred<number>();
    const account = usedUpAccount(
      3,
      () => {
        const resetsAt = soon();
        again.resolve(resetsAt);
        return fiveHourLimit(resetsAt);
      },
      () => done,
    );
    await using api = await startLoopbackResponses(account);
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const paused = await pausedIn(home, "one", "two", "three");
    const pause = await untilPause(gateway, await account.resetsAt);

    const prolonged = await untilPause(gateway, await again.promise);
    assert.deepEqual([prolonged.id, prolonged.tries], [pause.id, 1]);
    for (const { id } of paused) await gateway.untilState(id, "PAUSED");
    assert.equal(api.turns.length, 4);

    for (const { id } of paused) await untilResumed(gateway, id, "tally");
    const prompts = promptsOf(api.turns, paused).sort((one, other) => one.length - other.length);
    assert.deepEqual(prompts, [
      ["say hello", prompt],
      ["say hello", prompt],
      ["say hello", prompt, prompt],
    ]);
  });

  it("are left to the person who has gone on with them", async () => {
    const canary = held(done);
    const account = usedUpAccount(2, canary.script, () => done);
    await using api = await startLoopbackResponses(account);
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const paused = await pausedIn(home, "one", "two");
    await canary.asked;
    const other = paused.find(({ id }) => gateway.model().sessions.get(id)?.state === "PAUSED") ?? assert.fail();
    other.view.type("\x1b");
    await other.view.screen.untilShows(codexIsReady);
    await typePrompt(other.view, "go on");
    await untilResumed(gateway, other.id, "person");
    canary.release();
    const [first] = paused.filter(({ id }) => id !== other.id);
    await untilResumed(gateway, first?.id ?? "", "tally");
    assert.deepEqual(promptsOf(api.turns, [other]), [["say hello", "go on"]]);
    assert.equal(api.turns.length, 4);
  });

  /** A session in each of these folders, which stands at the menu that follows the limit. Its prompt came with its launch, so no key was typed. */
  async function pausedIn(home: CodexHome, ...names: readonly string[]): Promise<PausedSession[]> {
    const folders = await trustedFolders(home, ...names);
    const started = folders.map(async (cwd) => {
      const launch = { agent: "codex", args: ["say hello"], cwd, env: { ...home.env } };
      const { id } = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
      const view = viewSession(gateway.client, id);
      views.push(view);
      await view.screen.untilShows("Switch to");
      return { ...(await gateway.untilState(id, "PAUSED")), view };
    });
    return Promise.all(started);
  }
});

/** An account that is used up as soon as so many sessions have asked; what is asked after that, the scripts answer in turn, the last one all the rest. */
function usedUpAccount(sessions: number, ...afterwards: readonly [Script, ...Script[]]) {
  const resetsAt = deferred<number>();
  const script: Script = async (request, turn) => {
    const next = afterwards[turn - sessions] ?? afterwards.at(-1);
    if (turn >= sessions && next) return next(request, turn);
    if (turn === sessions - 1) resetsAt.resolve(soon());
    return fiveHourLimit(await resetsAt.promise);
  };
  return { script, resetsAt: resetsAt.promise };
}

function soon(): number {
  return (Math.floor(Date.now() / SECOND_MS) + RESETS_IN_S) * SECOND_MS;
}

interface PausedSession extends Session {
  readonly view: SessionView;
}

function isHeld(error: unknown): boolean {
  return error instanceof TallyError && error.code === "paused";
}

function untilPause(gateway: TestGateway, resetsAt: number): Promise<Pause> {
  const pauses = () => [...gateway.model().pauses.values()];
  const known = () => JSON.stringify(pauses());
  return untilDefined(() => pauses().find(({ until }) => until === resetsAt), "the pause", RESUMED_WITHIN_MS, known);
}

function untilResumed(gateway: TestGateway, id: string, owner: "tally" | "person"): Promise<Session> {
  const session = () => gateway.model().sessions.get(id);
  return untilDefined(
    () =>
      session()?.continuation?.status === "resumed" && session()?.continuation?.owner === owner ? session() : undefined,
    `${id} to be resumed by ${owner}`,
    RESUMED_WITHIN_MS,
    () => JSON.stringify(session()),
  );
}

/** What each session has asked the API in its conversation. */
function promptsOf(turns: readonly MessageRequest[], sessions: readonly Session[]): string[][] {
  return sessions.map(({ conversationId }) =>
    turns.filter(({ headers }) => headers["thread-id"] === conversationId).map(({ lastUserText }) => lastUserText),
  );
}
