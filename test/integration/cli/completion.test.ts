import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { runTally, tally } from "../../support/cli.ts";
import { startTestGateway, type TestGateway, testHome } from "../../support/gateway.ts";
import { openTerminal, type Terminal } from "../../support/terminal.ts";

/** A name that is one word only where it is quoted, and does something where it is not. */
const project = "it's my $(touch pwned) shop";

// zsh and fish are not on every machine: here is what they are told. How they take it was tried by hand.
describe("completion", () => {
  let gateway: TestGateway;
  let env: Record<string, string>;
  before(async () => {
    gateway = await startTestGateway();
    env = { ...gateway.env, PATH: `${dirname(tally)}:${gateway.env["PATH"] ?? ""}`, HISTFILE: "" };
    const body = { project: { name: project, repoPath: gateway.home.root }, task: { id: "t1", title: "one" } };
    await gateway.client.call("upsertTask", { body });
  });
  after(() => gateway.dispose());

  describe("in bash, as Enter then runs it,", () => {
    let bash: Terminal;
    before(() => {
      const args = ["--norc", "--noprofile", "-i"];
      bash = openTerminal({ file: "bash", args, cwd: gateway.home.root, env, size: { cols: 120, rows: 12 } });
      bash.type(`eval "$(tally completion bash)"\r`);
      // What a line runs is not wanted, but its words. The script asks the command itself, whatever its name means in this shell.
      bash.type(`tally() { printf '[%s]' "$@"; echo " is line $line"; }\r`);
    });
    after(() => bash[Symbol.dispose]());

    const lines = [
      ["tally compl", ["completion"]],
      ["tally queue ret", ["queue", "retry"]],
      ["tally wait x --timeo", ["wait", "x", "--timeout"]],
      ["tally wait x --for=IDLE,WAIT", ["wait", "x", "--for=IDLE,WAITING_USER"]],
      ["tally history --project it", ["history", "--project", project]],
      ["tally history --project it\\'s\\ m", ["history", "--project", project]],
      ['tally history --project "it', ["history", "--project", project]],
      ["tally history --project 'it", ["history", "--project", project]],
      ["tally history --project=it", ["history", `--project=${project}`]],
      ["tally adopt gateway.lo", ["adopt", "gateway.lock"]],
    ] as const;
    for (const [index, [typed, words]] of lines.entries()) {
      it(`${typed}<Tab> is ${words.join(" ")}`, async () => {
        bash.type(`line=${index}\r${typed}\t\r`);
        await bash.screen.untilShows(`${words.map((word) => `[${word}]`).join("")} is line ${index}`);
      });
    }

    it("runs nothing of a name", () => assert.ok(!readdirSync(gateway.home.root).includes("pwned")));
  });

  const asked = async (words: readonly string[]) => {
    const { stdout, stderr, exitCode } = await runTally(["__complete", ...words], { env, cwd: gateway.home.root });
    assert.deepEqual([exitCode, stderr], [0, ""]);
    return stdout.toString("utf8");
  };

  for (const shell of ["zsh", "fish"] as const) {
    it(`tells ${shell} names as they are, and what they are`, async () => {
      assert.equal(await asked([shell, "history", "--project", ""]), `words\n${project}\t${gateway.home.root}\n`);
    });
  }

  it("says where the shell itself knows better", async () => {
    assert.equal(await asked(["zsh", "adopt", ""]), "files\n");
  });

  it("tells of no name where no gateway runs, and starts none", async () => {
    const alone = await testHome();
    try {
      const surroundings = { env: alone.env, cwd: dirname(alone.home.root) };
      const { stdout, exitCode } = await runTally(["__complete", "fish", "attach", ""], surroundings);
      assert.deepEqual([stdout.toString("utf8"), exitCode], ["words\n", 0]);
      assert.deepEqual(readdirSync(surroundings.cwd), []);
    } finally {
      await alone.dispose();
    }
  });
});
