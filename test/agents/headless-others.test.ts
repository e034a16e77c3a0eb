import assert from "node:assert/strict";
import type { Task } from "../../src/protocol/entities.ts";
import { geminiHome } from "../support/gemini.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  charging,
  patientModel,
  refuses,
  says,
  type Script,
  together,
  usesTool,
} from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import type { LoopbackApi } from "../support/loopback-api/model-server.ts";
import { THOUGHT_TOKENS } from "../support/loopback-gemini/content.ts";
import { startLoopbackGemini } from "../support/loopback-gemini/loopback-gemini.ts";
import { opencodeHome } from "../support/opencode.ts";
import { hasEnded } from "../support/run-programs.ts";
import { queueOf } from "../support/tasks.ts";
import { until, untilDefined } from "../support/until.ts";

/** opencode takes its time to start. */
const HAPPENS_WITHIN_MS = 60_000;
const HOUR_S = 3_600;

/** A person's agent in a folder of its own. */
interface Place extends AsyncDisposable {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Agent {
  readonly name: "gemini" | "opencode";
  readonly label: string;
  /** It may do what it wants. */
  readonly args: readonly string[];
  readonly startApi: (script: Script) => Promise<LoopbackApi>;
  readonly home: (api: LoopbackApi, parent: string | undefined) => Promise<Place>;
  readonly runs: (command: string) => ReturnType<typeof usesTool>;
  readonly limit: ReturnType<typeof refuses>;
  /** How many tokens an answer costs besides those of its output. */
  readonly thoughts: number;
}

const agents: readonly Agent[] = [
  {
    name: "gemini",
    label: "Gemini CLI 0.61.0",
    args: ["--approval-mode", "yolo"],
    startApi: (script) => startLoopbackGemini({ script }),
    home: (api, parent) => geminiHome("0.61.0", api.url, parent === undefined ? {} : { parent }),
    runs: (command) => usesTool("run_shell_command", { command }),
    limit: refuses(429, { type: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota." }),
    thoughts: THOUGHT_TOKENS,
  },
  {
    name: "opencode",
    label: "opencode 1.18.33",
    args: ["--auto"],
    startApi: (script) => startLoopbackApi({ script }),
    home: (api, parent) => opencodeHome("1.18.33", api.url, parent),
    runs: (command) => usesTool("bash", { command, description: "Runs it" }),
    limit: refuses(
      429,
      { type: "rate_limit_error", message: "You have reached your usage limit." },
      { "retry-after": String(HOUR_S) },
    ),
    thoughts: 0,
  },
];

for (const agent of agents) {
  describe(`${agent.label} without a terminal`, () => {
    let gateway: TestGateway;
    let queue: ReturnType<typeof queueOf>;
    beforeEach(async () => {
      gateway = await startTestGateway();
      queue = queueOf(gateway);
    });
    afterEach(() => gateway.dispose());

    it("does a task, and tells its result and what it used up", async () => {
      const answers = [
        charging({ input_tokens: 30 }, together(says("I look."), agent.runs("echo hello"))),
        charging({ output_tokens: 25 }, says("It is done.")),
      ];
      await using api = await agent.startApi((_request, turn) => answers[turn] ?? assert.fail());
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { state, result, usage } = await untilTask(await add(home), isOver, "over");
      assert.deepEqual([state, result], ["DONE", "It is done."]);
      assert.deepEqual([usage?.inputTokens, usage?.outputTokens], [40, 30 + 2 * agent.thoughts]);
    });

    it("fails with what its API has answered", async () => {
      const refusal = refuses(400, { type: "invalid_request_error", message: "That is a bad request." });
      await using api = await agent.startApi(() => refusal);
      await using home = await agent.home(api, gateway.env["HOME"]);
      const { state, error } = await untilTask(await add(home), isOver, "over");
      assert.deepEqual([state, error], ["ERROR", "The model's API answered with an error: That is a bad request."]);
    });

    it("waits for a usage limit to reset, and does not hang", async () => {
      await using api = await agent.startApi(() => agent.limit);
      await using home = await agent.home(api, gateway.env["HOME"]);
      await untilTask(await add(home), ({ state }) => state === "BLOCKED", "blocked");
      await until(() => gateway.model().pauses.size === 1, "a pause");
    });

    it("is cancelled with its process", async () => {
      const model = patientModel();
      await using api = await agent.startApi(model.script);
      await using home = await agent.home(api, gateway.env["HOME"]);
      const id = await add(home);
      const turn = await model.nextTurn();
      const { run } = await untilTask(id, (task) => typeof task.run?.pid === "number", "known by its process");
      assert.equal((await queue.cancel(id)).state, "CANCELLED");
      assert.ok(await hasEnded(run?.pid ?? assert.fail()));
      turn.answer(says("Nobody hears this."));
    });

    async function add({ cwd, env }: Place): Promise<string> {
      const order = { agent: agent.name, args: [...agent.args], env: { ...env }, place: { cwd } };
      return (await queue.add("-- do it\nand well", order)).id;
    }

    function untilTask(id: string, isSo: (task: Task) => boolean, what: string): Promise<Task> {
      const task = () => gateway.model().tasks.get(id);
      const found = () => {
        const now = task();
        return now && isSo(now) ? now : undefined;
      };
      return untilDefined(found, `the task to be ${what}`, HAPPENS_WITHIN_MS, () => JSON.stringify(task()));
    }
  });
}

function isOver({ endedAt }: Task): boolean {
  return endedAt !== null;
}
