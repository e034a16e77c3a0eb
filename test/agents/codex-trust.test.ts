import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codexHome, type CodexHome } from "../support/codex.ts";
import {
  type CodexSession,
  codexIsReady,
  inTurn,
  startCodex,
  typePrompt,
  untilRequest,
  untilTurnsEnded,
} from "../support/codex-session.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { says, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";

describe("what a repository brings for Codex 0.169.0", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.dispose());

  it("is not run because Tally's own hooks are: the person is still asked", async () => {
    await using api = await startLoopbackResponses({ script: () => says("Hello.") });
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const trace = join(home.cwd, "it-ran");
    await mkdir(join(home.cwd, ".codex"));
    await writeFile(
      join(home.cwd, ".codex", "hooks.json"),
      JSON.stringify({
        hooks: { UserPromptSubmit: [{ hooks: [{ type: "command", command: `touch '${trace}'`, timeout: 10 }] }] },
      }),
    );
    using session = await startCodex(gateway, home);
    const { id, view } = session;
    await view.screen.untilShows("Hooks need review");
    await view.screen.untilShows("1 hook is new or changed");
    const { reason } = await gateway.untilState(id, "WAITING_USER");
    assert.equal(reason.source, "screen");

    view.type(ESC);
    await view.screen.untilShows(codexIsReady);
    await typePrompt(view, "hello");
    await untilTurnsEnded(gateway, id, 1);
    assert.ok(!existsSync(trace));
  });
});

describe("a permission of Codex 0.169.0 that waits for Tally, because the person wants it so", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.dispose());

  async function startWaiting(home: CodexHome): Promise<CodexSession> {
    const session = await startCodex(gateway, home, { extraEnv: { TALLY_CODEX_ANSWERS: "1" } });
    await session.view.screen.untilShows(codexIsReady);
    await typePrompt(session.view, "make a file");
    return session;
  }

  function api() {
    const asks = { cmd: "touch made-by-codex", sandbox_permissions: "require_escalated", justification: "A test." };
    return startLoopbackResponses({
      script: inTurn(
        () => usesTool("exec_command", asks),
        ({ toolResults }) => says(`It gave: ${toolResults.join()}`),
      ),
    });
  }

  it("is allowed by Tally, and the tool runs", async () => {
    await using loopback = await api();
    await using home = await codexHome("0.169.0", loopback.url, gateway.env["HOME"]);
    using session = await startWaiting(home);
    const { request } = await untilRequest(gateway, session.id);
    assert.equal(request?.isAnswerable, true);
    const body = { requestId: request.id, answer: { choice: "allow" as const } };
    await gateway.client.call("answerSession", { id: session.id, body });
    await untilTurnsEnded(gateway, session.id, 1);
    assert.ok(existsSync(join(home.cwd, "made-by-codex")));
    assert.equal(gateway.model().sessions.get(session.id)?.request, null);
  });

  it("is denied by Tally, and the model reads why", async () => {
    await using loopback = await api();
    await using home = await codexHome("0.169.0", loopback.url, gateway.env["HOME"]);
    using session = await startWaiting(home);
    const { request } = await untilRequest(gateway, session.id);
    const answer = { choice: "deny" as const, message: "Not in this folder." };
    await gateway.client.call("answerSession", { id: session.id, body: { requestId: request?.id ?? "", answer } });
    await session.view.screen.untilShows("Not in this folder.");
    await untilTurnsEnded(gateway, session.id, 1);
    assert.ok(!existsSync(join(home.cwd, "made-by-codex")));
  });
});

const ESC = "\x1b";
