import assert from "node:assert/strict";
import { TallyError } from "../../src/protocol/errors.ts";
import {
  claudeHome,
  claudeIsReady,
  claudeVersions,
  fiveHourLimit,
  signedIn,
  trustedFolders,
} from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Script, says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";

const SECOND_MS = 1_000;
const RESET_IN_S = 30;
const prompt = "Continue where you left off.";
const folders = ["one", "two", "three", "four", "five"];

/** An API whose account is used up from the first turn on, until `resetsAt`; what it was asked after that, it answers. */
function limitedApi(isMetAgain: (continuation: number) => boolean = () => false) {
  let resetsAt: number | null = null;
  let continuations = 0;
  const inSeconds = (seconds: number) => (Math.floor(Date.now() / SECOND_MS) + seconds) * SECOND_MS;
  const script: Script = () => {
    resetsAt ??= inSeconds(RESET_IN_S);
    if (Date.now() < resetsAt) return fiveHourLimit(resetsAt);
    if (isMetAgain(continuations++)) resetsAt = inSeconds(RESET_IN_S);
    return Date.now() < resetsAt ? fiveHourLimit(resetsAt) : says("It is done now.");
  };
  return { script, resetsAt: () => resetsAt };
}

const [newest] = claudeVersions;

describe(`Five sessions of Claude Code ${newest} that meet one usage limit`, () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "100", TALLY_RESUME_STAGGER_MS: "100" });
  });
  afterEach(() => gateway.dispose());

  const openPauses = () => [...gateway.model().pauses.values()].filter(({ endedAt }) => endedAt === null);

  /** Five that have been given a prompt, and are paused. */
  async function fivePaused(home: Awaited<ReturnType<typeof claudeHome>>) {
    const { env } = await signedIn(home);
    const cwds = await trustedFolders(home, ...folders);
    const launches = cwds.map((cwd) => ({ agent: "claude", args: [], cwd, env: { ...env } }));
    const started: { id: string; view: SessionView }[] = [];
    for (const launch of launches) {
      const { id } = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
      const view = viewSession(gateway.client, id);
      started.push({ id, view });
      await view.screen.untilShows(claudeIsReady);
      await gateway.untilState(id, "IDLE");
    }
    for (const { view } of started) view.type("say hello\r");
    for (const { id } of started) await gateway.untilState(id, "PAUSED");
    return { launches, started };
  }

  it("are paused until its exact reset, hold what would start, and then go on, each once", async () => {
    const limit = limitedApi();
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { launches, started } = await fivePaused(home);
    const pause = await untilDefined(() => openPauses().find((each) => each.until === limit.resetsAt()), "the pause");
    assert.equal(openPauses().length, 1);
    for (const body of launches) {
      const error: unknown = await gateway.client.call("createSession", { body }).catch((failure: unknown) => failure);
      assert.equal(error instanceof TallyError && error.code, "paused");
    }

    for (const { id } of started) {
      await until(
        () => gateway.model().sessions.get(id)?.continuation?.status === "resumed",
        `${id} to be resumed`,
        2 * RESET_IN_S * SECOND_MS,
      );
    }
    for (const { view } of started) {
      await view.screen.untilShows("It is done now.");
      view[Symbol.dispose]();
    }
    const continuations = api.turns.filter(({ lastUserText }) => lastUserText.includes(prompt));
    assert.equal(continuations.length, folders.length);
    assert.equal(api.turns.length, 2 * folders.length);
    assert.deepEqual(openPauses(), []);
    const { pauses } = await gateway.client.call("pauseHistory", { query: {} });
    assert.deepEqual([pauses.length, pauses[0]?.id, pauses[0]?.endedBy], [1, pause.id, "reset"]);
  });

  it("send one ahead, and stay paused when that meets the limit again", async () => {
    const limit = limitedApi((continuation) => continuation === 0);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { started } = await fivePaused(home);
    const first = limit.resetsAt();
    const prolonged = await untilDefined(
      () => openPauses().find(({ tries, until: reset }) => tries === 1 && reset === limit.resetsAt()),
      "the pause to be prolonged",
      2 * RESET_IN_S * SECOND_MS,
    );
    assert.notEqual(prolonged.until, first);
    assert.equal(api.turns.length, folders.length + 1);
    for (const { id, view } of started) {
      await gateway.untilState(id, "PAUSED");
      view[Symbol.dispose]();
    }
  });
});
