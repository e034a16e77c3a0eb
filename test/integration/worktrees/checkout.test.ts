import assert from "node:assert/strict";
import { access, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addCheckout, isCheckoutComplete, undoCheckout } from "../../../src/server/worktrees/checkout.ts";
import { adminDirOf, listCheckouts, removeAdmin } from "../../../src/server/worktrees/checkouts.ts";
import { runGit } from "../../../src/server/worktrees/git.ts";
import { add, commonDirOf, plan } from "../../support/checkouts.ts";
import { git, hook, manyFiles, tempRepo } from "../../support/repositories.ts";

describe("the checkout of a worktree", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let commonDir: string;
  beforeEach(async () => {
    repo = await tempRepo();
    commonDir = await commonDirOf(repo.path);
  });
  afterEach(() => repo.dispose());

  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const branches = () => git(repo.path, "for-each-ref", "--format=%(refname:short)", "refs/heads");
  const assertNothingLeft = async (before: string) => {
    assert.equal(await state(), before);
  };
  /** All that a worktree leaves somewhere. */
  const state = async () =>
    JSON.stringify({
      beside: await readdir(repo.parent),
      admin: await readdir(join(commonDir, "worktrees")).catch(() => "none"),
      branches: await branches(),
      config: await readFile(join(commonDir, "config"), "utf8"),
    });

  it("begins a branch of exactly the name, from the main checkout's", async () => {
    const added = await add(repo.path, "feature-payment");
    assert.equal(await git(added.path, "branch", "--show-current"), "feature-payment");
    assert.equal(added.base, "main");
    assert.equal(await readFile(join(added.path, "README.md"), "utf8"), "# A repository\n");
    assert.equal(added.adminDir, await adminDirOf(added.path));
    assert.deepEqual(added.notes, []);
  });

  it("begins where it is told to", async () => {
    await git(repo.path, "tag", "v1");
    await git(repo.path, "commit", "-q", "--allow-empty", "-m", "Second");
    const head = await git(repo.path, "rev-parse", "HEAD");
    const first = await git(repo.path, "rev-parse", "v1");
    assert.deepEqual(await plan(repo.path, "a", { from: "v1" }).then(({ commit, base }) => ({ commit, base })), {
      commit: first,
      base: "v1",
    });
    assert.equal((await plan(repo.path, "a", { from: "main~1" })).base, first);
    assert.equal((await plan(repo.path, "a")).commit, head);
    assert.equal((await plan(repo.path, "a", { base: "v1" })).commit, first);
    assert.equal((await plan(repo.path, "a", { base: "v1", from: "main" })).commit, head);
  });

  it("takes up a branch that exists", async () => {
    await git(repo.path, "branch", "feature");
    await git(repo.path, "commit", "-q", "--allow-empty", "-m", "Second");
    const added = await add(repo.path, "feature");
    assert.equal(added.isNewBranch, false);
    assert.equal(await git(added.path, "branch", "--show-current"), "feature");
    await undoCheckout(added, { commonDir });
    assert.match(await branches(), /feature/);
  });

  it("says of a branch that exists that it does not begin anew", async () => {
    await git(repo.path, "branch", "feature");
    await git(repo.path, "commit", "-q", "--allow-empty", "-m", "Second");
    await assert.rejects(plan(repo.path, "feature", { from: "main" }), {
      code: "name-invalid",
      message:
        "The branch feature exists already, and is not at main. Leave --from out to take it up, or choose another name.",
    });
  });

  it("says where a branch is checked out", async () => {
    await assert.rejects(plan(repo.path, "main"), {
      code: "branch-checked-out",
      message: `The branch main is checked out in ${repo.path}. Work there, switch that to another branch, or choose another name.`,
    });
  });

  it("says that a branch is checked out in a folder that is gone", async () => {
    const { path } = await add(repo.path, "feature");
    await rm(path, { recursive: true });
    await assert.rejects(plan(repo.path, "feature", { path: join(repo.parent, "other") }), {
      code: "branch-checked-out",
      message: /which is gone. Run `git worktree prune`/,
    });
  });

  it("says that a branch is being rebased elsewhere, and leaves nothing", async () => {
    const { path, commit } = await add(repo.path, "feature");
    const todo = { GIT_SEQUENCE_EDITOR: "sed -i 1ibreak", GIT_EDITOR: "true" };
    await git(path, "commit", "-q", "--allow-empty", "-m", "Second");
    await runGit(["-c", "user.name=T", "-c", "user.email=t@example.com", "rebase", "-q", "-i", commit], {
      cwd: path,
      env: todo,
    });
    const before = await state();
    await assert.rejects(add(repo.path, "feature", { path: join(repo.parent, "other") }), {
      code: "branch-checked-out",
      message: /in use in .*wt-feature\. Finish what is under way there/,
    });
    await assertNothingLeft(before);
  });

  it("refuses what is not there", async () => {
    await assert.rejects(plan(repo.path, "feature", { from: "nowhere" }), {
      code: "ref-not-found",
      message:
        "There is no branch, tag or commit nowhere (--from). Look with `git branch -a`, or run `git fetch` first.",
    });
    await assert.rejects(plan(repo.path, "feature", { from: "--help" }), { code: "ref-not-found" });
    await assert.rejects(plan(repo.path, "feature", { base: "nowhere" }), { message: /\(tally\.json\)/ });
  });

  it("refuses a branch that would be file and folder at once", async () => {
    await git(repo.path, "branch", "feature");
    await git(repo.path, "branch", "deep/er");
    await assert.rejects(plan(repo.path, "feature/x"), {
      code: "name-invalid",
      message: /There is a branch feature, /,
    });
    await assert.rejects(plan(repo.path, "deep"), { code: "name-invalid", message: /There is a branch deep\/er, / });
  });

  it("refuses a branch that differs in capitals only, where the file system does not tell", async () => {
    await git(repo.path, "branch", "Feature");
    assert.equal((await plan(repo.path, "feature")).isNewBranch, true);
    await git(repo.path, "config", "core.ignorecase", "true");
    await assert.rejects(plan(repo.path, "feature"), { code: "name-invalid", message: /There is a branch Feature, / });
  });

  it("refuses a place that is taken, and takes an empty folder", async () => {
    const path = join(repo.parent, "there");
    await mkdir(path);
    assert.equal((await plan(repo.path, "feature", { path })).path, path);
    await writeFile(join(path, "file"), "");
    await assert.rejects(plan(repo.path, "feature", { path }), { code: "folder-exists", message: /^The folder / });
    await assert.rejects(plan(repo.path, "feature", { path: join(path, "file") }), {
      code: "folder-exists",
      message: /^There is a file at /,
    });
  });

  it("says that git still has a worktree where a folder is gone", async () => {
    const { path } = await add(repo.path, "one");
    await rm(path, { recursive: true });
    await assert.rejects(plan(repo.path, "two", { path }), {
      code: "worktree-exists",
      message: /`git worktree prune`/,
    });
    await git(repo.path, "worktree", "lock", path);
    await removeAdmin({ commonDir, path });
    assert.equal((await plan(repo.path, "one", { path })).isNewBranch, false);
  });

  it("does not let git's configuration decide", async () => {
    for (const [key, value] of [
      ["worktree.guessRemote", "true"],
      ["checkout.guess", "false"],
      ["branch.autoSetupMerge", "always"],
    ] as const)
      await git(repo.path, "config", key, value);
    const added = await add(repo.path, "feature", { from: "main" });
    await assert.rejects(git(added.path, "rev-parse", "@{upstream}"));
  });

  describe("with remotes", () => {
    let remote: Awaited<ReturnType<typeof tempRepo>>;
    const withRemote = async (name: string) => {
      await git(repo.path, "remote", "add", name, remote.path);
      await git(repo.path, "fetch", "-q", name);
    };
    beforeEach(async () => {
      remote = await tempRepo("remote");
      await git(remote.path, "pull", "-q", "--rebase", repo.path, "main");
      await git(remote.path, "switch", "-qc", "theirs");
      await git(remote.path, "commit", "-q", "--allow-empty", "-m", "Theirs");
      await withRemote("origin");
    });
    afterEach(() => remote.dispose());

    it("takes up a branch that one of them has, and follows it", async () => {
      const added = await add(repo.path, "theirs");
      assert.equal(added.track, "origin/theirs");
      assert.equal(await git(added.path, "rev-parse", "--abbrev-ref", "@{upstream}"), "origin/theirs");
      const before = await readFile(join(commonDir, "config"), "utf8");
      await undoCheckout(added, { commonDir });
      assert.doesNotMatch(await branches(), /theirs/);
      assert.match(before, /\[branch "theirs"\]/);
      assert.doesNotMatch(await readFile(join(commonDir, "config"), "utf8"), /\[branch "theirs"\]/);
    });

    it("asks which one where several have it", async () => {
      await withRemote("fork");
      await assert.rejects(plan(repo.path, "theirs"), {
        code: "name-invalid",
        message: /fork\/theirs.*origin\/theirs|origin\/theirs.*fork\/theirs/,
      });
      assert.equal((await plan(repo.path, "theirs", { from: "fork/theirs" })).track, "fork/theirs");
      await git(repo.path, "config", "checkout.defaultRemote", "origin");
      assert.equal((await plan(repo.path, "theirs")).track, "origin/theirs");
    });

    it("follows nothing where it only begins from a remote branch", async () => {
      const added = await add(repo.path, "mine", { from: "origin/theirs" });
      assert.deepEqual([added.track, added.base], [null, "origin/theirs"]);
      await assert.rejects(git(added.path, "rev-parse", "@{upstream}"));
    });

    it("does not begin a branch anew that a remote has", async () => {
      await assert.rejects(plan(repo.path, "theirs", { from: "main" }), {
        code: "name-invalid",
        message: /is on origin already, and is not at main/,
      });
    });

    it("begins from the default branch of origin, wherever the main checkout is", async () => {
      await git(repo.path, "remote", "set-head", "origin", "theirs");
      const planned = await plan(repo.path, "mine");
      assert.equal(planned.base, "origin/theirs");
    });

    it("begins from what origin has where the own branch is only behind it", async () => {
      await git(remote.path, "switch", "-q", "main");
      await git(remote.path, "commit", "-q", "--allow-empty", "-m", "Newer");
      await git(repo.path, "fetch", "-q");
      assert.equal((await plan(repo.path, "mine")).base, "origin/main");
      await git(repo.path, "commit", "-q", "--allow-empty", "-m", "Own");
      assert.equal((await plan(repo.path, "mine")).base, "main");
    });

    it("lets ten of them follow at once", async () => {
      const names = Array.from({ length: 10 }, (_, at) => `b${at}`);
      for (const name of names) await git(remote.path, "branch", name);
      await git(repo.path, "fetch", "-q");
      const added = await Promise.all(names.map((name) => add(repo.path, name)));
      assert.deepEqual(
        added.flatMap(({ notes }) => notes),
        [],
      );
      assert.equal((await readFile(join(commonDir, "config"), "utf8")).match(/\[branch "b\d"\]/g)?.length, 10);
      await Promise.all(added.map((each) => undoCheckout(each, { commonDir })));
      assert.doesNotMatch(await readFile(join(commonDir, "config"), "utf8"), /\[branch "b\d"\]/);
    });
  });

  it("makes ten at once", async () => {
    await manyFiles(repo.path, 300);
    const names = Array.from({ length: 10 }, (_, at) => `at-once-${at}`);
    const added = await Promise.all(names.map((name) => add(repo.path, name)));
    const checkouts = await listCheckouts(commonDir);
    assert.deepEqual(checkouts.map(({ branch }) => branch).toSorted(), [...names, "main"].toSorted());
    for (const { path } of added) assert.equal(await git(path, "status", "--porcelain"), "");
  });

  it("does again only what is missing", async () => {
    const added = await add(repo.path, "feature");
    await writeFile(join(added.path, "work"), "");
    assert.equal(await isCheckoutComplete(added, { commonDir }), true);
    assert.deepEqual(await addCheckout(added, { commonDir }), { adminDir: added.adminDir, notes: [] });
    assert.ok(await isThere(join(added.path, "work")));
  });

  describe("that does not come about", () => {
    it("leaves nothing, also not the folders above it", async () => {
      await git(repo.path, "config", "filter.no.smudge", "false");
      await git(repo.path, "config", "filter.no.clean", "cat");
      await git(repo.path, "config", "filter.no.required", "true");
      await writeFile(join(repo.path, ".gitattributes"), "*.md filter=no\n");
      await git(repo.path, "add", ".gitattributes");
      await git(repo.path, "commit", "-qm", "A filter that fails");
      const before = await state();
      await assert.rejects(add(repo.path, "feature", { path: join(repo.parent, "new/folder/wt") }), {
        code: "git-failed",
        message: /filter/,
      });
      await assertNothingLeft(before);
    });

    it("leaves alone what somebody put there meanwhile", async () => {
      const planned = await plan(repo.path, "feature");
      await mkdir(planned.path);
      await writeFile(join(planned.path, "work"), "");
      await assert.rejects(addCheckout(planned, { commonDir }), { code: "folder-exists" });
      assert.deepEqual(await readdir(planned.path), ["work"]);
      assert.doesNotMatch(await branches(), /feature/);
    });

    it("leaves a branch that somebody made meanwhile", async () => {
      const planned = await plan(repo.path, "feature");
      await git(repo.path, "branch", "feature");
      await assert.rejects(addCheckout(planned, { commonDir }), { code: "git-failed" });
      await undoCheckout(planned, { commonDir });
      assert.match(await branches(), /feature/);
    });
  });

  describe("that is cancelled", () => {
    it("ends git and leaves nothing", async () => {
      await manyFiles(repo.path, 3000);
      const before = await state();
      const cancel = new AbortController();
      const seen: string[] = [];
      const adding = add(repo.path, "feature", {
        signal: cancel.signal,
        onProgress: (text) => {
          seen.push(text);
          cancel.abort();
        },
      });
      await assert.rejects(adding, { code: "cancelled" });
      assert.match(seen[0] ?? "", /^[\d,]+ of 3,001 files$/);
      await assertNothingLeft(before);
    });

    it("ends a hook that waits", async () => {
      await hook(repo.path, "post-checkout", `echo waiting >&2; exec sleep 600`);
      const before = await state();
      const cancel = new AbortController();
      const planned = await plan(repo.path, "feature");
      const adding = addCheckout(planned, { commonDir, signal: cancel.signal });
      const ended = assert.rejects(adding, { code: "cancelled" });
      while (!(await isCheckoutComplete(planned, { commonDir }))) await new Promise(setImmediate);
      cancel.abort();
      await ended;
      await assertNothingLeft(before);
    });
  });
});
