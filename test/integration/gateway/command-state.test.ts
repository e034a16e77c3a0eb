import assert from "node:assert/strict";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { viewSession } from "../../support/session-view.ts";
import { until } from "../../support/until.ts";

describe("the state of a command's session", () => {
  let gateway: TestGateway;
  before(async () => (gateway = await startTestGateway()));
  after(() => gateway.dispose());

  const statesOf = (id: string) => gateway.history(id).map(({ state }) => state);
  const stepsOf = (id: string) => gateway.history(id).map(({ state, source }) => `${state} by ${source}`);
  const reasonOf = (id: string) => gateway.model().sessions.get(id)?.reason;

  for (const shell of ["bash", "sh"]) {
    it(`is IDLE at the prompt of ${shell}, RUNNING while a command runs, and in the end what the exit code says`, async () => {
      const { id } = await gateway.createSession({ args: [shell], env: { ...gateway.env, PS1: "$ " } });
      using view = viewSession(gateway.client, id);
      await gateway.untilState(id, "IDLE");
      assert.equal(reasonOf(id)?.text, "The shell waits for a command.");
      view.type("sleep 60\r");
      await gateway.untilState(id, "RUNNING");
      assert.equal(reasonOf(id)?.text, "The shell runs a command.");
      view.type("\x03");
      await gateway.untilState(id, "IDLE");
      view.type("exit 3\r");
      await gateway.untilState(id, "ERROR");
      assert.deepEqual(stepsOf(id).slice(-4), [
        "IDLE by shell-prompt",
        "RUNNING by shell-prompt",
        "IDLE by shell-prompt",
        "ERROR by process",
      ]);
    });
  }

  it("is not IDLE while a program has the whole screen, however quiet it is", async () => {
    const { id } = await gateway.createSession({ args: ["bash"], env: { ...gateway.env, PS1: "$ " } });
    using view = viewSession(gateway.client, id);
    await gateway.untilState(id, "IDLE");
    view.type(`sh -c 'printf "\\033[?1049hfull screen"; read -r line'\r`);
    await gateway.untilState(id, "RUNNING");
    await view.screen.untilShows(/^full screen/m);
    view.type("q\r");
    await gateway.untilState(id, "IDLE");
    assert.deepEqual(stepsOf(id).slice(-3), [
      "IDLE by shell-prompt",
      "RUNNING by shell-prompt",
      "IDLE by shell-prompt",
    ]);
    view.type("exit\r");
    await gateway.untilState(id, "DONE");
  });

  for (const [exitCode, state] of [
    [0, "DONE"],
    [3, "ERROR"],
  ] as const) {
    it(`is RUNNING until a script exits with ${exitCode}, then ${state}`, async () => {
      const { id } = await gateway.createSession({ args: ["sh", "-c", `read -r line; exit ${exitCode}`] });
      await gateway.untilState(id, "RUNNING");
      using view = viewSession(gateway.client, id);
      view.type("\r");
      await gateway.untilState(id, state);
      assert.deepEqual(stepsOf(id).slice(-2), ["RUNNING by process", `${state} by process`]);
    });
  }

  it("is RUNNING by its progress, whose error and end change nothing", async () => {
    const steps = ["4;1;40", "4;2;40", "4;0"].map(
      (progress) => `printf '\\033]9;${progress}\\007shown ${progress}'; read -r line`,
    );
    const { id } = await gateway.createSession({ args: ["sh", "-c", steps.join("; ")] });
    using view = viewSession(gateway.client, id);
    await until(() => reasonOf(id)?.source === "progress", "the progress to be the reason");
    for (const progress of ["4;1;40", "4;2;40", "4;0"]) {
      await view.screen.untilShows(`shown ${progress}`);
      view.type("\r");
    }
    await gateway.untilState(id, "DONE");
    assert.deepEqual(statesOf(id), ["STARTING", "RUNNING", "DONE"]);
  });

  it("is not changed by a build that talks of limits, permissions and prompts, with titles and notifications of its own", async () => {
    const talk = [
      "You've hit your usage limit. Resets at 3:14 AM.",
      "Do you want to proceed? 1. Yes 2. No",
      "Permission required: waiting for approval",
      "\\033]0;Action Required\\007\\033]9;Permission required\\007\\033]777;notify;Limit;Usage limit reached\\007\\007",
      "$ ",
    ];
    const { id } = await gateway.createSession({
      args: ["sh", "-c", `printf '${talk.join("\\n").replaceAll("'", `'"'"'`)}'; read -r line`],
    });
    using view = viewSession(gateway.client, id);
    await view.screen.untilShows(/^\$/m);
    view.type("\r");
    await gateway.untilState(id, "DONE");
    assert.deepEqual(statesOf(id), ["STARTING", "RUNNING", "DONE"]);
  });
});
