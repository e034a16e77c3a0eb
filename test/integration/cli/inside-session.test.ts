import assert from "node:assert/strict";
import { runTally, tally } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { viewSession } from "../../support/session-view.ts";

describe("tally answer inside a session", () => {
  let gateway: TestGateway;
  let asking: string;
  before(async () => {
    gateway = await startTestGateway();
    const session = await gateway.createSession({ agent: "demo", args: ["--steps-ms", "5"] });
    asking = session.id;
    using view = viewSession(gateway.client, asking);
    await gateway.untilState(asking, "IDLE");
    view.type("ask a permission\r");
    await gateway.untilState(asking, "WAITING_USER");
  });
  after(() => gateway.dispose());

  /** What a session shows that runs this command line. */
  const shownInSession = async (script: string): Promise<string> => {
    const { id } = await gateway.createSession({ args: ["sh", "-c", script] });
    await gateway.untilState(id, "DONE", "ERROR");
    return (await gateway.client.call("sessionOutput", { id, query: {} })).data;
  };
  const answer = () => `"${tally}" answer ${asking} --allow; echo "status $?"`;

  it("is refused", async () => {
    const shown = await shownInSession(answer());
    assert.match(shown, /inside session[^]*status 1$/m);
  });

  it("is refused when the session's variable was taken away", async () => {
    const shown = await shownInSession(`env -u TALLY_SESSION_ID ${answer()}`);
    assert.match(shown, /inside session[^]*status 1$/m);
  });

  it("is refused however many programs are between", async () => {
    const shown = await shownInSession(`env -i PATH="$PATH" TALLY_HOME="$TALLY_HOME" sh -c 'sh -c "$0"' '${answer()}'`);
    assert.match(shown, /inside session[^]*status 1$/m);
  });

  it("is not refused outside", async () => {
    const surroundings = { env: gateway.env, cwd: gateway.home.root };
    const { exitCode } = await runTally(["answer", asking, "--allow"], surroundings);
    assert.equal(exitCode, 0);
    await gateway.untilState(asking, "IDLE");
  });
});
