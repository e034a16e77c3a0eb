import assert from "node:assert/strict";
import { join } from "node:path";
import { TallyError } from "../../src/protocol/errors.ts";
import {
  claudeHome,
  claudeIsReady,
  claudeVersions,
  fiveHourLimit,
  signedIn,
  trustedFolders,
} from "../support/claude.ts";
import { codexHome } from "../support/codex.ts";
import { repositoryRoot, startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Script, says } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { openTerminal } from "../support/terminal.ts";
import { until, untilDefined } from "../support/until.ts";

const SECOND_MS = 1_000;
const RESET_IN_S = 30;
const prompt = "Continue where you left off.";
const five = ["one", "two", "three", "four", "five"];
const tallyClaude = { file: process.execPath, args: [join(repositoryRoot, "dist", "cli.cjs"), "claude"] };
/** EX_TEMPFAIL */
const HELD = 75;
/** Longer than keys count as typing. */
const SOON_S = 18;
/** Claude Code goes on by itself about 65 s after the reset. */
const CONTINUES_WITHIN_MS = 150_000;

/** An API whose account is used up from the first turn on, until `resetsAt`; what it was asked after that, it answers. */
function limitedApi(resetInS: number, isMetAgain: (continuation: number) => boolean = () => false) {
  let resetsAt: number | null = null;
  let continuations = 0;
  const inSeconds = (seconds: number) => (Math.floor(Date.now() / SECOND_MS) + seconds) * SECOND_MS;
  const script: Script = () => {
    resetsAt ??= inSeconds(resetInS);
    if (Date.now() < resetsAt) return fiveHourLimit(resetsAt);
    if (isMetAgain(continuations++)) resetsAt = inSeconds(resetInS);
    return Date.now() < resetsAt ? fiveHourLimit(resetsAt) : says("It is done now.");
  };
  return { script, resetsAt: () => resetsAt };
}

const [newest] = claudeVersions;

describe(`Sessions of Claude Code ${newest} that meet one usage limit`, () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "100", TALLY_RESUME_STAGGER_MS: "100" });
  });
  afterEach(() => gateway.dispose());

  const openPauses = () => [...gateway.model().pauses.values()].filter(({ endedAt }) => endedAt === null);

  /** One in each folder that has been given a prompt, and is paused. */
  async function paused(home: Awaited<ReturnType<typeof claudeHome>>, folders: readonly string[]) {
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

  const untilResumed = (id: string) =>
    until(
      () => gateway.model().sessions.get(id)?.continuation?.status === "resumed",
      `${id} to be resumed`,
      CONTINUES_WITHIN_MS,
    );
  const continuationsOf = ({ turns }: { turns: readonly { lastUserText: string }[] }) =>
    turns.filter(({ lastUserText }) => lastUserText.includes(prompt)).length;

  it("are paused until its exact reset, hold what would start, and then go on, each once", async () => {
    const limit = limitedApi(RESET_IN_S);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { launches, started } = await paused(home, five);
    const pause = await untilDefined(() => openPauses().find((each) => each.until === limit.resetsAt()), "the pause");
    assert.equal(openPauses().length, 1);
    for (const body of launches) {
      const error: unknown = await gateway.client.call("createSession", { body }).catch((failure: unknown) => failure);
      assert.equal(error instanceof TallyError && error.code, "paused");
    }
    const [launch] = launches;
    assert(launch);
    using shell = openTerminal({ ...tallyClaude, cwd: launch.cwd, env: { ...gateway.env, ...launch.env } });
    assert.equal((await shell.exited).exitCode, HELD);
    assert.match(shell.screen.text(), /Start when it ends: +tally --wait claude/);
    await using responses = await startLoopbackResponses({ script: () => says("Hello from Codex") });
    await using codex = await codexHome("0.169.0", responses.url, gateway.env["HOME"]);
    const other = await gateway.createSession({ agent: "codex", args: [], cwd: codex.cwd, env: { ...codex.env } });
    await gateway.untilState(other.id, "IDLE");

    for (const { id } of started) await untilResumed(id);
    for (const { view } of started) {
      await view.screen.untilShows("It is done now.");
      view[Symbol.dispose]();
    }
    assert.equal(continuationsOf(api), five.length);
    assert.equal(api.turns.length, 2 * five.length);
    assert.deepEqual(openPauses(), []);
    const { pauses } = await gateway.client.call("pauseHistory", { query: {} });
    assert.deepEqual([pauses.length, pauses[0]?.id, pauses[0]?.endedBy], [1, pause.id, "reset"]);
  });

  it("send one ahead, and stay paused when that meets the limit again", async () => {
    const limit = limitedApi(SOON_S, (continuation) => continuation === 0);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { started } = await paused(home, five);
    const first = limit.resetsAt();
    const prolonged = await untilDefined(
      () => openPauses().find(({ tries, until: reset }) => tries === 1 && reset === limit.resetsAt()),
      "the pause to be prolonged",
      CONTINUES_WITHIN_MS,
    );
    assert.notEqual(prolonged.until, first);
    assert.equal(api.turns.length, five.length + 1);
    for (const { id, view } of started) {
      await gateway.untilState(id, "PAUSED");
      view[Symbol.dispose]();
    }
  });

  it("go on, each once, when the gateway was killed and the reset has passed before the next one starts", async () => {
    const limit = limitedApi(SOON_S);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { started } = await paused(home, ["one", "two"]);
    for (const { view } of started) view[Symbol.dispose]();
    await gateway.crash();
    await until(() => Date.now() > (limit.resetsAt() ?? Infinity), "the reset to pass", 2 * SOON_S * SECOND_MS);
    await gateway.restart();
    for (const { id } of started) await untilResumed(id);
    assert.deepEqual([continuationsOf(api), api.turns.length], [2, 4]);
  });

  it("go on, each once, when the gateway is killed while one is brought back", async () => {
    const limit = limitedApi(SOON_S);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { started } = await paused(home, ["one", "two"]);
    for (const { view } of started) view[Symbol.dispose]();
    const isBroughtBack = ({ id }: { id: string }) =>
      gateway.model().sessions.get(id)?.continuation?.status === "resuming";
    await until(() => started.some(isBroughtBack), "one to be brought back", CONTINUES_WITHIN_MS);
    await gateway.crash();
    await gateway.restart();
    for (const { id } of started) await untilResumed(id);
    const said = () => started.map(({ id }) => gateway.model().sessions.get(id)?.continuation?.text).join(" ");
    // The next gateway may know of a turn before its request is answered.
    await until(() => continuationsOf(api) === 2, "both to have gone on", CONTINUES_WITHIN_MS, said);
    assert.deepEqual([continuationsOf(api), api.turns.length], [2, 4]);
  });

  it("go on by themselves, and Tally leaves them to it, when the person wants it so", async () => {
    await gateway.client.call("setSettings", { body: { resumeBy: "agent" } });
    const limit = limitedApi(SOON_S);
    await using api = await startLoopbackApi({ script: limit.script });
    await using home = await claudeHome(newest, api.url, gateway.env["HOME"]);
    const { started } = await paused(home, ["one"]);
    const [first] = started;
    assert(first);
    const { pid } = await gateway.untilState(first.id, "PAUSED");
    const told = () => gateway.model().sessions.get(first.id)?.continuation ?? undefined;
    const continuation = await untilDefined(told, "what is to become of it");
    assert.deepEqual([continuation.owner, continuation.status], ["agent", "scheduled"]);
    await untilResumed(first.id);
    const session = gateway.model().sessions.get(first.id);
    assert.deepEqual([session?.continuation?.owner, session?.pid], ["agent", pid]);
    assert.deepEqual([continuationsOf(api), api.turns.length], [0, 2]);
    first.view[Symbol.dispose]();
  });
});
