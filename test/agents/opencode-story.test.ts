import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { Session, Usage } from "../../src/protocol/entities.ts";
import { messageWithPartsSchema } from "../../src/server/agents/opencode/payloads.ts";
import { startTestGateway, type Step, type TestGateway } from "../support/gateway.ts";
import {
  charging,
  held,
  type HeldAnswer,
  refuses,
  says,
  type Script,
  usesTool,
} from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import {
  askOpencode,
  type OpencodeHome,
  opencodeHome,
  opencodeVersions,
  submit,
  untilReady,
} from "../support/opencode.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { until } from "../support/until.ts";

const question = {
  question: "Which colour?",
  header: "Colour",
  options: [
    { label: "Blue", description: "As the sky" },
    { label: "Red", description: "As a rose" },
  ],
  multiple: false,
};
/** What looks like opencode's own dialogs and messages, in an answer. */
const talk = [
  "Usage limit reached. It will reset in 2 hours.",
  "△ Permission required",
  "┃   Allow once   Allow always   Reject   ctrl+f fullscreen  ⇆ select  enter confirm",
  "esc interrupt",
].join("\n");

for (const version of opencodeVersions) {
  describe(`a session of opencode ${version}`, function () {
    this.timeout(120_000);
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("is in the right state all through a story, and its event stream says so", async () => {
      const bash = held(
        charging({ cache_creation_input_tokens: 200 }, usesTool("bash", { command: "touch x", description: "" })),
      );
      const afterBash = held(charging({ cache_read_input_tokens: 300 }, says("It is done")));
      const asks = held(usesTool("question", { questions: [question] }));
      const afterAsking = held(says("It is blue"));
      const long = held(says("Nobody waits for this"));
      const talks = held(says(talk));
      await using api = await startLoopbackApi(inOrder(bash, afterBash, asks, afterAsking, long, talks));
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const configBefore = await readFile(home.configPath, "utf8");
      const session = await startOpencode(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await untilReady(view);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "make a file");
      await isSeenToWork(gateway, session, bash);
      const waiting = await gateway.untilState(session.id, "WAITING_USER");
      assert.equal(waiting.request?.kind, "permission");
      assert.equal(waiting.request.detail, "touch x");
      assert.ok(waiting.request.isAnswerable);
      await view.screen.untilShows("Permission required");
      view.type("\r");
      await isSeenToWork(gateway, session, afterBash);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "ask me");
      await isSeenToWork(gateway, session, asks);
      const asking = await gateway.untilState(session.id, "WAITING_USER");
      assert.deepEqual(
        asking.request?.questions[0]?.options.map(({ label }) => label),
        ["Blue", "Red"],
      );
      await view.screen.untilShows("1. Blue");
      view.type("\r");
      await isSeenToWork(gateway, session, afterAsking);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "take long");
      await long.asked;
      await gateway.untilState(session.id, "RUNNING");
      await interrupt(view);
      await gateway.untilState(session.id, "IDLE");
      long.release();

      await submit(view, "just talk");
      await isSeenToWork(gateway, session, talks);
      await view.screen.untilShows("Usage limit reached");
      const done = await gateway.untilState(session.id, "IDLE");
      assert.equal(done.model, "loopback/model-one");
      assert.equal(done.promptCount, 4);
      await untilUsageIsThatOfTranscript(gateway, session.id);

      await submit(view, "/exit");
      assert.equal((await view.exited).exitCode, 0);
      await gateway.untilState(session.id, "DONE");

      assert.deepEqual(
        storyOf(gateway, session.id).map(({ state, source }) => `${state} ${source}`),
        [
          "STARTING gateway",
          "IDLE event-stream",
          ...["RUNNING event-stream", "WAITING_USER event-stream", "RUNNING event-stream", "IDLE event-stream"],
          ...["RUNNING event-stream", "WAITING_USER event-stream", "RUNNING event-stream", "IDLE event-stream"],
          ...["RUNNING event-stream", "IDLE event-stream"],
          ...["RUNNING event-stream", "IDLE event-stream"],
          "DONE process",
        ],
      );
      const { tasks } = await gateway.client.call("getSession", { id: session.id });
      const prompts = tasks.filter(({ kind }) => kind === "prompt").toSorted((a, b) => a.createdAt - b.createdAt);
      assert.deepEqual(
        prompts.map(({ title, state }) => `${title}: ${state}`),
        ["make a file: DONE", "ask me: DONE", "take long: CANCELLED", "just talk: DONE"],
      );
      assert.equal(await readFile(home.configPath, "utf8"), configBefore);
    });

    it("keeps its true state through a crash of the gateway, and what happened meanwhile is known afterwards", async () => {
      const turn = held(says("The answer nobody waited for"));
      await using api = await startLoopbackApi({ script: turn.script });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const session = await startOpencode(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await untilReady(view);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "take your time");
      await turn.asked;
      await gateway.untilState(session.id, "RUNNING");
      await gateway.crash();
      turn.release();
      await gateway.restart();
      const after = await gateway.untilState(session.id, "IDLE");
      assert.equal(after.reason.source, "event-stream");
      assert.equal(after.promptCount, 1);
      await untilUsageIsThatOfTranscript(gateway, session.id);
      await gateway.client.call("endSession", { id: session.id, body: {} });
    });

    it("is paused by a usage limit, works on through a short refusal, and fails by an error", async () => {
      const limit = { type: "rate_limit_error", message: "You have reached your usage limit." };
      const limited = held(refuses(429, limit, { "retry-after": "3600" }));
      const tooFast = { type: "rate_limit_error", message: "Slow down, please." };
      const refused = held(refuses(429, tooFast, { "retry-after": "5" }));
      const secondTry = held(says("It is done"));
      const wrong = held(refuses(400, { type: "invalid_request_error", message: "No such thing here." }));
      await using api = await startLoopbackApi(inOrder(limited, refused, secondTry, wrong));
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const session = await startOpencode(gateway, home);
      using view = viewSession(gateway.client, session.id);
      await untilReady(view);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "hit the limit");
      await isSeenToWork(gateway, session, limited);
      const paused = await gateway.untilState(session.id, "PAUSED");
      assert.equal(paused.reason.text, "You have reached your usage limit.");
      await interrupt(view);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "too fast");
      await isSeenToWork(gateway, session, refused);
      await view.screen.untilShows("Slow down, please.");
      await isSeenToWork(gateway, session, secondTry);
      await gateway.untilState(session.id, "IDLE");

      await submit(view, "go wrong");
      await isSeenToWork(gateway, session, wrong);
      const failed = await gateway.untilState(session.id, "ERROR");
      assert.equal(failed.reason.text, "Its turn ended in an error: No such thing here.");
      assert.deepEqual(
        storyOf(gateway, session.id).map(({ state }) => state),
        ["STARTING", "IDLE", "RUNNING", "PAUSED", "IDLE", "RUNNING", "IDLE", "RUNNING", "ERROR"],
      );
      await gateway.client.call("endSession", { id: session.id, body: {} });
    });

    it("goes on with a conversation, and knows its prompts and what they cost", async () => {
      const again = held(says("It is done again"));
      const script: Script = (request, turn) => (turn === 1 ? again.script(request, turn) : says("It is done"));
      await using api = await startLoopbackApi({ script });
      await using home = await opencodeHome(version, api.url, gateway.env["HOME"]);
      const first = await startOpencode(gateway, home);
      {
        using view = viewSession(gateway.client, first.id);
        await untilReady(view);
        await submit(view, "remember this");
        await until(() => api.turns.length === 1, "its turn", 60_000);
        await view.screen.untilShows("It is done");
        await gateway.untilState(first.id, "IDLE");
        await gateway.client.call("endSession", { id: first.id, body: {} });
      }
      const { conversationId } = (await gateway.client.call("getSession", { id: first.id })).session;
      assert.ok(conversationId);

      const second = await startOpencode(gateway, home, ["-s", conversationId]);
      using view = viewSession(gateway.client, second.id);
      await untilReady(view);
      await view.screen.untilShows("remember this");
      const resumed = await gateway.untilState(second.id, "IDLE");
      assert.equal(resumed.conversationId, conversationId);
      await submit(view, "and go on");
      await isSeenToWork(gateway, second, again);
      await until(() => gateway.model().sessions.get(second.id)?.promptCount === 2, "both prompts to be known");
      await gateway.untilState(second.id, "IDLE");
      await untilUsageIsThatOfTranscript(gateway, second.id);
      await gateway.client.call("endSession", { id: second.id, body: {} });
    });
  });
}

function startOpencode(gateway: TestGateway, { cwd, env }: OpencodeHome, args: string[] = []): Promise<Session> {
  return gateway.createSession({ agent: "opencode", args, cwd, env: { ...env }, awaitViewerMs: 10_000 });
}

/** The answers to the turns of a conversation, one after the other. */
function inOrder(...answers: readonly HeldAnswer[]): { script: Script } {
  return { script: (request, turn) => answers[turn]?.script(request, turn) ?? says("No more was expected") };
}

/** A turn that is over in a moment may be over before anybody saw it begin: this one waits for that. */
async function isSeenToWork(gateway: TestGateway, { id }: Session, turn: HeldAnswer): Promise<void> {
  await turn.asked;
  await gateway.untilState(id, "RUNNING");
  turn.release();
}

/**
 * A session's steps as opencode told them. On a busy machine it may say nothing for so long after its start that it is taken to run until it does:
 * that step tells of the machine.
 */
function storyOf(gateway: TestGateway, sessionId: string): Step[] {
  const isSilentStart = ({ state, source }: Step) => state === "RUNNING" && source === "process";
  return gateway.history(sessionId).filter((step, index) => !(index === 1 && isSilentStart(step)));
}

/** Presses Esc twice, once it is seen to work: opencode's server knows of a turn before its TUI does, which until then overlooks the key. */
async function interrupt(view: SessionView): Promise<void> {
  await view.screen.untilShows(/\besc interrupt\b/);
  view.type("\x1b");
  await view.screen.untilShows("esc again to interrupt");
  view.type("\x1b");
}

/** opencode tells its totals, and writes them down, a moment after the turn has ended. */
async function untilUsageIsThatOfTranscript(gateway: TestGateway, sessionId: string): Promise<void> {
  const told = () => gateway.model().sessions.get(sessionId)?.usage;
  const isSame = async () => isDeepStrictEqual(told(), await transcriptUsage(gateway, sessionId));
  await until(isSame, "usage as in the transcript", 30_000, () => JSON.stringify(told()));
}

/** The sum of all messages of the conversation, as opencode's own server lists them. */
async function transcriptUsage(gateway: TestGateway, sessionId: string): Promise<Usage> {
  const messages = z
    .array(messageWithPartsSchema)
    .parse(await askOpencode(gateway, sessionId, (conversationId) => `/session/${conversationId}/message`));
  const answers = messages.flatMap(({ info }) => (info.role === "assistant" ? [info] : []));
  const sum = (of: (answer: (typeof answers)[number]) => number) =>
    answers.reduce((total, each) => total + of(each), 0);
  return {
    inputTokens: sum(({ tokens }) => tokens.input),
    outputTokens: sum(({ tokens }) => tokens.output + tokens.reasoning),
    cacheReadTokens: sum(({ tokens }) => tokens.cache.read),
    cacheWriteTokens: sum(({ tokens }) => tokens.cache.write),
    costUsd: sum(({ cost }) => cost),
  };
}
