import assert from "node:assert/strict";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { workAtRisk } from "../../../src/server/worktrees/work-at-risk.ts";
import { aCheckout, ask, askWithInput, type KeptWorktree } from "./kept-worktree.ts";

describe("the work at risk in a worktree", () => {
  let worktree: KeptWorktree;
  const git = (...args: string[]) => ask(worktree.path, ...args);
  const inRepo = (...args: string[]) => ask(worktree.repo, ...args);
  const write = async (path: string, contents = `${path}\n`) => {
    await mkdir(join(worktree.path, path, ".."), { recursive: true });
    await writeFile(join(worktree.path, path), contents);
  };
  const commit = async (path: string) => {
    await write(path);
    await git("add", "-A");
    await git("commit", "-qm", `With ${path}`);
  };
  const risk = (branch: string | null = "feature", base: string | null = "main") =>
    workAtRisk({ path: worktree.path, commonDir: worktree.commonDir, branch, base });
  const subjects = async (...of: Parameters<typeof risk>) =>
    (await risk(...of)).unpushed.map((line) => line.replace(/^[0-9a-f]+ /, ""));
  const nothing = { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null };

  beforeEach(async () => void (worktree = await aCheckout()));
  afterEach(() => worktree.dispose());

  it("is nothing in a fresh one, nor is what git ignores", async () => {
    await write("a.log");
    await write("ignored/file");
    assert.deepEqual(await risk(), nothing);
  });

  it("is what is changed, staged, renamed, deleted, or only intended", async () => {
    await write("one", "changed\n");
    await git("mv", "two", "new name\n");
    await rm(join(worktree.path, "three"));
    await write("intended");
    await git("add", "-N", "intended");
    assert.deepEqual((await risk()).uncommitted.toSorted(), ["intended", "new name\n", "one", "three", "two"]);
  });

  it("is each untracked file, whatever the settings say", async () => {
    await inRepo("config", "status.showUntrackedFiles", "no");
    await write("folder/a");
    await write("folder/b");
    assert.deepEqual((await risk()).untracked, ["folder/a", "folder/b"]);
  });

  for (const flag of ["--assume-unchanged", "--skip-worktree"]) {
    it(`is a change that ${flag} hides, and looking leaves it hidden`, async () => {
      await git("update-index", flag, "one");
      assert.deepEqual(await risk(), nothing);
      await write("one", "hidden\n");
      const index = await readFile(join(worktree.adminDir, "index"));
      assert.deepEqual((await risk()).uncommitted, ["one"]);
      assert.deepEqual(await readFile(join(worktree.adminDir, "index")), index);
    });
  }

  it("is found where a name is no text", async function () {
    if (process.platform !== "linux") this.skip();
    const name = Buffer.from([0x62, 0xff]);
    const place = Buffer.concat([Buffer.from(`${worktree.path}/`), name]);
    await writeFile(place, "");
    await git("add", "-A");
    await git("commit", "-qm", "No text");
    await askWithInput(
      worktree.path,
      Buffer.concat([name, Buffer.from("\0")]),
      "update-index",
      "--assume-unchanged",
      "-z",
      "--stdin",
    );
    await writeFile(place, "changed");
    assert.equal((await risk()).uncommitted.length, 1);
  });

  it("is not what a sparse checkout leaves out", async () => {
    await git("sparse-checkout", "set", "--no-cone", "/one");
    assert.deepEqual(await risk(), nothing);
  });

  it("is commits that are nowhere else, the newest first", async () => {
    await commit("a");
    await commit("b");
    assert.deepEqual(await subjects(), ["With b", "With a"]);
  });

  it("is not commits that are on a remote, on another branch, or in the base", async () => {
    await commit("a");
    const base = (await git("rev-parse", "HEAD")).trim();
    assert.deepEqual(await subjects("feature", base), []);
    await inRepo("branch", "copy", "feature");
    assert.deepEqual(await subjects(), []);
    await inRepo("branch", "-D", "copy");
    await inRepo("update-ref", "refs/remotes/origin/feature", "feature");
    assert.deepEqual(await subjects(), []);
  });

  it("is not made less by a snapshot or a base that is gone", async () => {
    await commit("a");
    await inRepo("update-ref", "refs/tally/snapshots/feature/1", "feature");
    assert.deepEqual(await subjects("feature", "no-such-base"), ["With a"]);
  });

  it("is commits of a detached HEAD, and of the branch that it has left", async () => {
    await commit("a");
    await git("checkout", "-q", "--detach", "HEAD~1");
    await commit("b");
    assert.deepEqual((await subjects()).toSorted(), ["With a", "With b"]);
  });

  it("is a rebase, merge, cherry-pick or bisect under way", async () => {
    await write("one", "ours\n");
    await git("commit", "-qam", "Ours");
    await writeFile(join(worktree.repo, "one"), "theirs\n");
    await inRepo("commit", "-qam", "Theirs");
    const seen: (string | null)[] = [];
    for (const how of ["rebase", "merge", "cherry-pick"]) {
      await git(how, "main");
      seen.push((await risk()).underWay);
      await git(how, "--abort");
    }
    await git("bisect", "start");
    seen.push((await risk()).underWay);
    assert.deepEqual(seen, ["a rebase", "a merge", "a cherry-pick", "a bisect"]);
  });

  it("is a repository in it, in an ignored folder when it has work of its own", async () => {
    for (const path of ["nested", "ignored/vendor"]) {
      await write(`${path}/file`);
      await ask(join(worktree.path, path), "init", "-q");
      await ask(join(worktree.path, path), "add", ".");
      await ask(join(worktree.path, path), "commit", "-qm", "Inner");
    }
    assert.deepEqual((await risk()).untracked, ["nested/", "ignored/vendor/"]);
    const clone = join(worktree.path, "ignored/vendor");
    await ask(clone, "update-ref", "refs/remotes/origin/main", "HEAD");
    assert.deepEqual((await risk()).untracked, ["nested/"]);
  });

  it("is a repository that has filters of its own, and they are not run", async () => {
    const inner = join(worktree.path, "ignored/vendor");
    await write("ignored/vendor/.gitattributes", "* filter=own\n");
    await ask(inner, "init", "-q");
    await ask(inner, "add", ".");
    await ask(inner, "commit", "-qm", "Inner");
    await ask(inner, "update-ref", "refs/remotes/origin/main", "HEAD");
    await write("ignored/vendor/.gitattributes", "* filter=own \n");
    await ask(inner, "config", "filter.own.clean", `touch '${join(worktree.outside, "ran")}'; cat`);
    assert.deepEqual((await risk()).untracked, ["ignored/vendor/"]);
    assert.deepEqual(await readdir(worktree.outside), ["file"]);
  });

  it("cannot be told where the index is damaged", async () => {
    await writeFile(join(worktree.adminDir, "index"), "no index");
    await assert.rejects(risk(), { code: "git-failed", message: /^Git's index of .*feature is damaged/ });
  });

  it("is changes and commits of a submodule that are on none of its remotes", async () => {
    const library = join(worktree.outside, "library");
    await inRepo("init", "-q", library);
    await writeFile(join(library, "lib"), "1\n");
    await ask(library, "add", ".");
    await ask(library, "commit", "-qm", "Library");
    await git("submodule", "add", "-q", library, "libs/inner");
    await git("commit", "-qm", "With a library");
    await inRepo("branch", "copy", "feature");
    assert.deepEqual(await risk(), nothing);
    const inner = join(worktree.path, "libs/inner");
    await appendFile(join(inner, "lib"), "2\n");
    assert.deepEqual((await risk()).uncommitted, ["libs/inner/lib"]);
    await ask(inner, "commit", "-qam", "Mine alone");
    const { uncommitted, inside } = await risk();
    assert.deepEqual(uncommitted, ["libs/inner"]);
    assert.match(inside.join(), /^[0-9a-f]+ Mine alone \(in libs\/inner\)$/);
  });

  it("is all that is staged before the first commit", async () => {
    await git("checkout", "-q", "--orphan", "fresh");
    const { uncommitted, unpushed } = await risk("fresh");
    assert.equal(uncommitted.length, 5);
    assert.deepEqual(unpushed, []);
  });
});
