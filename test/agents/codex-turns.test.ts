import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { codexHome, fiveHourLimit } from "../support/codex.ts";
import { codexIsReady, promptTasks, startCodex, typePrompt, untilTurnsEnded } from "../support/codex-session.ts";
import { startTestGateway, type TestGateway } from "../support/gateway.ts";
import { type Answer, held, refuses, says, type Script, usesTool } from "../support/loopback-api/answers.ts";
import { startLoopbackResponses } from "../support/loopback-responses/loopback-responses.ts";
import { until, untilDefined } from "../support/until.ts";

interface End {
  readonly what: string;
  readonly answer: Answer;
  readonly state: "ERROR" | "PAUSED";
  readonly task: string;
  readonly text: RegExp;
  /** What the screen shows once Codex has seen the Escape key. */
  readonly afterEscape: RegExp;
}

const ends: readonly End[] = [
  {
    what: "an error",
    answer: refuses(400, { type: "invalid_request_error", message: "It cannot be" }),
    state: "ERROR",
    task: "ERROR",
    text: /It cannot be/,
    afterEscape: /esc again to edit/,
  },
  {
    what: "a usage limit",
    answer: fiveHourLimit(4e12),
    state: "PAUSED",
    task: "BLOCKED",
    text: /You’ve hit your usage limit/,
    afterEscape: codexIsReady,
  },
];

describe("a turn of Codex 0.169.0", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => gateway.dispose());

  for (const { what, answer, state, task, text, afterEscape } of ends) {
    it(`that ends in ${what} leaves the session ${state}, also when a key is pressed afterwards`, async () => {
      await using api = await startLoopbackResponses({ script: () => answer });
      await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
      using session = await startCodex(gateway, home);
      const { id, view } = session;
      await view.screen.untilShows(codexIsReady);

      await typePrompt(view, "go");
      const { reason } = await gateway.untilState(id, state);
      assert.equal(reason.source, "transcript");
      assert.match(reason.text, text);
      await view.screen.untilShows(/^■ /m);
      assert.deepEqual(promptTasks(gateway, id), [["go", task]]);
      // It writes what went wrong before it ends the turn, in which Escape would break it off.
      await until(() => !view.screen.text().includes("esc to interrupt"), "the turn to be over on the screen");

      view.type("\x1b");
      await view.screen.untilShows(afterEscape);
      // What the pty host told of that key has reached the gateway before this answer of the host has.
      await gateway.client.call("sessionOutput", { id, query: { format: "text" } });
      assert.equal((await gateway.client.call("getSession", { id })).session.state, state);
    });
  }

  it("that ends in a usage limit pauses the account until the limit resets, to the second", async () => {
    const limit = ends.find(({ state }) => state === "PAUSED") ?? assert.fail();
    await using api = await startLoopbackResponses({ script: () => limit.answer });
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    using session = await startCodex(gateway, home);
    const { id, view } = session;
    await view.screen.untilShows(codexIsReady);
    await typePrompt(view, "go");
    const pause = await untilDefined(() => [...gateway.model().pauses.values()][0], "a pause");
    assert.deepEqual([pause.kind, pause.until, pause.sessionId, pause.isInForce], ["five-hour", 4e12, id, true]);
    await view.screen.untilShows("Switch to");
    assert.equal((await gateway.client.call("getSession", { id })).session.state, "PAUSED");
  });

  it("is not the end of work while a sub-agent goes on", async () => {
    const subagent = held(says("The sub-agent is done."));
    const script: Script = (request, turn) => {
      if (request.lastUserText.includes("count the files")) return subagent.script(request, turn);
      return request.toolResults.length > 0
        ? says("It has begun.")
        : usesTool("multi_agent_v1/spawn_agent", { message: "count the files", agent_type: "default" });
    };
    await using api = await startLoopbackResponses({ script });
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    using session = await startCodex(gateway, home);
    const { id, view } = session;
    await view.screen.untilShows(codexIsReady);

    await typePrompt(view, "delegate");
    await subagent.asked;
    await view.screen.untilShows(/It has begun\.\s+Worked for/);
    const { reason } = await untilDefined(() => {
      const current = gateway.model().sessions.get(id);
      return current?.reason.text.includes("in the background") ? current : undefined;
    }, "the session to work in the background");
    assert.match(reason.text, /sub-agent .+: count the files/);
    assert.equal(gateway.model().sessions.get(id)?.state, "RUNNING");

    subagent.release();
    await gateway.untilState(id, "IDLE");
    assert.deepEqual(promptTasks(gateway, id), [["delegate", "DONE"]]);
  });

  it("is known in a headless run, too", async () => {
    const turn = held(says("Hello, pipe."));
    await using api = await startLoopbackResponses({ script: turn.script });
    await using home = await codexHome("0.169.0", api.url, gateway.env["HOME"]);
    const { cwd, env } = home;
    const { session, launch } = await gateway.client.call("createSession", {
      body: {
        agent: "codex",
        args: ["exec", "--skip-git-repo-check", "say hello"],
        cwd,
        env: { ...env },
        mode: "pipes",
      },
    });
    const { id } = session;
    assert.ok(launch);
    const child = spawn(launch.file, launch.args, { cwd, env: { ...env, ...launch.env }, stdio: "ignore" });
    const exit = once(child, "exit");
    await gateway.client.call("sessionStarted", { id, body: { pid: child.pid ?? 0 } });
    const { reason } = await gateway.untilState(id, "RUNNING");
    assert.ok(["hook", "transcript"].includes(reason.source), reason.source);

    turn.release();
    const [exitCode] = (await exit) as [number];
    await gateway.client.call("sessionExited", { id, body: { exitCode, signal: null } });
    assert.equal((await gateway.untilState(id, "DONE")).exitCode, 0);
    await untilTurnsEnded(gateway, id, 1);
    assert.deepEqual(promptTasks(gateway, id), [["say hello", "DONE"]]);
    const usage = await untilDefined(() => gateway.model().sessions.get(id)?.usage ?? undefined, "its tokens");
    assert.equal(usage.outputTokens, 5);
  });
});
