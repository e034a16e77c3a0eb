import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../../src/protocol/errors.ts";
import type { AgentRequest, RequestAnswer } from "../../src/protocol/requests.ts";
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
import { type Message, type OpenTurn, patientModel, says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import type { LoopbackApi } from "../support/loopback-api/model-server.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";
import { untilDefined } from "../support/until.ts";

/** How a person answers at the terminal. */
interface Dialog {
  readonly words: string;
  readonly key: string;
}

interface Case {
  readonly asks: "permission" | "question";
  readonly tool: Message;
  readonly dialog: Dialog;
  readonly answer: RequestAnswer;
  /** In what the model gets back from the tool. */
  readonly result: RegExp;
}

const cases: readonly Case[] = [
  {
    asks: "permission",
    tool: usesTool("Bash", { command: "echo once >> made && cat made", description: "Make a file" }),
    dialog: { words: "Do you want to proceed?", key: "\r" },
    answer: { choice: "allow" },
    result: /^once$/,
  },
  {
    asks: "question",
    tool: usesTool("AskUserQuestion", {
      questions: [
        {
          question: "Which colour?",
          header: "Colour",
          multiSelect: false,
          options: [
            { label: "Red", description: "like a rose" },
            { label: "Blue", description: "like the sea" },
          ],
        },
      ],
    }),
    dialog: { words: "Enter to select", key: "2" },
    answer: { choice: "answers", answers: [["Blue"]] },
    result: /"Which colour\?"="Blue"/,
  },
];

/** A session whose agent asks, and what the person and the model have of it. */
interface Asking {
  readonly id: string;
  readonly request: AgentRequest;
  readonly view: SessionView;
  nextTurn(): Promise<OpenTurn>;
}

for (const version of claudeVersions) {
  describe(`A request of Claude Code ${version}`, () => {
    let gateway: TestGateway;
    let api: LoopbackApi;
    let home: ClaudeHome;
    let model: ReturnType<typeof patientModel>;
    let view: SessionView | undefined;
    beforeEach(async () => {
      gateway = await startTestGateway();
      model = patientModel();
      api = await startLoopbackApi({ script: model.script });
      home = await claudeHome(version, api.url, gateway.env["HOME"]);
    });
    afterEach(async () => {
      view?.[Symbol.dispose]();
      await gateway.dispose();
      await home[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    });

    async function asking(tool: Message, env: Record<string, string> = {}): Promise<Asking> {
      const { id } = await start(gateway, home, version, env);
      view = viewSession(gateway.client, id);
      await view.screen.untilShows(claudeIsReady);
      await gateway.untilState(id, "IDLE");
      view.type("go\r");
      (await model.nextTurn()).answer(tool);
      const request = await untilDefined(() => {
        const session = gateway.model().sessions.get(id);
        return session?.request?.isAnswerable ? session.request : undefined;
      }, "the session to ask");
      return { id, request, view, nextTurn: () => model.nextTurn() };
    }

    function answer({ id, request }: Asking, given: RequestAnswer): Promise<unknown> {
      return gateway.client.call("answerSession", { id, body: { requestId: request.id, answer: given } });
    }

    /** The tool has run as it should, once, and the turn ends. */
    async function assertGoesOn(asked: Asking, result: RegExp): Promise<void> {
      const turn = await asked.nextTurn();
      assert.equal(turn.request.toolResults.length, 1);
      assert.match(turn.request.toolResults[0] ?? "", result);
      turn.answer(says("So be it."));
      await asked.view.screen.untilShows("So be it.");
      const ended = await gateway.untilState(asked.id, "IDLE");
      assert.equal(ended.request, null);
      assert.equal(api.turns.length, 2);
      const states = gateway.history(asked.id).map(({ state }) => state);
      assert.deepEqual(states.slice(-4), ["RUNNING", "WAITING_USER", "RUNNING", "IDLE"]);
    }

    for (const { asks, tool, dialog, answer: given, result } of cases) {
      it(`for a ${asks} is answered from Tally: the dialog goes`, async () => {
        const asked = await asking(tool);
        await asked.view.screen.untilShows(dialog.words);
        await answer(asked, given);
        await assertGoesOn(asked, result);
        assert.ok(!asked.view.screen.text().includes(dialog.words));
      });

      it(`for a ${asks} is answered in the terminal: Tally cannot answer any more`, async () => {
        const asked = await asking(tool);
        await press(asked.view, dialog.key, dialog.words);
        await assertGoesOn(asked, result);
        await assert.rejects(answer(asked, given), isGone);
      });

      it(`for a ${asks} outlives a crash of the gateway: the next one can answer it`, async () => {
        const asked = await asking(tool);
        await asked.view.screen.untilShows(dialog.words);
        await gateway.crash();
        await gateway.restart();
        await answer(asked, given);
        await assertGoesOn(asked, result);
      });

      it(`for a ${asks} is answered in both places at once: one of them wins`, async () => {
        const asked = await asking(tool);
        await asked.view.screen.untilShows(dialog.words);
        const answered = answer(asked, given).catch((error: unknown) => assert.ok(isGone(error)));
        asked.view.type(dialog.key);
        await answered;
        await assertGoesOn(asked, result);
      });

      it(`for a ${asks} is answered by nobody until the hook gives up: the terminal still can`, async () => {
        const asked = await asking(tool, { TALLY_ANSWER_TIMEOUT_S: "5" });
        await untilDefined(
          () => gateway.model().sessions.get(asked.id)?.request?.isAnswerable !== true || undefined,
          "the hook to give up",
        );
        await assert.rejects(answer(asked, given), isGone);
        assert.equal((await gateway.untilState(asked.id, "WAITING_USER", "RUNNING", "IDLE")).state, "WAITING_USER");
        await press(asked.view, dialog.key, dialog.words);
        await assertGoesOn(asked, result);
      });
    }

    it("for a permission is denied from Tally: the model hears why, and nothing is done", async () => {
      const [permission] = cases;
      const asked = await asking(permission!.tool);
      await asked.view.screen.untilShows(permission!.dialog.words);
      await answer(asked, { choice: "deny", message: "Make it elsewhere." });
      await assertGoesOn(asked, /Make it elsewhere\./);
      await assert.rejects(readFile(join(home.cwd, "made")), { code: "ENOENT" });
    });

    it("for a permission is broken off with Esc: the session is idle, and Tally cannot answer any more", async () => {
      const [permission] = cases;
      const asked = await asking(permission!.tool);
      await press(asked.view, "\x1b", permission!.dialog.words);
      assert.equal((await gateway.untilState(asked.id, "IDLE")).request, null);
      await assert.rejects(answer(asked, permission!.answer), isGone);
    });
  });
}

function start(gateway: TestGateway, { cwd, env }: ClaudeHome, version: ClaudeVersion, more: Record<string, string>) {
  const request = { agent: "claude", args: asksFirst(version), cwd, env: { ...env, ...more }, awaitViewerMs: 10_000 };
  return gateway.createSession(request);
}

function isGone(error: unknown): boolean {
  return error instanceof TallyError && error.code === "request-gone";
}
