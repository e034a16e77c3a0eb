import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { GatewayClient } from "../../src/client/http.ts";
import type { Session } from "../../src/protocol/entities.ts";
import { type ClaudeHome, claudeHome, claudeIsReady, claudeVersions } from "../support/claude.ts";
import { clientOf, isRunning, ptyHostPids, testHome, type TestHome } from "../support/gateway.ts";
import { says, type Script } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { isFree, type SampleRepository, sampleRepository, untilAnswers } from "../support/sample-repository.ts";
import { viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";
import { type TallyThere, tallyIn, tracesOf } from "../support/worktrees.ts";

const run = promisify(execFile);
const CLAUDE_WITHIN_MS = 30_000;

type ClaudeState = { projects: Record<string, unknown> };
const allowed = { hasTrustDialogAccepted: true, allowedTools: ["Bash(make:*)"] };

/** Answers by saying what it was asked. */
const echo: Script = ({ lastUserText }) => says(`You said: ${lastUserText.split("\n").at(-1) ?? ""}`);

for (const version of claudeVersions) {
  describe(`worktrees with Claude Code ${version} in them`, () => {
    let place: TestHome;
    let shop: SampleRepository;
    let home: ClaudeHome;
    let api: Awaited<ReturnType<typeof startLoopbackApi>>;
    let tally: TallyThere;
    let client: GatewayClient;
    before(async () => {
      place = await testHome();
      shop = await sampleRepository();
      api = await startLoopbackApi({ script: echo });
      home = await claudeHome(version, api.url, place.env["HOME"]);
      const path = [home.env["PATH"] ?? "", place.env["PATH"] ?? ""].join(delimiter);
      const env = { ...place.env, ...home.env, PATH: path };
      await writeState(home, { projects: { [shop.path]: allowed } });
      tally = tallyIn({ env, cwd: shop.path });
      client = clientOf(env);
    });
    after(async () => {
      client.dispose();
      await place.dispose();
      await api[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    });

    const pathOf = (name: string) => `${shop.path}-${name}`;
    const sessionOf = async (name: string) => {
      const { sessions } = await tally.listed();
      return sessions.find(({ title }) => title === `shop-${name}`) ?? assert.fail(`no session shop-${name}`);
    };
    const untilIdle = (name: string): Promise<Session> =>
      untilDefined(
        async () => {
          const session = await sessionOf(name);
          return session.state === "IDLE" ? session : undefined;
        },
        `the session of ${name} to be IDLE`,
        CLAUDE_WITHIN_MS,
      );
    /** Types a prompt into the session's terminal, and waits until Claude Code has shown the answer. */
    const ask = async (name: string, prompt: string) => {
      using view = viewSession(client, (await sessionOf(name)).id);
      await view.screen.untilShows(claudeIsReady);
      view.type(`${prompt}\r`);
      await view.screen.untilShows(`You said: ${prompt}`);
    };
    /** It shows an answer a moment before it writes down what was asked. */
    const untilPromptsAre = async (session: Session | undefined, ...prompts: readonly string[]) => {
      const said = () => promptsOf(home, session?.conversationId ?? "");
      const last = prompts.at(-1) ?? "";
      await until(async () => (await said()).includes(last), `"${last}" to be written down`);
      assert.deepEqual(await said(), prompts);
    };

    it("are trusted there as in the main checkout, and are told the first prompt", async () => {
      await tally("add", "feature-payment", "--agent", "claude", "--prompt", "take cards", "--trust");
      const { id, cwd } = await untilIdle("feature-payment");
      assert.equal(cwd, pathOf("feature-payment"));
      await until(
        async () => (await tally("logs", id)).includes("You said: take cards"),
        "the answer",
        CLAUDE_WITHIN_MS,
      );
      assert.equal((await untilAnswers(shop.bases.backend)).cwd, join(cwd, "backend"));
    });

    it("may do what the main checkout allows", async () => {
      const { projects } = await readState(home);
      const { hasTrustDialogAccepted, allowedTools } = projects[pathOf("feature-payment")] as typeof allowed;
      assert.deepEqual({ hasTrustDialogAccepted, allowedTools }, allowed);
    });

    it("go on with their conversations when all was killed, also the one that nothing was said in yet", async () => {
      await tally("add", "feature-basket", "--agent", "claude");
      const before = [await untilIdle("feature-payment"), await untilIdle("feature-basket")];
      await tally("gateway", "stop");
      await killAll(place, before);
      const { backend, frontend } = shop.bases;
      for (const port of [backend, backend + 1, frontend, frontend + 1]) {
        await until(() => isFree(port), `port ${port} to be free`);
      }

      await tally("resume");
      const after = [await untilIdle("feature-payment"), await untilIdle("feature-basket")];
      assert.deepEqual(
        after.map(({ id }) => id),
        before.map(({ id }) => id),
      );
      const [payment] = after;
      assert.equal(payment?.conversationId, before[0]?.conversationId);
      assert.match(await commandLine(payment?.pid ?? null), new RegExp(`--resume ${payment?.conversationId ?? ""}`));
      assert.equal((await untilAnswers(backend)).cwd, join(pathOf("feature-payment"), "backend"));
      assert.equal((await untilAnswers(backend + 1)).cwd, join(pathOf("feature-basket"), "backend"));

      await ask("feature-payment", "and vouchers");
      await ask("feature-basket", "hello");
      await untilPromptsAre(payment, "take cards", "and vouchers");
    });

    it("are resumed as often as one likes, and no agent is started twice", async () => {
      const before = [await untilIdle("feature-payment"), await untilIdle("feature-basket")];
      await tally("resume");
      const after = [await sessionOf("feature-payment"), await sessionOf("feature-basket")];
      assert.deepEqual(
        after.map(({ pid }) => pid),
        before.map(({ pid }) => pid),
      );
    });

    it("are removed without a trace, in Claude Code's own state too", async () => {
      await tally("remove", "feature-payment");
      await tally("remove", "feature-basket");
      assert.deepEqual(await tracesOf(shop), []);
      const { projects } = await readState(home);
      assert.deepEqual(
        Object.keys(projects).filter((path) => path.startsWith(`${shop.path}-`)),
        [],
      );
      const { hasTrustDialogAccepted, allowedTools } = projects[shop.path] as typeof allowed;
      assert.deepEqual({ hasTrustDialogAccepted, allowedTools }, allowed);
    });

    it("come back with the conversation", async () => {
      await tally("restore", "feature-payment");
      await tally("resume", "feature-payment");
      const session = await untilIdle("feature-payment");
      await ask("feature-payment", "where were we");
      await untilPromptsAre(session, "take cards", "and vouchers", "where were we");
    });
  });
}

const statePath = (home: ClaudeHome) => join(home.env["HOME"] ?? "", ".claude.json");

async function readState(home: ClaudeHome): Promise<ClaudeState> {
  return JSON.parse(await readFile(statePath(home), "utf8")) as ClaudeState;
}

async function writeState(home: ClaudeHome, { projects }: ClaudeState): Promise<void> {
  const state = await readState(home);
  await writeFile(statePath(home), JSON.stringify({ ...state, projects: { ...state.projects, ...projects } }));
}

/** Kills the pty hosts and the agents, as a crash of the machine would. */
async function killAll({ home }: TestHome, sessions: readonly Session[]): Promise<void> {
  for (const pid of [...(await ptyHostPids(home)), ...sessions.flatMap(({ pid }) => pid ?? [])]) {
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
  }
}

async function commandLine(pid: number | null): Promise<string> {
  const { stdout } = await run("ps", ["-o", "args=", "-p", String(pid ?? 0)]);
  return stdout;
}

/** What a person said in a conversation, from Claude Code's own transcript. */
async function promptsOf(home: ClaudeHome, conversationId: string): Promise<string[]> {
  const projects = join(home.env["HOME"] ?? "", ".claude", "projects");
  const files = await readdir(projects, { recursive: true });
  const file = files.find((name) => name.endsWith(`${conversationId}.jsonl`));
  assert.ok(file, `there is no transcript of ${conversationId} among ${files.join(", ")}`);
  const lines = (await readFile(join(projects, file), "utf8")).split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    const { type, promptSource, message } = JSON.parse(line) as {
      type: string;
      promptSource?: string;
      message?: { content: unknown };
    };
    return type === "user" && promptSource !== undefined ? [String(message?.content)] : [];
  });
}
