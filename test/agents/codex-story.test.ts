import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../../src/protocol/json.ts";
import { codexHome } from "../support/codex.ts";
import {
  codexIsReady,
  inTurn,
  promptTasks,
  startCodex,
  typePrompt,
  untilRequest,
  untilTurnsEnded,
} from "../support/codex-session.ts";
import { startTestGateway, type Step, type TestGateway } from "../support/gateway.ts";
import { charging, held, says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";

const tokens = { input_tokens: 60, cache_read_input_tokens: 40, output_tokens: 7 };
const command = "touch made-by-codex";
const asksPermission = usesTool("exec_command", {
  cmd: command,
  sandbox_permissions: "require_escalated",
  justification: "The test wants a file.",
});
const asksQuestion = usesTool("request_user_input", {
  questions: [
    {
      id: "colour",
      header: "Colour",
      question: "Which colour?",
      options: [
        { label: "Red", description: "Warm." },
        { label: "Blue", description: "Cold." },
      ],
    },
  ],
});
const talks = says("You’ve hit your usage limit. Would you like to run the following command? [ ! ] Action Required");

describe("a session of Codex 0.169.0, from start to exit", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.dispose());

  it("is known to work, to wait and for what, to be interrupted and to be done, by the sources that can know it", async () => {
    const first = held(charging(tokens, says("Hello from loopback.")));
    const interrupted = held(says("never said"));
    await using api = await startLoopbackResponses({
      script: inTurn(
        first.script,
        () => charging(tokens, asksPermission),
        () => charging(tokens, says("Touched.")),
        () => charging(tokens, asksQuestion),
        () => charging(tokens, says("Blue it is.")),
        interrupted.script,
        () => charging(tokens, talks),
      ),
    });
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const configuration = await home.configuration();
    const { cwd, env } = home;
    using session = await startCodex(gateway, home);
    const { id, view } = session;
    await view.screen.untilShows(codexIsReady);
    await gateway.untilState(id, "IDLE");

    await typePrompt(view, "hello");
    await first.asked;
    await gateway.untilState(id, "RUNNING");
    first.release();
    // What is typed before the TUI, too, takes its turn for ended belongs to that turn.
    await view.screen.untilShows(/Hello from loopback\.\s+Worked for/);
    await untilTurnsEnded(gateway, id, 1);

    await typePrompt(view, "make a file");
    const permission = await untilRequest(gateway, id);
    assert.equal(permission.reason.source, "hook");
    assert.equal(permission.request?.kind, "permission");
    assert.equal(permission.request.title, `Bash: ${command}`);
    assert.equal(permission.request.isAnswerable, false);
    await view.screen.untilShows("Would you like to run the following command?");
    view.type("y");
    await view.screen.untilShows(/Touched\.\s+Worked for/);
    await untilTurnsEnded(gateway, id, 2);
    assert.ok(existsSync(join(cwd, "made-by-codex")));

    view.type(SHIFT_TAB);
    await view.screen.untilShows("Plan mode");
    await typePrompt(view, "ask me");
    const question = await untilRequest(gateway, id);
    assert.equal(question.reason.source, "transcript");
    assert.equal(question.request?.kind, "question");
    assert.deepEqual(
      question.request.questions.map(({ text, options }) => [text, ...options.map(({ label }) => label)]),
      [["Which colour?", "Red", "Blue"]],
    );
    assert.equal(question.request.isAnswerable, false);
    await view.screen.untilShows("enter to submit answer");
    view.type("2");
    await view.screen.untilShows(/Blue it is\.\s+Worked for/);
    await untilTurnsEnded(gateway, id, 3);

    await typePrompt(view, "take long");
    await interrupted.asked;
    await gateway.untilState(id, "RUNNING");
    await view.screen.untilShows("esc to interrupt");
    view.type(ESC);
    await view.screen.untilShows("Conversation interrupted");
    await untilTurnsEnded(gateway, id, 4);

    await typePrompt(view, "talk");
    await view.screen.untilShows(/Action Required\s+Worked for/);
    await untilTurnsEnded(gateway, id, 5);

    await typePrompt(view, "/quit");
    assert.equal((await view.exited).exitCode, 0);
    await gateway.untilState(id, "DONE");

    // Which of two sources that tell the same moment is heard first is chance; only one of them knows some moments.
    const began = ["hook", "transcript", "program-status"];
    const ended = ["transcript", "program-status"];
    const wanted = [
      ["STARTING", "process", "gateway"],
      ["IDLE", "title", "program-status"],
      // The spinner of its own start may still be on.
      ...[["RUNNING", ...began, "title"] as const, ["IDLE", ...ended] as const],
      ["RUNNING", ...began],
      ["WAITING_USER", "hook", "program-status"],
      ...[["RUNNING", "program-status"] as const, ["IDLE", ...ended] as const],
      ["RUNNING", ...began],
      ["WAITING_USER", "transcript", "program-status"],
      ...[["RUNNING", "transcript", "program-status"] as const, ["IDLE", ...ended] as const],
      ...[["RUNNING", ...began] as const, ["IDLE", "hook", "transcript"] as const],
      ...[["RUNNING", ...began] as const, ["IDLE", ...ended] as const],
      ["DONE", "process"],
    ] as const;
    assertSteps(withoutOwnStart(gateway.history(id), wanted.length), wanted);
    assert.deepEqual(promptTasks(gateway, id), [
      ["hello", "DONE"],
      ["make a file", "DONE"],
      ["ask me", "DONE"],
      ["take long", "CANCELLED"],
      ["talk", "DONE"],
    ]);
    const { usage, promptCount, conversationId, model, agentVersion } =
      gateway.model().sessions.get(id) ?? assert.fail();
    const rollout = await readRollout(env["HOME"] ?? "", conversationId ?? assert.fail());
    assert.deepEqual(usage, {
      inputTokens: rollout.input_tokens - rollout.cached_input_tokens,
      cacheReadTokens: rollout.cached_input_tokens,
      cacheWriteTokens: rollout.cache_write_input_tokens,
      outputTokens: rollout.output_tokens,
      costUsd: null,
    });
    assert.equal(rollout.output_tokens, 6 * tokens.output_tokens);
    assert.deepEqual(
      { promptCount, model, agentVersion },
      { promptCount: 5, model: "gpt-5.4", agentVersion: "0.169.0" },
    );
    assert.deepEqual(await home.configuration(), configuration);
    assert.equal(await readFile(home.ownHookLog, "utf8"), "ran\n".repeat(5));
  });
});

const ESC = "\x1b";
const SHIFT_TAB = "\x1b[Z";

/**
 * Codex takes a prompt before its own start is over, and the spinner in its title belongs to that start until it says that it is idle. Whether
 * the spinner is seen before that word is chance, and so is whether the first turn begins before it: then the two are one.
 *
 * @param count how many steps there are without it.
 */
function withoutOwnStart(steps: readonly Step[], count: number): readonly Step[] {
  const [starting, ready, started, over, ...turns] = steps;
  const isOwnStart =
    steps.length === count + 2 &&
    started?.state === "RUNNING" &&
    started.source === "title" &&
    over?.state === "IDLE" &&
    ["title", "program-status"].includes(over.source);
  return starting && ready && isOwnStart ? [starting, ready, ...turns] : steps;
}

/** @param wanted each state, and the sources of which one must have been the first to say so. */
function assertSteps(
  steps: readonly Step[],
  wanted: readonly (readonly [state: string, ...sources: string[]])[],
): void {
  const shown = steps.map(({ state, source, signal }) => `${state} by ${source}: ${signal ?? ""}`).join("\n");
  assert.deepEqual(
    steps.map(({ state }) => state),
    wanted.map(([state]) => state),
    shown,
  );
  for (const [index, [, ...sources]] of wanted.entries()) {
    assert.ok(sources.includes(steps[index]?.source ?? ""), `step ${index} of\n${shown}`);
  }
}

const totalSchema = z.looseObject({
  payload: z.looseObject({
    type: z.literal("token_count"),
    info: z.looseObject({
      total_token_usage: z.looseObject({
        input_tokens: z.number(),
        cached_input_tokens: z.number(),
        cache_write_input_tokens: z.number(),
        output_tokens: z.number(),
      }),
    }),
  }),
});

/** The last total of tokens that stands in a conversation's rollout. */
async function readRollout(home: string, conversationId: string) {
  const folder = join(home, ".codex", "sessions");
  const name = (await readdir(folder, { recursive: true })).find((each) => each.includes(conversationId));
  const lines = (await readFile(join(folder, name ?? assert.fail(`no rollout of ${conversationId}`)), "utf8")).split(
    "\n",
  );
  const totals = lines.flatMap((line) => {
    const { data } = totalSchema.safeParse(parseJson(line));
    return data ? [data.payload.info.total_token_usage] : [];
  });
  return totals.at(-1) ?? assert.fail("no tokens in the rollout");
}
