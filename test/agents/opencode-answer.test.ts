import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../src/protocol/entities.ts";
import { TallyError } from "../../src/protocol/errors.ts";
import type { AgentRequest, RequestAnswer } from "../../src/protocol/requests.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { held, says, type Script, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackApi } from "../support/loopback-api/loopback-api.ts";
import type { LoopbackApi } from "../support/loopback-api/model-server.ts";
import { type OpencodeHome, opencodeHome, opencodeVersions, submit, untilReady } from "../support/opencode.ts";
import { type SessionView, viewSession } from "../support/session-view.ts";

const makesFile = usesTool("bash", { command: "touch made-by-a-tool", description: "Make a file" });
const asks = usesTool("question", {
  questions: [
    {
      question: "Which colour?",
      header: "Colour",
      options: [
        { label: "Blue", description: "As the sky" },
        { label: "Red", description: "As a rose" },
      ],
      multiple: false,
    },
  ],
});

for (const version of opencodeVersions) {
  describe(`what opencode ${version} asks`, function () {
    this.timeout(120_000);
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await startTestGateway();
    });
    afterEach(() => gateway.dispose());

    it("is allowed from Tally: the dialog goes away and the agent goes on", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      await answer(asked, { choice: "allow" });
      await gateway.untilState(asked.session.id, "IDLE");
      await asked.view.screen.untilShows("It is done");
      assert.doesNotMatch(asked.view.screen.text(), /Permission required/);
      assert.ok(existsSync(join(asked.home.cwd, "made-by-a-tool")));
      assert.equal(asked.api.turns.length, 2);
    });

    it("is denied from Tally: the turn ends there, and nothing is done", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      await answer(asked, { choice: "deny" });
      const { reason } = await gateway.untilState(asked.session.id, "IDLE");
      assert.equal(reason.text, "It stopped, because you refused what it asked for.");
      assert.ok(!existsSync(join(asked.home.cwd, "made-by-a-tool")));
      assert.equal(asked.api.turns.length, 1);
    });

    it("is denied from Tally with a word why, which the agent gets and goes on with", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      await answer(asked, { choice: "deny", message: "Use another name." });
      await asked.view.screen.untilShows("It is done");
      await gateway.untilState(asked.session.id, "IDLE");
      assert.match(asked.api.turns[1]?.toolResults.join() ?? "", /Use another name\./);
      assert.ok(!existsSync(join(asked.home.cwd, "made-by-a-tool")));
    });

    it("is a question, and its answer is chosen in Tally", async () => {
      await using asked = await untilAsked(gateway, asks);
      assert.equal(asked.request.kind, "question");
      await answer(asked, { choice: "answers", answers: [["Red"]] });
      await asked.view.screen.untilShows("It is done");
      await gateway.untilState(asked.session.id, "IDLE");
      assert.match(asked.api.turns[1]?.toolResults.join() ?? "", /Red/);
      assert.equal(asked.api.turns.length, 2);
    });

    it("is answered in the terminal: then Tally's answer comes too late", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      asked.view.type("\r");
      await asked.view.screen.untilShows("It is done");
      const idle = await gateway.untilState(asked.session.id, "IDLE");
      assert.equal(idle.request, null);
      await assert.rejects(answer(asked, { choice: "deny" }), isGone);
      assert.equal(asked.api.turns.length, 2);
    });

    it("is answered in the terminal and from Tally at once: it is done once", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      asked.view.type("\r");
      const result = await answer(asked, { choice: "allow" }).then(
        () => "taken",
        (error: unknown) => (isGone(error) ? "gone" : Promise.reject(error as Error)),
      );
      assert.match(result, /^(taken|gone)$/);
      await asked.view.screen.untilShows("It is done");
      await gateway.untilState(asked.session.id, "IDLE");
      assert.ok(existsSync(join(asked.home.cwd, "made-by-a-tool")));
      assert.equal(asked.api.turns.length, 2);
    });

    it("stays open while nobody answers, also for the next gateway, which can answer it", async () => {
      await using asked = await untilAsked(gateway, makesFile);
      await gateway.crash();
      await gateway.restart();
      const { request } = await gateway.untilState(asked.session.id, "WAITING_USER");
      assert.equal(request?.id, asked.request.id);
      await asked.view.screen.untilShows("Permission required");
      await answer(asked, { choice: "allow" });
      await gateway.untilState(asked.session.id, "IDLE");
      assert.equal(asked.api.turns.length, 2);
    });
  });
}

interface Asked extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly api: LoopbackApi;
  readonly home: OpencodeHome;
  readonly session: Session;
  readonly view: SessionView;
  readonly request: AgentRequest;
}

/** A session whose agent asks for something, with its dialog on the screen. */
async function untilAsked(gateway: TestGateway, asking: ReturnType<typeof usesTool>): Promise<Asked> {
  const first = held(asking);
  const script: Script = (request, turn) => (turn === 0 ? first.script(request, turn) : says("It is done"));
  const api = await startLoopbackApi({ script });
  const home = await opencodeHome(opencodeVersions[0], api.url, gateway.env["HOME"]);
  const session = await gateway.createSession({
    agent: "opencode",
    args: [],
    cwd: home.cwd,
    env: { ...home.env },
    awaitViewerMs: 10_000,
  });
  const view = viewSession(gateway.client, session.id);
  await untilReady(view);
  await submit(view, "go ahead");
  await first.asked;
  first.release();
  const { request } = await gateway.untilState(session.id, "WAITING_USER");
  assert.ok(request);
  await view.screen.untilShows(/Permission required|Which colour/);
  return {
    ...{ gateway, api, home, session, view, request },
    async [Symbol.asyncDispose]() {
      view[Symbol.dispose]();
      // It writes into its home as long as it runs.
      await gateway.client.call("endSession", { id: session.id, body: {} });
      await home[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

async function answer({ gateway, session, request }: Asked, given: RequestAnswer): Promise<void> {
  await gateway.client.call("answerSession", { id: session.id, body: { requestId: request.id, answer: given } });
}

function isGone(error: unknown): boolean {
  return error instanceof TallyError && error.code === "request-gone";
}
