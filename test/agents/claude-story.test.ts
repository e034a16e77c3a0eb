import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Session, Task, Usage } from "../../src/protocol/entities.ts";
import {
  asksFirst,
  type ClaudeHome,
  claudeHome,
  claudeIsReady,
  type ClaudeVersion,
  claudeVersions,
  press,
} from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import {
  charging,
  held,
  type Message,
  patientModel,
  says,
  together,
  usesTool,
} from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";

const colour = {
  question: "Which colour?",
  header: "Colour",
  multiSelect: false,
  options: [
    { label: "Red", description: "like a rose" },
    { label: "Blue", description: "like the sea" },
  ],
};

/** Ctrl+U. */
const CLEAR_LINE = "\x15";

/** Costs more than others, and in every kind of token. */
function dear(answer: Message): Message {
  return charging(
    { input_tokens: 100, output_tokens: 30, cache_creation_input_tokens: 50, cache_read_input_tokens: 1_000 },
    answer,
  );
}

/** Those of the first tier: which of them is first is chance, for they come within milliseconds of each other. */
const reports: ReadonlySet<string> = new Set(["hook", "state-file", "program-status", "transcript"]);

for (const version of claudeVersions) {
  describe(`The whole story of a Claude Code ${version}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("is told state by state, with its prompts and what they cost, and the person's own configuration goes on as it was", async () => {
      const model = patientModel();
      await using api = await startLoopbackApi({ script: model.script });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const own = await ownConfiguration(home);
      const { id } = await startClaude(gateway, home, version);
      const state = (...states: Session["state"][]) => gateway.untilState(id, ...states);
      using view = viewSession(gateway.client, id);
      await view.screen.untilShows(claudeIsReady);
      await state("IDLE");

      view.type("say hello\r");
      const hello = await model.nextTurn();
      await state("RUNNING");
      hello.answer(dear(says("Hello from loopback")));
      await view.screen.untilShows("Hello from loopback");
      await state("IDLE");

      view.type("make a file\r");
      const tool = usesTool("Bash", { command: "touch made", description: "Make a file" });
      const [, makes] = [await state("RUNNING"), await model.nextTurn()];
      makes.answer(dear(together(says("I will make it."), tool)));
      const permission = await requested(gateway, id);
      assert.deepEqual(
        [permission.kind, permission.title, permission.isAnswerable],
        ["permission", "Bash: touch made", true],
      );
      await press(view, "\r", "Do you want to proceed?");
      const made = await model.nextTurn();
      await state("RUNNING");
      assert.equal((await gateway.client.call("getSession", { id })).session.request, null);
      made.answer(says("It is made."));
      await view.screen.untilShows("It is made.");
      await state("IDLE");

      view.type("ask me\r");
      const [, asks] = [await state("RUNNING"), await model.nextTurn()];
      asks.answer(usesTool("AskUserQuestion", { questions: [colour] }));
      const question = await requested(gateway, id);
      assert.deepEqual([question.kind, question.title], ["question", "Which colour?"]);
      await press(view, "2", "Enter to select");
      const answered = await model.nextTurn();
      await state("RUNNING");
      assert.match(answered.request.toolResults[0] ?? "", /"Which colour\?"="Blue"/);
      answered.answer(says("Blue it is."));
      await view.screen.untilShows("Blue it is.");
      await state("IDLE");
      // What was pressed once more than the dialog needed stands in the composer.
      view.type(CLEAR_LINE);
      await view.screen.untilShows(claudeIsReady);

      view.type("take your time\r");
      const [, begun] = [await state("RUNNING"), await model.nextTurn()];
      begun.answer(usesTool("Bash", { command: "echo begun", description: "Say so" }));
      await model.nextTurn();
      view.type("\x1b");
      await state("IDLE");

      view.type("once more\r");
      const [, last] = [await state("RUNNING"), await model.nextTurn()];
      last.answer(
        says(
          "You've hit your 5-hour limit · resets 3am (UTC). Do you want to proceed? The PermissionRequest hook says so.",
        ),
      );
      await view.screen.untilShows("PermissionRequest");
      await state("IDLE");

      const prompts = await promptTasks(gateway, id, 5);
      assert.deepEqual(
        prompts.map(({ title, state: outcome }) => [title, outcome]),
        [
          ["say hello", "DONE"],
          ["make a file", "DONE"],
          ["ask me", "DONE"],
          ["take your time", "CANCELLED"],
          ["once more", "DONE"],
        ],
      );
      const { prompts: written } = await readTranscript(gateway, home, id);
      assert.equal((await gateway.client.call("getSession", { id })).session.promptCount, written.length);
      const { costUsd: _cost, ...tokens } = await untilUsageIsAsWritten(gateway, home, id, 5 * 10 + 2 * 100);
      assert.deepEqual(tokens, { inputTokens: 250, outputTokens: 85, cacheReadTokens: 2_000, cacheWriteTokens: 100 });
      assert.deepEqual(tokensOf(prompts[1]), {
        inputTokens: 110,
        outputTokens: 35,
        cacheReadTokens: 1_000,
        cacheWriteTokens: 50,
      });

      const told = gateway.history(id);
      assert.deepEqual(
        told.map((step) => step.state),
        [
          "STARTING",
          ...["IDLE", "RUNNING"],
          ...["IDLE", "RUNNING", "WAITING_USER", "RUNNING"],
          ...["IDLE", "RUNNING", "WAITING_USER", "RUNNING"],
          ...["IDLE", "RUNNING"],
          ...["IDLE", "RUNNING", "IDLE"],
        ],
      );
      for (const { state: was, source } of told.slice(1)) assert.ok(reports.has(source), `${was} from ${source}`);

      view.type("/exit\r");
      assert.equal((await view.exited).exitCode, 0);
      await state("DONE");
      assert.equal(gateway.history(id).at(-1)?.source, "process");
      await own.assertAsItWas();
    });

    it("a sub-agent in the background keeps it running, asks in its own name, and is nobody's prompt", async () => {
      const subAgent = held(usesTool("Bash", { command: "touch from-below", description: "Make a file" }));
      const task = {
        description: "sub job",
        prompt: "zz-below",
        subagent_type: "general-purpose",
        run_in_background: true,
      };
      await using api = await startLoopbackApi({
        script: (request, turn) => {
          const { lastUserText: said, toolResults: results } = request;
          if (results.some((result) => result.includes("agent launched"))) return says("It is delegated.");
          if (results.length > 0) return says("Made below.");
          if (said.endsWith("zz-below")) return subAgent.script(request, turn);
          return said.endsWith("zz-delegate") ? usesTool("Agent", task) : says("All is done.");
        },
      });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const { id } = await startClaude(gateway, home, version);
      using view = viewSession(gateway.client, id);
      await view.screen.untilShows(claudeIsReady);
      await gateway.untilState(id, "IDLE");

      view.type("zz-delegate\r");
      await view.screen.untilShows("It is delegated.");
      await subAgent.asked;
      subAgent.release();
      const request = await requested(gateway, id);
      assert.equal(request.title, "Bash: touch from-below (sub-agent general-purpose)");
      await gateway.client.call("answerSession", { id, body: { requestId: request.id, answer: { choice: "allow" } } });
      await view.screen.untilShows("All is done.");
      await gateway.untilState(id, "IDLE");

      const states = gateway.history(id).map((step) => step.state);
      assert.deepEqual(states, ["STARTING", "IDLE", "RUNNING", "WAITING_USER", "RUNNING", "IDLE"]);
      const prompts = await promptTasks(gateway, id, 1);
      assert.deepEqual([prompts[0]?.title, prompts[0]?.state], ["zz-delegate", "DONE"]);
      assert.equal(gateway.model().sessions.get(id)?.promptCount, 1);
    });

    it("goes on while no gateway runs, and the next one knows how", async () => {
      const model = patientModel();
      await using api = await startLoopbackApi({ script: model.script });
      await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
      const { id } = await startClaude(gateway, home, version, ["--allowedTools", "Bash"]);
      using view = viewSession(gateway.client, id);
      await view.screen.untilShows(claudeIsReady);
      view.type("make a file\r");
      const makes = await model.nextTurn();
      await gateway.untilState(id, "RUNNING");
      await gateway.crash();
      makes.answer(usesTool("Bash", { command: "touch made", description: "Make a file" }));
      const made = await model.nextTurn();
      assert.equal(made.request.toolResults.length, 1);
      made.answer(says("It is made."));

      await gateway.restart();
      await gateway.untilState(id, "IDLE");
      const [prompt] = await promptTasks(gateway, id, 1);
      assert.deepEqual([prompt?.title, prompt?.state], ["make a file", "DONE"]);
      await until(async () => {
        const { data } = await gateway.client.call("sessionOutput", { id, query: { format: "text" } });
        return data.includes("It is made.");
      }, "the answer to be on the screen");
      assert.equal(api.turns.length, 2);
    });
  });
}

function startClaude(
  gateway: TestGateway,
  { cwd, env }: ClaudeHome,
  version: ClaudeVersion,
  args: readonly string[] = [],
) {
  const request = {
    agent: "claude",
    args: [...asksFirst(version), ...args],
    cwd,
    env: { ...env },
    awaitViewerMs: 10_000,
  };
  return gateway.createSession(request);
}

/** Settings, a status line and hooks as a person may have them. */
async function ownConfiguration({ env, cwd }: ClaudeHome) {
  const home = env["HOME"] ?? "";
  const stop = (where: string) => ({
    hooks: [{ type: "command", command: `cat >/dev/null; echo ${where} >> "$HOME/own-stops"` }],
  });
  const files = {
    [join(home, ".claude", "settings.json")]: {
      hooks: { Stop: [stop("user")] },
      statusLine: {
        type: "command",
        command: 'cat > "$HOME/own-status.new"; mv "$HOME/own-status.new" "$HOME/own-status"; echo MY STATUS',
        padding: 1,
      },
    },
    [join(cwd, ".claude", "settings.json")]: { hooks: { Stop: [stop("project")] } },
  };
  for (const [path, settings] of Object.entries(files)) {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, JSON.stringify(settings, null, 3));
  }
  return {
    async assertAsItWas() {
      for (const [path, settings] of Object.entries(files)) {
        assert.equal(await readFile(path, "utf8"), JSON.stringify(settings, null, 3));
      }
      const stops = (await readFile(join(home, "own-stops"), "utf8")).trim().split("\n").sort();
      assert.deepEqual(stops, [...Array<string>(4).fill("project"), ...Array<string>(4).fill("user")]);
    },
  };
}

async function ownStatusLineCost({ env }: ClaudeHome): Promise<number> {
  const status = JSON.parse(await readFile(join(env["HOME"] ?? "", "own-status"), "utf8")) as {
    cost: { total_cost_usd: number };
  };
  return status.cost.total_cost_usd;
}

function requested(gateway: TestGateway, id: string): Promise<NonNullable<Session["request"]>> {
  return untilDefined(() => {
    const session = gateway.model().sessions.get(id);
    return session?.state === "WAITING_USER" ? (session.request ?? undefined) : undefined;
  }, "the session to ask");
}

/** Its prompts, oldest first, once there are as many and none is open. */
function promptTasks(gateway: TestGateway, id: string, count: number): Promise<Task[]> {
  return untilDefined(async () => {
    const { tasks } = await gateway.client.call("getSession", { id });
    const prompts = tasks.filter(({ kind }) => kind === "prompt").sort((one, other) => one.createdAt - other.createdAt);
    return prompts.length === count && prompts.every(({ endedAt }) => endedAt !== null) ? prompts : undefined;
  }, `${count} prompts to be over`);
}

/** The last line of the transcript and the last status line come after the turn. */
function untilUsageIsAsWritten(
  gateway: TestGateway,
  home: ClaudeHome,
  id: string,
  lastInputTokens: number,
): Promise<Usage> {
  let shown = "";
  return untilDefined(
    async () => {
      const { session } = await gateway.client.call("getSession", { id });
      const { tokens } = await readTranscript(gateway, home, id);
      const written: Usage = { ...tokens, costUsd: await ownStatusLineCost(home) };
      shown = JSON.stringify({ shown: session.usage, written });
      return written.inputTokens === lastInputTokens && isDeepStrictEqual(session.usage, written) ? written : undefined;
    },
    "the session's usage to be what transcript and status line say",
    5_000,
    () => shown,
  );
}

function tokensOf(task: Task | undefined) {
  const { costUsd: _cost, ...tokens } = task?.usage ?? { costUsd: null };
  return tokens;
}

/** The transcript, read without any of our code. */
async function readTranscript(gateway: TestGateway, { cwd, env }: ClaudeHome, id: string) {
  const { conversationId } = (await gateway.client.call("getSession", { id })).session;
  const file = join(
    env["HOME"] ?? "",
    ".claude",
    "projects",
    cwd.replaceAll(/[^a-zA-Z0-9]/g, "-"),
    `${conversationId ?? ""}.jsonl`,
  );
  interface Line {
    readonly type: string;
    readonly promptSource?: string;
    readonly message: { readonly id: string; readonly usage: Record<string, number> };
  }
  const lines = (await readFile(file, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  const messages = new Map(
    lines.filter(({ type }) => type === "assistant").map(({ message }) => [message.id, message.usage]),
  );
  const sum = (kind: string) => [...messages.values()].reduce((total, usage) => total + (usage[kind] ?? 0), 0);
  return {
    prompts: lines.filter(({ promptSource }) => promptSource === "typed"),
    tokens: {
      inputTokens: sum("input_tokens"),
      outputTokens: sum("output_tokens"),
      cacheReadTokens: sum("cache_read_input_tokens"),
      cacheWriteTokens: sum("cache_creation_input_tokens"),
    },
  };
}
