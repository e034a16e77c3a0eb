import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Task } from "../../src/protocol/entities.ts";
import { claudeHome, fiveHourLimit as limitOfClaude, signedIn } from "../support/claude.ts";
import { codexHome, fiveHourLimit as limitOfCodex } from "../support/codex.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  type Answer,
  charging,
  held,
  refuses,
  says,
  type Script,
  together,
  usesTool,
} from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import type { LoopbackApi } from "../support/loopback-api/model-server.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";
import { hasEnded } from "../support/run-programs.ts";
import { queueOf } from "../support/tasks.ts";
import { until, untilDefined } from "../support/until.ts";

const SECOND_MS = 1_000;
/** Long enough that the task is seen to be blocked before. */
const RESETS_IN_S = 15;
/** On a busy machine agents take their time to start. */
const DONE_WITHIN_MS = 40_000;

/** A person's agent in a folder of its own. */
interface Place extends AsyncDisposable {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Agent {
  readonly name: "claude" | "codex";
  readonly label: string;
  /** It may do what it wants. */
  readonly args: readonly string[];
  /** It gives up on the API after one try more. */
  readonly hasty: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  readonly startApi: (script: Script) => Promise<LoopbackApi>;
  readonly home: (api: LoopbackApi, parent: string | undefined) => Promise<Place>;
  readonly runs: (command: string) => ReturnType<typeof usesTool>;
  readonly limit: (resetsAt: number) => Answer;
  readonly tellsCost: boolean;
}

const agents: readonly Agent[] = [
  {
    name: "claude",
    label: "Claude Code 2.1.329",
    args: ["--allowedTools", "Bash"],
    hasty: { args: [], env: { CLAUDE_CODE_MAX_RETRIES: "1" } },
    startApi: (script) => startLoopbackApi({ script }),
    home: async (api, parent) => signedIn(await claudeHome("2.1.329", api.url, parent)),
    runs: (command) => usesTool("Bash", { command }),
    limit: limitOfClaude,
    tellsCost: true,
  },
  {
    name: "codex",
    label: "Codex 0.169.0",
    args: ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
    hasty: {
      args: ["request", "stream"].flatMap((kind) => ["-c", `model_providers.loopback.${kind}_max_retries=1`]),
      env: {},
    },
    startApi: (script) => startLoopbackResponses({ script }),
    home: (api, parent) => codexHome("0.169.0", api.url, parent),
    runs: (command) => usesTool("exec_command", { cmd: command }),
    limit: limitOfCodex,
    tellsCost: false,
  },
];

for (const agent of agents) {
  describe(`${agent.label} without a terminal`, () => {
    let gateway: TestGateway;
    let queue: ReturnType<typeof queueOf>;
    before(async () => {
      gateway = await startTestGateway({ TALLY_RESUME_JITTER_MS: "100", TALLY_RESUME_STAGGER_MS: "100" });
      queue = queueOf(gateway);
    });
    after(() => gateway.dispose());

    const order = ({ cwd, env }: Place) => ({
      agent: agent.name,
      args: [...agent.args],
      env: { ...env },
      place: { cwd },
    });
    const untilOver = (id: string) =>
      untilDefined(
        () => {
          const task = gateway.model().tasks.get(id);
          return task !== undefined && task.endedAt !== null ? task : undefined;
        },
        "the task to be over",
        DONE_WITHIN_MS,
        () => JSON.stringify(gateway.model().tasks.get(id)),
      );
    const tokensOf = ({ usage }: Task) => [usage?.inputTokens, usage?.outputTokens];

    it("does a task, and tells what it did, its result, and what it used up", async () => {
      const work = charging({ input_tokens: 30 }, together(says("I look."), agent.runs("echo hello; exit 3")));
      const answers = [work, charging({ output_tokens: 25 }, says("It is done."))];
      await using api = await agent.startApi((_request, turn) => answers[turn] ?? assert.fail());
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { id } = await queue.add("Do it.\nAll of it.", order(home));
      const task = await untilOver(id);
      assert.deepEqual(
        [task.state, task.result, task.run?.exitCode, task.run?.attempts],
        ["DONE", "It is done.", 0, 1],
      );
      assert.deepEqual(tokensOf(task), [40, 30]);
      assert.equal((task.usage?.costUsd ?? 0) > 0, agent.tellsCost);
      assert.match(api.turns[0]?.lastUserText ?? "", /Do it\.\nAll of it\.$/);
      const { entries } = await gateway.client.call("taskOutput", { id, query: {} });
      assert.deepEqual(
        entries.map(({ kind, text }) => `${kind} ${text}`).filter((line) => !line.startsWith("error Model metadata")),
        ["text I look.", "tool Bash: echo hello; exit 3", "error Exit code 3 … (+1 line)", "text It is done."],
      );
    });

    it("goes on with the conversation of a task before, and counts each by itself", async () => {
      await using api = await agent.startApi((_request, turn) => says(`Answer ${turn + 1}.`));
      await using home = await agent.home(api, gateway.env["HOME"]);
      const first = await untilOver((await queue.add("One.", order(home))).id);
      const { conversationId } = queue.sessionOf(first);
      const { args, env } = order(home);
      const place = { sessionId: first.sessionId ?? "" };
      const again = { prompt: "Two.", args, env, place };
      const { id } = (await gateway.client.call("addTask", { body: again })).task;
      const second = await untilOver(id);
      assert.deepEqual([second.state, second.result], ["DONE", "Answer 2."]);
      assert.deepEqual(
        [tokensOf(first), tokensOf(second)],
        [
          [10, 5],
          [10, 5],
        ],
      );
      const session = queue.sessionOf(second);
      assert.deepEqual([session.id, session.conversationId], [first.sessionId, conversationId]);
      assert.deepEqual([session.usage?.inputTokens, session.usage?.outputTokens], [20, 10]);
    });

    it("fails with the words of an API that refuses", async () => {
      await using api = await agent.startApi(() =>
        refuses(400, { type: "invalid_request_error", message: "It cannot be" }),
      );
      await using home = await agent.home(api, gateway.env["HOME"]);
      const task = await untilOver((await queue.add("Do it.", order(home))).id);
      assert.deepEqual([task.state, task.run?.attempts], ["ERROR", 1]);
      assert.match(task.error ?? "", /It cannot be/);
    });

    it("is tried again later where the API had trouble before anything was done", async () => {
      await using api = await agent.startApi(() => refuses(500, { type: "api_error", message: "Trouble" }));
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { args, env, ...rest } = order(home);
      const hasty = { ...rest, args: [...args, ...agent.hasty.args], env: { ...env, ...agent.hasty.env } };
      const { id } = await queue.add("Do it.", hasty);
      const task = await queue.untilWaitsFor(id, "retry");
      assert.deepEqual([task.state, task.run?.attempts], ["QUEUED", 1]);
      await queue.cancel(id);
    });

    it("ends with all that it started when its task is cancelled", async () => {
      const forever = agent.runs("echo $$ >pid.new; mv pid.new pid; exec sleep 600");
      await using api = await agent.startApi(() => forever);
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { id } = await queue.add("Do it.", order(home));
      const pidFile = join(home.cwd, "pid");
      await until(() => existsSync(pidFile), "the command to run", DONE_WITHIN_MS);
      const command = Number(await readFile(pidFile, "utf8"));
      const agentPid = gateway.model().tasks.get(id)?.run?.pid ?? assert.fail("it has no process");
      assert.equal(await hasEnded(command), false);
      const task = await queue.cancel(id);
      assert.equal(task.state, "CANCELLED");
      assert.deepEqual([await hasEnded(command), await hasEnded(agentPid)], [true, true]);
    });

    it("works on while the gateway is killed, and the next one tells what came of it", async () => {
      const answer = held(says("It is done."));
      await using api = await agent.startApi(answer.script);
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { id } = await queue.add("Do it.", order(home));
      await answer.asked;
      await gateway.crash();
      answer.release();
      await gateway.restart();
      const task = await untilOver(id);
      assert.deepEqual([task.state, task.result, task.run?.attempts], ["DONE", "It is done.", 1]);
      assert.deepEqual([tokensOf(task), api.turns.length], [[10, 5], 1]);
    });

    it("waits at a usage limit for the exact reset, and goes on there, once", async () => {
      let resetsAt = 0;
      await using api = await agent.startApi((_request, turn) => {
        if (turn > 0) return says("It is done.");
        resetsAt = (Math.floor(Date.now() / SECOND_MS) + RESETS_IN_S) * SECOND_MS;
        return agent.limit(resetsAt);
      });
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { id } = await queue.add("Do it.", order(home));
      const blocked = await queue.untilState(id, "BLOCKED");
      const pauses = () => [...gateway.model().pauses.values()].filter((each) => each.accountId === blocked.accountId);
      assert.deepEqual(
        pauses().map(({ kind, until }) => [kind, until]),
        [["five-hour", resetsAt]],
      );
      assert.equal(api.turns.length, 1);
      const task = await untilOver(id);
      assert.deepEqual([task.state, task.result, task.run?.attempts], ["DONE", "It is done.", 2]);
      assert.deepEqual([api.turns.length, queue.sessionOf(task).id], [2, blocked.sessionId]);
      assert.ok(Date.now() >= resetsAt);
      assert.deepEqual(pauses(), []);
    });
  });
}
