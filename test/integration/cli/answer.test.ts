import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sessionSchema, type Session } from "../../../src/protocol/entities.ts";
import { agentRequestSchema } from "../../../src/protocol/requests.ts";
import { runInPipes, runTally, tally, tallyInTerminal, type TallyRun } from "../../support/cli.ts";
import { aRequest } from "../../support/entities.ts";
import { openTerminal, type Terminal } from "../../support/terminal.ts";
import { type ScriptedGateway, startScriptedGateway } from "./scripted-gateway.ts";

const permission = aRequest({ title: "Bash: touch x", detail: "touch x\necho \u202edone" });
const question = aRequest({
  kind: "question",
  title: "Which colour?",
  questions: [
    {
      text: "Which colour?",
      header: null,
      options: [
        { label: "Red", description: null },
        { label: "Blue", description: "like the sea" },
      ],
      multiSelect: false,
    },
  ],
});

describe("tally answer", () => {
  let cwd: string;
  let env: Record<string, string>;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), "tally-answer-"));
    env = { PATH: process.env["PATH"] ?? "", HOME: cwd, LANG: "C.UTF-8", TALLY_HOME: join(cwd, "tally") };
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  const asking = (fields: Partial<Session> = {}): Promise<ScriptedGateway> =>
    startScriptedGateway({ state: "WAITING_USER", request: permission, ...fields });
  const run = (gateway: ScriptedGateway, ...options: string[]): Promise<TallyRun> =>
    runTally(["answer", gateway.session.id, ...options], { env: { ...env, ...gateway.env }, cwd });
  const inTerminal = (gateway: ScriptedGateway): Terminal =>
    tallyInTerminal(["answer", gateway.session.id], { env: { ...env, ...gateway.env }, cwd });

  describe("with options", () => {
    it("allows, and says all that it allowed", async () => {
      await using gateway = await asking();
      const { exitCode, stdout, stderr } = await run(gateway, "--allow");
      assert.deepEqual([exitCode, stdout.length, gateway.answers], [0, 0, [{ choice: "allow" }]]);
      assert.match(stderr, /^│ touch x\n│ echo <U\+202E>done\nAllowed: Bash: touch x$/m);
    });

    it("loses nothing of a long request to a reader that takes its time", async () => {
      const detail = Array.from({ length: 20_000 }, (_, line) => `line ${line}`).join("\n");
      await using gateway = await asking({ request: { ...permission, detail } });
      const script = `"${tally}" answer ${gateway.session.id} --allow 2>&1 | (sleep 0.2; tail -n 2)`;
      const { stdout } = await runInPipes(["sh", "-c", script], { env: { ...env, ...gateway.env }, cwd });
      assert.equal(stdout.toString("utf8"), "│ line 19999\nAllowed: Bash: touch x\n");
    });

    it("denies, and tells the agent why", async () => {
      await using gateway = await asking();
      const { exitCode, stderr } = await run(gateway, "--deny", "--message", "Not there");
      assert.deepEqual([exitCode, gateway.answers], [0, [{ choice: "deny", message: "Not there" }]]);
      assert.equal(stderr, "Denied: Bash: touch x\n");
    });

    it("chooses by number", async () => {
      await using gateway = await asking({ request: question });
      assert.equal((await run(gateway, "--choose", "2")).exitCode, 0);
      assert.deepEqual(gateway.answers, [{ choice: "answers", answers: [["Blue"]] }]);
    });

    it("prints the session as JSON afterwards", async () => {
      await using gateway = await asking();
      const { stdout } = await run(gateway, "--allow", "--json");
      assert.equal(sessionSchema.parse(JSON.parse(stdout.toString("utf8"))).state, "RUNNING");
    });

    it("answers the request with this id", async () => {
      await using gateway = await asking();
      const { exitCode, stderr } = await run(gateway, "--allow", "--request", permission.id);
      assert.deepEqual([exitCode, stderr], [0, "Allowed: Bash: touch x\n"]);
    });

    it("answers no other request than the one with this id", async () => {
      await using gateway = await asking();
      const { exitCode, stderr } = await run(gateway, "--allow", "--request", "an-earlier-one");
      assert.deepEqual([exitCode, gateway.answers], [1, []]);
      assert.match(stderr, /does not ask this any more/);
    });

    it("refuses an answer that does not fit the question", async () => {
      await using gateway = await asking({ request: question });
      const { exitCode, stderr } = await run(gateway, "--choose", "3");
      assert.deepEqual([exitCode, gateway.answers], [2, []]);
      assert.match(stderr, /There is no "3" to choose/);
    });

    it("sends a person to the terminal where that is the only place to answer", async () => {
      await using gateway = await asking({ request: { ...permission, isAnswerable: false } });
      const { exitCode, stderr } = await run(gateway, "--allow");
      assert.deepEqual([exitCode, gateway.answers], [1, []]);
      assert.match(stderr, /tally attach session1/);
    });

    it("says what the session does when it asks nothing", async () => {
      await using gateway = await asking({ state: "RUNNING", request: null });
      const { exitCode, stderr } = await run(gateway, "--allow");
      assert.equal(exitCode, 1);
      assert.match(stderr, /asks nothing: it is running\./);
    });
  });

  describe("without options", () => {
    it("and without a terminal shows the request and how to answer it, and exits with 2", async () => {
      await using gateway = await asking();
      const { exitCode, stdout, stderr } = await run(gateway);
      assert.deepEqual([exitCode, gateway.answers], [2, []]);
      assert.match(stdout.toString("utf8"), /^It wants your permission: Bash: touch x\n│ touch x$/m);
      assert.match(stderr, /--allow or --deny/);
    });

    it("and without a terminal prints the request as JSON where it is asked for", async () => {
      await using gateway = await asking();
      const { stdout } = await run(gateway, "--json");
      assert.deepEqual(agentRequestSchema.parse(JSON.parse(stdout.toString("utf8"))), permission);
    });

    it("shows the request on the terminal, and asks", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[a]llow / [d]eny / [q]uit:");
      assert.match(terminal.screen.text(), /^│ echo <U\+202E>done$/m);
      terminal.type("a\r");
      assert.equal((await terminal.exited).exitCode, 0);
      assert.deepEqual(gateway.answers, [{ choice: "allow" }]);
    });

    it("says so when the beginning of the request has scrolled away", async () => {
      await using gateway = await asking({ request: { ...permission, detail: "one\n".repeat(20) } });
      const surroundings = { env: { ...env, ...gateway.env }, cwd };
      using terminal = tallyInTerminal(["answer", gateway.session.id], surroundings, { cols: 80, rows: 10 });
      await terminal.screen.untilShows("22 lines: scroll up for the beginning.");
    });

    it("asks again after Enter alone", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[q]uit:");
      terminal.type("\r");
      await terminal.screen.untilShows(/\[q\]uit:[^]*\[q\]uit:/);
      assert.deepEqual(gateway.answers, []);
      terminal.type("q\r");
      assert.equal((await terminal.exited).exitCode, 1);
    });

    it("takes a choice", async () => {
      await using gateway = await asking({ request: question });
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("A number, or your own words");
      assert.match(terminal.screen.text(), /^│ {3}2\. Blue - like the sea$/m);
      terminal.type("2\r");
      assert.equal((await terminal.exited).exitCode, 0);
      assert.deepEqual(gateway.answers, [{ choice: "answers", answers: [["Blue"]] }]);
    });

    it("answers nothing when the input ends", async () => {
      await using gateway = await asking({ request: question });
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("Ctrl-D quits");
      terminal.type("\x04");
      assert.deepEqual([(await terminal.exited).exitCode, gateway.answers], [1, []]);
    });

    it("ends by Ctrl-C as any program does", async () => {
      await using gateway = await asking();
      using terminal = openTerminal({
        file: "sh",
        args: ["-c", `"${tally}" answer ${gateway.session.id}; echo "status $?"`],
        env: { ...env, ...gateway.env },
        cwd,
      });
      await terminal.screen.untilShows("[q]uit:");
      terminal.type("\x03");
      await terminal.screen.untilShows("status 130");
      assert.deepEqual(gateway.answers, []);
    });

    it("takes the question back when it is answered elsewhere", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[q]uit:");
      await gateway.followed;
      gateway.change({ state: "RUNNING", request: null });
      assert.equal((await terminal.exited).exitCode, 0);
      await terminal.screen.untilShows("answered elsewhere");
      assert.doesNotMatch(terminal.screen.text(), /\[q\]uit:/);
    });

    it("takes it back also when the agent asks something else meanwhile", async () => {
      await using gateway = await asking();
      using terminal = inTerminal(gateway);
      await terminal.screen.untilShows("[q]uit:");
      await gateway.followed;
      gateway.change({ request: { ...permission, id: "another", detail: "rm x" } });
      assert.equal((await terminal.exited).exitCode, 0);
      assert.deepEqual(gateway.answers, []);
    });
  });

  it("refuses to run inside a session, whatever the options", async () => {
    await using gateway = await asking();
    const inside = { ...env, ...gateway.env, TALLY_SESSION_ID: "another" };
    const { exitCode, stderr } = await runTally(["answer", gateway.session.id, "--allow"], { env: inside, cwd });
    assert.deepEqual([exitCode, gateway.answers], [1, []]);
    assert.match(stderr, /inside session another/);
  });
});
