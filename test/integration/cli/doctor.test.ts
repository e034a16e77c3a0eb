import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { runTally } from "../../support/cli.ts";
import { testHome, type TestHome } from "../../support/gateway.ts";

const reportSchema = z.strictObject({
  problems: z.number(),
  warnings: z.number(),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      level: z.enum(["ok", "warning", "problem"]),
      text: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});
type Check = z.infer<typeof reportSchema>["checks"][number];

interface Diagnosis {
  readonly exitCode: number | null;
  readonly output: string;
  readonly check: (name: string) => Check;
}

describe("tally doctor --json", () => {
  let place: TestHome;
  let here: string;
  let onPath: string;
  let inShell: string;
  let env: Record<string, string>;
  let found: Diagnosis;
  before(async () => {
    place = await testHome();
    here = place.env["HOME"] ?? "";
    onPath = join(here, "bin");
    inShell = join(here, "shell-bin");
    env = {
      ...place.env,
      PATH: `${onPath}:${place.env["PATH"] ?? ""}`,
      SHELL: "/bin/bash",
      ANTHROPIC_API_KEY: "made-up-key",
    };
    await agent(onPath, "claude", "echo '2.1.329 (Claude Code)'");
    await agent(onPath, "codex", "echo 'env: node: No such file or directory' >&2; exit 127");
    await agent(inShell, "opencode", "echo 1.2.3");
    await writeFile(join(here, ".bash_profile"), `echo Welcome; PATH=$PATH:${inShell}\n`);
    found = await doctor();
  });
  after(() => place.dispose());

  /** A program that writes down what it is asked, and says this. */
  async function agent(folder: string, name: string, answer: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\necho "${name} $*" >>'${join(here, "asked.txt")}'\n${answer}\n`, { mode: 0o755 });
  }

  async function doctor(): Promise<Diagnosis> {
    const { exitCode, stdout } = await runTally(["doctor", "--json"], { env, cwd: here });
    const output = stdout.toString("utf8");
    const { checks } = reportSchema.parse(JSON.parse(output));
    const check = (name: string) => {
      const named = checks.find((each) => each.name === name);
      assert.ok(named, `there is no check "${name}", but ${checks.map((each) => each.name).join(", ")}`);
      return named;
    };
    return { exitCode, output, check };
  }

  it("tells agents with their versions, and asks them for nothing else", async () => {
    const { check } = found;
    assert.equal(check("Claude Code").text, `2.1.329, ${join(onPath, "claude")}`);
    assert.equal(check("Gemini CLI").text, "not installed");
    const asked = (await readFile(join(here, "asked.txt"), "utf8")).trim().split("\n").sort();
    assert.deepEqual(asked, ["claude --version", "codex --version"]);
  });

  it("warns of an agent that cannot be run, and of one that only a login shell finds", () => {
    const { check } = found;
    assert.equal(check("Codex").level, "warning");
    assert.match(check("Codex").text, /env: node: No such file/);
    assert.equal(check("opencode").level, "warning");
    assert.match(check("opencode").text, /found by a login shell/);
    assert.match(check("PATH").text, new RegExp(`besides: ${inShell}$`));
  });

  it("exits with 0 for all that, as it is no problem", () => {
    const { exitCode, check } = found;
    for (const name of ["runtime", "terminals", "gateway", "TALLY_HOME", "git", "hooks"]) {
      assert.equal(check(name).level, "ok", check(name).text);
    }
    assert.equal(exitCode, 0);
  });

  it("shows no value of the environment", () => {
    assert.ok(!found.output.includes("made-up-key"));
  });

  it("exits with 1 where others can read what is Tally's, and says how to close it", async () => {
    await chmod(place.home.root, 0o755);
    const { exitCode, check } = await doctor();
    await chmod(place.home.root, 0o700);
    assert.equal(exitCode, 1);
    assert.deepEqual(
      [check("TALLY_HOME").level, check("TALLY_HOME").remedy],
      ["problem", `Close it: chmod 700 ${place.home.root}`],
    );
  });
});

describe("tally link", () => {
  let place: TestHome;
  before(async () => {
    place = await testHome();
  });
  after(() => place.dispose());

  it("prints a link to a session, for the editor that is named", async () => {
    const surroundings = { env: place.env, cwd: place.env["HOME"] ?? "" };
    await runTally(["true"], surroundings);
    const listed = await runTally(["list", "--all", "--json"], surroundings);
    const { sessions } = JSON.parse(listed.stdout.toString("utf8")) as { sessions: { id: string }[] };
    const id = sessions[0]?.id ?? "";
    const printed = async (...args: string[]) =>
      (await runTally(["link", id, ...args], surroundings)).stdout.toString();
    assert.equal(await printed(), `vscode://tally.tally/session/${id}\n`);
    assert.equal(await printed("--scheme", "vscode-insiders"), `vscode-insiders://tally.tally/session/${id}\n`);
  });
});
