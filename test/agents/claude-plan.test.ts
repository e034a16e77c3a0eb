import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "../../src/protocol/entities.ts";
import { claudeHome, claudeIsReady, claudeVersions, press } from "../support/claude.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { says, type Script, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import { viewSession } from "../support/session-view.ts";
import { until, untilDefined } from "../support/until.ts";

const plan = "# The plan\n\n1. Make a file\n2. Read it";
const dialog = "Would you like to proceed?";

for (const version of claudeVersions) {
  describe(`a plan of Claude Code ${version}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    for (const { answer, key, state, kept } of [
      { answer: "accepts", key: "2", state: "DONE", kept: plan },
      { answer: "rejects", key: "\x1b", state: "CANCELLED", kept: null },
    ] as const) {
      it(`is ${kept === null ? "not " : ""}kept with the prompt it was made for when the person ${answer} it`, async () => {
        const script: Script = async (_request, turn) => {
          if (turn > 0) return turn === 1 ? usesTool("ExitPlanMode", {}) : says("It is done.");
          const path = await untilDefined(() => planPath(env["HOME"] ?? ""), "a place for the plan");
          return usesTool("Write", { file_path: path, content: plan });
        };
        await using api = await startLoopbackApi({ script });
        await using home = await claudeHome(version, api.url, gateway.env["HOME"]);
        const { cwd, env } = home;
        const launch = { agent: "claude", args: ["--permission-mode", "plan"], cwd, env: { ...env } };
        const session = await gateway.createSession({ ...launch, awaitViewerMs: 10_000 });
        using view = viewSession(gateway.client, session.id);
        await view.screen.untilShows(claudeIsReady);
        view.type("plan it\r");
        await view.screen.untilShows(dialog);
        assert.equal((await untilPrompt("WAITING_USER")).plan, null);
        await press(view, key, dialog);
        const prompt = await untilPrompt(state);
        if (kept === null) assert.equal(prompt.plan, null);
        // The transcript tells of it, which may be read after the hook that tells of the end.
        else await until(() => gateway.model().tasks.get(prompt.id)?.plan === kept, "the plan to be kept");
      });
    }

    function untilPrompt(state: Task["state"]): Promise<Task> {
      const prompts = () => [...gateway.model().tasks.values()].filter(({ kind }) => kind === "prompt");
      return untilDefined(
        () => prompts().find((task) => task.state === state),
        `the prompt to be ${state}`,
        20_000,
        () => JSON.stringify(prompts().map((task) => task.state)),
      );
    }
  });
}

/** Where Claude Code wants the plan written: it tells its model, and its transcript. */
function planPath(home: string): string | undefined {
  const projects = join(home, ".claude", "projects");
  const files = readdirSync(projects, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
  const text = files.map((name) => readFileSync(join(projects, name), "utf8")).join("");
  return /"planFilePath":"(?<path>[^"]+)"/.exec(text)?.groups?.["path"];
}
