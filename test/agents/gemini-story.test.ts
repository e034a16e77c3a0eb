import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Session, Task } from "../../src/protocol/entities.ts";
import { gemini } from "../../src/server/agents/gemini.ts";
import { type GeminiHome, geminiHome, geminiIsReady, geminiVersions } from "../support/gemini.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { charging, held, type Script, refuses, says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackGemini } from "../support/loopback-gemini/loopback-gemini.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { untilDefined } from "../support/until.ts";

/** Long enough for Gemini CLI to start and to take a turn on a busy machine. */
const HAPPENS_WITHIN_MS = 60_000;

const talk =
  "All done. Usage limit reached for all Pro models. Allow execution of [Shell]? Action Required. Request cancelled.";

for (const version of geminiVersions) {
  describe(`the story of a session of Gemini CLI ${version}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("is told truly from its start to its end, and leaves the person's settings and hooks as they are", async () => {
      const [first, interrupted] = [held(says("never mind")), held(says("never shown"))];
      const turns = [
        first.script,
        () =>
          charging(
            { input_tokens: 700, cache_read_input_tokens: 300, output_tokens: 40 },
            usesTool("run_shell_command", { command: "touch made-by-a-tool" }),
          ),
        () => charging({ input_tokens: 900, output_tokens: 30 }, says(talk)),
        () => usesTool("ask_user", { questions: [colours] }),
        () => says("Blue then."),
        interrupted.script,
        () => usesTool("run_shell_command", { command: "touch never-made" }),
        () => charging({ input_tokens: 1100, output_tokens: 7 }, says("The last answer")),
      ];
      await using api = await startLoopbackGemini({ script: onceRunning(gateway, inTurn(turns)) });
      await using home = await geminiHome(version, api.url, {
        parent: gateway.env["HOME"] ?? "",
        settings: { hooks: { AfterAgent: [{ hooks: [{ type: "command", command: "touch own-hook-ran" }] }] } },
      });
      const settings = readFileSync(home.settingsPath);
      const session = await startGemini(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await view.screen.untilShows(geminiIsReady);
      await gateway.untilState(session.id, "IDLE");

      await prompt(view, "say something");
      await first.asked;
      await gateway.untilState(session.id, "RUNNING");
      first.release();
      await gateway.untilState(session.id, "IDLE");

      await prompt(view, "make a file");
      await untilRequest(gateway, session, /^Shell: touch made-by-a-tool$/);
      view.type("\r");
      await view.screen.untilShows("All done.");
      await gateway.untilState(session.id, "IDLE");
      assert.ok(existsSync(join(home.cwd, "made-by-a-tool")));

      await prompt(view, "ask me");
      await untilRequest(gateway, session, /^Which colour\?$/);
      view.type("\r");
      await view.screen.untilShows("Blue then.");
      await gateway.untilState(session.id, "IDLE");

      await prompt(view, "take your time");
      await interrupted.asked;
      await gateway.untilState(session.id, "RUNNING");
      await view.screen.untilShows("esc to cancel");
      view.type("\x1b");
      await untilPrompt(gateway, session, "take your time", "CANCELLED");
      assert.equal((await gateway.untilState(session.id, "IDLE")).reason.source, "transcript");
      interrupted.release();

      await prompt(view, "make another file");
      await gateway.untilState(session.id, "WAITING_USER");
      await view.screen.untilShows("Allow execution of [Shell]?");
      view.type("\x1b");
      await untilPrompt(gateway, session, "make another file", "CANCELLED");

      await prompt(view, "the last one");
      await view.screen.untilShows("The last answer");
      await untilPrompt(gateway, session, "the last one", "DONE");
      await prompt(view, "/quit");
      assert.equal((await view.exited).exitCode, 0);
      const ended = await gateway.untilState(session.id, "DONE");

      // The transcript tells of a prompt, and of an interrupted turn, at the same moment: which is seen first is chance.
      const running = "RUNNING (title|transcript)";
      const interruptedTurn = "IDLE (title|transcript)";
      assert.match(
        gateway
          .history(session.id)
          .map(({ state, source }) => `${state} ${source}`)
          .join(", "),
        sequence(
          "STARTING gateway",
          "IDLE title",
          ...[running, "IDLE title"],
          ...[running, "WAITING_USER title", running, "IDLE title"],
          ...[running, "WAITING_USER title", running, "IDLE title"],
          ...[running, interruptedTurn],
          ...[running, "WAITING_USER title", interruptedTurn],
          ...[running, "IDLE title"],
          "DONE process",
        ),
      );
      assert.deepEqual(
        prompts(gateway, session).map(({ title, state }) => [title, state]),
        [
          ["say something", "DONE"],
          ["make a file", "DONE"],
          ["ask me", "DONE"],
          ["take your time", "CANCELLED"],
          ["make another file", "CANCELLED"],
          ["the last one", "DONE"],
        ],
      );
      assert.equal(ended.model, api.turns.at(-1)?.model);
      assert.equal(ended.promptCount, 6);
      assert.deepEqual(ended.usage, paid(home));
      assert.deepEqual(readFileSync(home.settingsPath), settings);
      assert.ok(existsSync(join(home.cwd, "own-hook-ran")));
    });

    it("lives on when the agent starts itself anew to trust a folder, and follows it there", async () => {
      await using api = await startLoopbackGemini({ reply: "Hello from loopback" });
      await using home = await geminiHome(version, api.url, { parent: gateway.env["HOME"] ?? "", isTrusting: false });
      const session = await startGemini(gateway, home, ["greet me"]);
      using view = viewSession(gateway.client, session.id);
      await untilPrompt(gateway, session, "greet me", "DONE");
      await untilRequest(gateway, session, /^Do you trust the files in this folder\?$/);
      const first = gateway.model().sessions.get(session.id)?.conversationId;
      view.type("\r");
      const answered = () => prompts(gateway, session).filter(({ state }) => state === "DONE");
      await untilDefined(
        () => (answered().length === 2 ? true : undefined),
        "the prompt to be answered again",
        HAPPENS_WITHIN_MS,
      );
      assert.notEqual((await gateway.untilState(session.id, "IDLE")).conversationId, first);
      await view.screen.untilShows(geminiIsReady);
      await gateway.client.call("endSession", { id: session.id, body: { force: false } });
      await gateway.untilState(session.id, "DONE");
    });

    it("is paused when the daily quota is used up, from the moment that it asks what to do", async () => {
      const quota = refuses(429, { type: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota." });
      await using api = await startLoopbackGemini({ script: inTurn([() => quota, () => says("It works again")]) });
      await using home = await geminiHome(version, api.url, {
        parent: gateway.env["HOME"] ?? "",
        settings: { model: { name: "gemini-2.5-pro" } },
      });
      const session = await startGemini(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await view.screen.untilShows(geminiIsReady);
      await gateway.untilState(session.id, "IDLE");

      await prompt(view, "use it up");
      const asking = await gateway.untilState(session.id, "PAUSED");
      assert.deepEqual([asking.reason.source, asking.request], ["screen", null]);
      await view.screen.untilShows("● 1. Keep trying");
      const pause = await untilDefined(() => [...gateway.model().pauses.values()][0], "a pause");
      assert.deepEqual([pause.model, pause.until, pause.isInForce], ["Pro", null, true]);

      view.type("\x1b[B");
      await view.screen.untilShows("● 2. Stop");
      await enter(view);
      await view.screen.untilShows(geminiIsReady);
      await untilDefined(() => {
        const { state, reason } = gateway.model().sessions.get(session.id) ?? session;
        return state === "PAUSED" && reason.source === "transcript" ? true : undefined;
      }, "its chat to tell of the limit");
      await untilPrompt(gateway, session, "use it up", "BLOCKED");

      await prompt(view, "and now");
      await view.screen.untilShows("It works again");
      await untilPrompt(gateway, session, "and now", "DONE");
      await gateway.untilState(session.id, "IDLE");
    });

    it("tells of a turn that failed, and goes on after it", async () => {
      const turns = [
        () => refuses(400, { type: "INVALID_ARGUMENT", message: "That is a bad request." }),
        () => says("Better now"),
      ];
      await using api = await startLoopbackGemini({ script: inTurn(turns) });
      await using home = await geminiHome(version, api.url, { parent: gateway.env["HOME"] ?? "" });
      const session = await startGemini(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await view.screen.untilShows(geminiIsReady);
      await gateway.untilState(session.id, "IDLE");

      await prompt(view, "fail");
      const failed = await gateway.untilState(session.id, "ERROR");
      assert.equal(failed.reason.source, "transcript");
      assert.match(failed.reason.text, /That is a bad request/);
      await untilPrompt(gateway, session, "fail", "ERROR");

      await prompt(view, "try again");
      await view.screen.untilShows("Better now");
      await gateway.untilState(session.id, "IDLE");
      await untilPrompt(gateway, session, "try again", "DONE");
    });
  });
}

const colours = {
  question: "Which colour?",
  header: "Colour",
  type: "choice",
  options: [
    { label: "Red", description: "warm" },
    { label: "Blue", description: "cold" },
  ],
};

/** One script a turn of the API, in order. */
function inTurn(scripts: readonly Script[]): Script {
  return (request, turn) => (scripts[turn] ?? assert.fail(`nobody expects turn ${turn}`))(request, turn);
}

/** Answers only once the session is seen to run, so that every turn is in its history. */
function onceRunning(gateway: TestGateway, script: Script): Script {
  return async (request, turn) => {
    await untilDefined(
      () => [...gateway.model().sessions.values()].find(({ state }) => state === "RUNNING"),
      "the session to run",
    );
    return script(request, turn);
  };
}

function sequence(...steps: readonly string[]): RegExp {
  return new RegExp(`^${steps.join(", ")}$`);
}

function startGemini(gateway: TestGateway, { cwd, env }: GeminiHome, args: string[] = []): Promise<Session> {
  return gateway.createSession({ agent: "gemini", args, cwd, env: { ...env }, awaitViewerMs: 10_000 });
}

/** Types as Tally does. */
async function prompt(view: SessionView, text: string): Promise<void> {
  view.type(text);
  await view.screen.untilShows(` > ${text}`);
  await enter(view);
}

/** By nothing on the screen can one see when Enter is no longer taken for a part of what came before it. */
async function enter(view: SessionView): Promise<void> {
  await delay(gemini.typing?.submitAfterMs);
  view.type("\r");
}

/** Its prompts, oldest first. */
function prompts(gateway: TestGateway, { id }: Session): Task[] {
  return [...gateway.model().tasks.values()]
    .filter(({ sessionId, kind }) => sessionId === id && kind === "prompt")
    .sort((one, other) => one.createdAt - other.createdAt);
}

function untilPrompt(gateway: TestGateway, session: Session, title: string, state: Task["state"]): Promise<true> {
  const now = () => prompts(gateway, session).map((task) => `${task.title}: ${task.state}`);
  return untilDefined(
    () => (now().includes(`${title}: ${state}`) ? true : undefined),
    `"${title}" to be ${state}`,
    HAPPENS_WITHIN_MS,
    () => now().join(", "),
  );
}

function untilRequest(gateway: TestGateway, { id }: Session, title: RegExp): Promise<true> {
  const asked = () => gateway.model().sessions.get(id)?.request?.title;
  return untilDefined(
    () => (title.test(asked() ?? "") ? true : undefined),
    `the session to ask ${String(title)}`,
    HAPPENS_WITHIN_MS,
    () => `it asks ${asked() ?? "nothing"}`,
  );
}

interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly thoughts: number;
}

/** What the chat file says that all of its answers have cost. */
function paid({ home }: GeminiHome): Session["usage"] {
  const folder = join(home, ".gemini/tmp/work/chats");
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
  const answers = new Map<string, Tokens>();
  for (const line of lines) {
    const { id, tokens } = JSON.parse(line) as { id?: string; tokens?: Tokens | null };
    if (id !== undefined && tokens) answers.set(id, tokens);
  }
  const sum = (count: (tokens: Tokens) => number) =>
    [...answers.values()].reduce((all, tokens) => all + count(tokens), 0);
  return {
    inputTokens: sum(({ input, cached }) => input - cached),
    outputTokens: sum(({ output, thoughts }) => output + thoughts),
    cacheReadTokens: sum(({ cached }) => cached),
    cacheWriteTokens: 0,
    costUsd: null,
  };
}
