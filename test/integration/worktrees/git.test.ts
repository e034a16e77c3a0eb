import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gitItems, gitLines, runGit, runGitPastLocks } from "../../../src/server/worktrees/git.ts";
import { isRunning } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

describe("running git", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => {
    repo = await tempRepo();
  });
  afterEach(() => repo.dispose());

  const alias = async (script: string) => {
    await writeFile(join(repo.path, "script"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await git(repo.path, "config", "alias.run", `!${join(repo.path, "script")}`);
  };

  it("gives lines, and items that may hold lines", async () => {
    await writeFile(join(repo.path, "a\nb"), "");
    assert.deepEqual(await gitLines(["branch", "--format=%(refname)"], { cwd: repo.path }), ["refs/heads/main"]);
    const items = await gitItems(["ls-files", "-z", "--others", "--cached"], { cwd: repo.path });
    assert.deepEqual(items.toSorted(), ["README.md", "a\nb"]);
  });

  it("takes and gives more than a pipe holds", async () => {
    const input = Buffer.alloc(5_000_000, "x");
    const { stdout } = await runGit(["hash-object", "-w", "--stdin"], { cwd: repo.path, input });
    const blob = await runGit(["cat-file", "blob", stdout.toString().trim()], { cwd: repo.path });
    assert.ok(blob.stdout.equals(input));
  });

  it("tells what git said when it failed", async () => {
    await assert.rejects(runGit(["-c", "a.b=c", "switch", "nowhere"], { cwd: repo.path }), {
      code: "git-failed",
      message: "git switch failed (128): fatal: invalid reference: nowhere",
    });
    await assert.rejects(runGit(["status"], { cwd: join(repo.path, "gone") }), {
      code: "git-failed",
      message: /git is not installed, or the folder is gone\.$/,
    });
  });

  it("speaks English and keeps the character set", async () => {
    const before = { ...process.env };
    await alias('echo "$LC_ALL|$LC_CTYPE|$LC_MESSAGES"');
    process.env["LC_ALL"] = "de_DE.UTF-8";
    try {
      assert.deepEqual(await gitLines(["run"], { cwd: repo.path }), ["|de_DE.UTF-8|C"]);
    } finally {
      process.env = before;
    }
  });

  it("is not led to another repository by variables of a hook's", async () => {
    const other = await tempRepo("other");
    const before = { ...process.env };
    process.env["GIT_DIR"] = join(other.path, ".git");
    process.env["GIT_INDEX_FILE"] = "/nowhere";
    try {
      assert.deepEqual(await gitLines(["rev-parse", "--show-toplevel"], { cwd: repo.path }), [repo.path]);
    } finally {
      process.env = before;
      await other.dispose();
    }
  });

  it("is stopped with all that it started", async () => {
    await alias(`echo $$ > ${join(repo.path, "pid")}; sleep 600; true`);
    const stop = new AbortController();
    const running = assert.rejects(runGit(["run"], { cwd: repo.path, signal: stop.signal }), { code: "cancelled" });
    const pid = () => readFile(join(repo.path, "pid"), "utf8").then(Number, () => 0);
    await until(async () => (await pid()) > 0, "the script to run");
    stop.abort();
    await running;
    await until(async () => !isRunning(await pid()), "the script to end");
    await assert.rejects(runGit(["status"], { cwd: repo.path, signal: stop.signal }), { code: "cancelled" });
  });

  it("does not wait for what is left running, and has all of the output", async () => {
    await alias(`sleep 600 & echo $! > ${join(repo.path, "pid")}; head -c 100000 /dev/zero`);
    const { stdout } = await runGit(["run"], { cwd: repo.path });
    assert.equal(stdout.length, 100_000);
    process.kill(Number(await readFile(join(repo.path, "pid"), "utf8")));
  });

  it("tries again while another git holds a lock", async () => {
    await alias(
      `test -e ${join(repo.path, "once")} && echo done && exit; touch ${join(repo.path, "once")}; echo "error: could not lock config file .git/config: File exists" >&2; exit 255`,
    );
    const { stdout } = await runGitPastLocks(["run"], { cwd: repo.path });
    assert.equal(stdout.toString(), "done\n");
  });
});
