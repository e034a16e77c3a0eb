import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runInPipes, listedSessions, runTally, tally } from "../../support/cli.ts";
import { testHome, type TestHome } from "../../support/gateway.ts";
import { untilDefined } from "../../support/until.ts";

const MEGABYTE = 1024 * 1024;

describe("an agent in pipes", () => {
  let place: TestHome;
  let cwd: string;
  before(async () => {
    place = await testHome();
    cwd = join(place.env["HOME"] ?? "", 'a shop 🛒 \'n "more"');
    await mkdir(cwd);
  });
  after(() => place.dispose());

  const run = (args: readonly string[], stdin: Buffer | string = "") => runTally(args, { env: place.env, cwd, stdin });
  const runBare = (command: readonly [string, ...string[]], stdin: Buffer | string = "") =>
    runInPipes(command, { env: place.env, cwd, stdin });
  const sessions = () => listedSessions({ env: place.env, cwd });

  it("gets and gives its bytes untouched", async () => {
    const bytes = randomBytes(5 * MEGABYTE);
    const { stdout, exitCode } = await run(["cat"], bytes);
    assert.equal(exitCode, 0);
    assert.ok(stdout.equals(bytes), `${stdout.length} of ${bytes.length} bytes came back`);
  });

  it("prints exactly what it prints without Tally", async () => {
    const command = [
      "sh",
      "-c",
      'printf "out\\n"; printf "err\\n" >&2; echo "$0" "$#" "$PWD"; ls missing',
      "x y",
    ] as const;
    const bare = await runBare(command);
    const { stdout, stderr, exitCode } = await run(command);
    assert.deepEqual([stdout, exitCode], [bare.stdout, bare.exitCode]);
    assert.equal(stderr.replace(/^\[Tally\] Created task .*\n/, ""), bare.stderr);
  });

  it("is known by the name that it was called by", async () => {
    const command = ["cat", "missing file"] as const;
    assert.ok((await run(command)).stderr.endsWith((await runBare(command)).stderr));
  });

  it("is each of the agents that Tally knows, with arguments that start no conversation as they were typed", async () => {
    const bin = join(cwd, "agents");
    await mkdir(bin);
    const env = { ...place.env, PATH: `${bin}:${place.env["PATH"] ?? ""}` };
    for (const name of ["claude", "codex", "gemini", "opencode"]) {
      await writeFile(join(bin, name), '#!/bin/sh\necho "${0##*/} $*"\n', { mode: 0o755 });
      const { stdout, exitCode } = await runTally([name, "--help", "a b"], { env, cwd });
      assert.deepEqual([stdout.toString("utf8"), exitCode], [`${name} --help a b\n`, 0]);
    }
    const agents = (await sessions()).map(({ agent }) => agent);
    for (const name of ["claude", "codex", "gemini", "opencode"]) assert.ok(agents.includes(name), name);
  });

  it("is announced on stderr, by its task and its project", async () => {
    const { stderr, stdout } = await run(["true"]);
    assert.match(stderr, /^\[Tally\] Created task command-\d{13}-[0-9a-z]{9} for a shop 🛒 'n "more"\n$/);
    assert.equal(stdout.length, 0);
  });

  it("gets arguments with spaces, quotes and emoji as they are", async () => {
    const args = ["a b", `it's "quoted"`, "$HOME *", "", "日本 🚀", "--", "-x"];
    const { stdout } = await run(["printf", "%s\\n", ...args]);
    assert.equal(stdout.toString("utf8"), args.map((arg) => `${arg}\n`).join(""));
  });

  it("runs whatever its name after --", async () => {
    const bin = join(place.env["HOME"] ?? "", "bin");
    await mkdir(bin);
    await writeFile(join(bin, "list"), "#!/bin/sh\necho a program named list\n", { mode: 0o755 });
    const env = { ...place.env, PATH: `${bin}:${place.env["PATH"] ?? ""}` };
    const { stdout } = await runTally(["--", "list"], { env, cwd });
    assert.equal(stdout.toString("utf8"), "a program named list\n");
  });

  it("passes its exit code on", async () => {
    assert.equal((await run(["sh", "-c", "exit 42"])).exitCode, 42);
  });

  it("passes on the signal that it died of", async () => {
    assert.equal((await run(["sh", "-c", "kill -TERM $$"])).signal, "SIGTERM");
    assert.equal((await run(["sh", "-c", "kill -KILL $$"])).signal, "SIGKILL");
    assert.equal((await run(["sh", "-c", "kill -USR1 $$"])).exitCode, 138);
  });

  it("knows its session, and sees nothing of the editor's own variables", async () => {
    const env = { ...place.env, ELECTRON_RUN_AS_NODE: "1", VSCODE_IPC_HOOK: "/gone", KEPT: "yes" };
    const { stdout } = await runTally(["env"], { env, cwd });
    const names = stdout
      .toString("utf8")
      .split("\n")
      .map((line) => line.split("=", 1)[0] ?? "");
    assert.ok(names.includes("TALLY_SESSION_ID"));
    assert.ok(names.includes("KEPT"));
    assert.deepEqual(
      names.filter((name) => /^(ELECTRON_|VSCODE_)/.test(name)),
      [],
    );
  });

  it("is a session from its beginning to its end", async () => {
    await run(["sh", "-c", "exit 9"]);
    const session = (await sessions()).find(({ command }) => command.includes("exit 9"));
    assert.deepEqual([session?.mode, session?.origin, session?.state, session?.exitCode], ["pipes", "cli", "ERROR", 9]);
  });

  it("takes its title and project from the variables of existing wrappers", async () => {
    const env = { ...place.env, TL_TITLE: "Größe 🚀", TL_PROJECT: "harbour", TL_REPO: cwd };
    const { stderr } = await runTally(["true"], { env, cwd });
    assert.match(stderr, /for harbour\n$/);
    assert.ok((await sessions()).some(({ title }) => title === "Größe 🚀"));
  });

  it("is told of a SIGTERM that Tally gets", async () => {
    const child = spawn(
      tally,
      ["sh", "-c", "trap 'echo told; exit 5' TERM; echo ready; while :; do sleep 0.05; done"],
      {
        env: place.env,
        cwd,
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await untilDefined(() => (output.includes("ready") ? true : undefined), "the program to be ready");
    const session = await untilDefined(
      async () => (await sessions()).find(({ endedAt, pid }) => endedAt === null && pid !== null),
      "the session to be listed with its process",
    );
    assert.equal(session.state, "RUNNING");
    child.kill("SIGTERM");
    const [exitCode] = (await once(child, "close")) as [number | null];
    assert.deepEqual([exitCode, output], [5, "ready\ntold\n"]);
  });

  it("ends as it would without Tally when nobody reads its output any more", async () => {
    const pipeline = (command: string) => runBare(["bash", "-c", `${command} | head -n 1; echo "\${PIPESTATUS[0]}"`]);
    const { stdout } = await pipeline(`'${tally}' yes`);
    assert.equal(stdout.toString("utf8"), (await pipeline("yes")).stdout.toString("utf8"));
  });
});

describe("an agent whose gateway cannot be started", () => {
  let place: TestHome;
  before(async () => {
    place = await testHome();
  });
  after(() => place.dispose());

  it("runs untracked, and one line says so", async () => {
    const blocker = join(place.env["HOME"] ?? "", "a file");
    await writeFile(blocker, "");
    const env = { ...place.env, TALLY_HOME: join(blocker, "tally") };
    const { stdout, stderr, exitCode } = await runTally(["sh", "-c", "cat; exit 3"], {
      env,
      cwd: "/tmp",
      stdin: "input",
    });
    assert.deepEqual([stdout.toString("utf8"), exitCode], ["input", 3]);
    assert.match(stderr, /^\[Tally\] running untracked: [^\n]+\n$/);
  });

  it("runs untracked when the gateway that TALLY_URL names does not answer", async () => {
    const env = { ...place.env, TALLY_URL: "http://127.0.0.1:1", TALLY_TOKEN: "x" };
    const { stdout, stderr } = await runTally(["echo", "hi"], { env, cwd: "/tmp" });
    assert.equal(stdout.toString("utf8"), "hi\n");
    assert.match(stderr, /running untracked: TALLY_URL is set/);
  });

  it("has the same exit codes for a program that is missing", async () => {
    const env = { ...place.env, TALLY_URL: "http://127.0.0.1:1", TALLY_TOKEN: "x" };
    assert.equal((await runTally(["--", "no-such-program"], { env, cwd: "/tmp" })).exitCode, 127);
    assert.equal((await runTally(["--", "/etc/passwd"], { env, cwd: "/tmp" })).exitCode, 126);
  });
});
