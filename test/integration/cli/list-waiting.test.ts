import assert from "node:assert/strict";
import * as z from "zod";
import { sessionSchema } from "../../../src/protocol/entities.ts";
import { runTally } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { viewSession } from "../../support/session-view.ts";

describe("tally list --waiting", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway.dispose());

  const list = async (...options: string[]) => {
    const surroundings = { env: gateway.env, cwd: gateway.home.root };
    const { exitCode, stdout, stderr } = await runTally(["list", "--waiting", ...options], surroundings);
    return { exitCode, stderr, out: stdout.toString("utf8") };
  };
  const startDemo = async (): Promise<string> => {
    const { id } = await gateway.createSession({ agent: "demo", args: ["--steps-ms", "5"] });
    await gateway.untilState(id, "IDLE");
    return id;
  };
  const ask = async (id: string) => {
    using view = viewSession(gateway.client, id);
    view.type("ask a permission\r");
    await gateway.untilState(id, "WAITING_USER");
  };

  it("says so when nobody waits, which is no failure", async () => {
    await startDemo();
    assert.deepEqual(await list(), { exitCode: 0, out: "", stderr: "Nobody waits for you.\n" });
    assert.deepEqual(await list("--json"), { exitCode: 0, out: "[]\n", stderr: "" });
  });

  it("lists those that wait, the longest waiting first, though it is the younger", async () => {
    const older = await startDemo();
    const younger = await startDemo();
    await ask(younger);
    await ask(older);
    const listed = z.array(sessionSchema).parse(JSON.parse((await list("--json")).out));
    assert.deepEqual(
      listed.map(({ id }) => id),
      [younger, older],
    );
    const [header = "", first = "", second = ""] = (await list()).out.split("\n");
    assert.match(header, /^ID .*WAITS FOR$/);
    assert.ok(first.startsWith(younger) && second.startsWith(older), `${first}\n${second}`);
    assert.match(first, /May I run/);
  });

  it("does not list the ended ones at the same time", async () => {
    assert.equal((await list("--all")).exitCode, 2);
  });
});
