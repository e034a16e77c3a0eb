import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listedSessions, runTally, tally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";

const READY = /^> $|^>$/m;

describe("a persona of the repository's tally.json", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway();
  });
  after(() => gateway.dispose());

  const surroundings = () => ({ env: gateway.env, cwd: gateway.home.root });
  const run = (...args: string[]): Promise<TallyRun> => runTally(args, surroundings());
  /** What runs says its variable, so that another content is another approval. */
  const define = (secret: string) => {
    const personas = [{ name: "work", agent: "demo", args: ["--steps-ms", "1"], env: { SECRET: secret } }];
    return writeFile(join(gateway.home.root, "tally.json"), JSON.stringify({ personas }));
  };

  it("runs nothing before a person has approved it", async () => {
    await define("one");
    const { exitCode, stderr } = await run("--persona", "work", "-p", "hi");
    assert.equal(exitCode, 1);
    assert.match(stderr, /^│ environment {2}SECRET=one$/m);
    assert.deepEqual(await listedSessions(surroundings()), []);
  });

  it("is approved by --trust, and from then on", async () => {
    await define("two");
    assert.equal((await run("--persona", "work", "--trust", "-p", "hi")).exitCode, 0);
    const { exitCode, stdout } = await run("--persona", "work", "-p", "hi");
    assert.equal(exitCode, 0);
    assert.match(stdout.toString("utf8"), /^Done: hi\./);
    const [session] = await listedSessions(surroundings());
    assert.deepEqual([session?.agent, session?.persona], ["demo", "work"]);
  });

  it("is shown anew when it says something else", async () => {
    await define("three");
    using terminal = tallyInTerminal(["--persona", "work"], surroundings());
    await terminal.screen.untilShows(/SECRET=three[^]*\[y\]es \/ \[N\]o:/);
    terminal.type("y\r");
    await terminal.screen.untilShows(READY);
    terminal.type("exit\r");
    assert.equal((await terminal.exited).exitCode, 0);
  });

  it("cannot be approved by an agent", async () => {
    await define("four");
    const script = `"${tally}" --persona work --trust -p hi; echo "status $?"`;
    const { id } = await gateway.createSession({ args: ["sh", "-c", script] });
    await gateway.untilState(id, "DONE", "ERROR");
    const { data } = await gateway.client.call("sessionOutput", { id, query: {} });
    assert.match(data, /inside session[^]*status 1/);
  });

  it("says which there are when there is none of that name", async () => {
    const { exitCode, stderr } = await run("--persona", "play");
    assert.equal(exitCode, 1);
    assert.match(stderr, /work/);
  });
});
