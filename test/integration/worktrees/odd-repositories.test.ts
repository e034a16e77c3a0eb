import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { planCheckout } from "../../../src/server/worktrees/checkout-plan.ts";
import { undoCheckout } from "../../../src/server/worktrees/checkout.ts";
import { listCheckouts } from "../../../src/server/worktrees/checkouts.ts";
import { readStanding } from "../../../src/server/worktrees/standing.ts";
import { add, commonDirOf, plan } from "../../support/checkouts.ts";
import { bareRepo, git, hook, manyFiles, tempFolder, tempRepo, withSubmodule } from "../../support/repositories.ts";

describe("worktrees of odd repositories", () => {
  let disposables: { dispose(): Promise<void> }[];
  beforeEach(() => (disposables = []));
  afterEach(async () => {
    for (const each of disposables) await each.dispose();
  });
  const kept = async <T extends { dispose(): Promise<void> }>(making: Promise<T>): Promise<T> => {
    const made = await making;
    disposables.push(made);
    return made;
  };

  it("without a commit: says to make one", async () => {
    const { path } = await kept(tempFolder());
    await git(path, "init", "-q");
    await assert.rejects(plan(path, "feature"), {
      code: "no-commits",
      message:
        "The repository has no commit yet, so there is nothing to check out. Make a first one: git add . && git commit",
    });
    await assert.rejects(plan(path, "feature", { from: "main" }), { code: "no-commits" });
    await assert.rejects(plan(path, "feature", { base: "main" }), { code: "no-commits" });
  });

  it("on a branch without a commit: says what there is to begin from", async () => {
    const { path } = await kept(tempRepo());
    await git(path, "switch", "-q", "--orphan", "empty");
    await assert.rejects(plan(path, "feature"), { code: "ref-not-found", message: /--from main/ });
    assert.equal((await plan(path, "feature", { from: "main" })).base, "main");
  });

  it("bare", async () => {
    const { path } = await kept(bareRepo());
    const added = await add(path, "feature", { path: join(path, "../feature") });
    assert.equal(await git(added.path, "status", "--porcelain", "--branch"), "## feature");
    const first = await add(path, "main", { path: join(path, "../main") });
    assert.deepEqual([first.isNewBranch, first.base], [false, null]);
    await undoCheckout(added, { commonDir: path });
    assert.deepEqual(
      (await listCheckouts(path)).map(({ branch, isBare }) => ({ branch, isBare })),
      [
        { branch: null, isBare: true },
        { branch: "main", isBare: false },
      ],
    );
  });

  it("with a detached HEAD", async () => {
    const { path } = await kept(tempRepo());
    await git(path, "checkout", "-q", "--detach");
    await git(path, "commit", "-q", "--allow-empty", "-m", "Detached");
    const head = await git(path, "rev-parse", "HEAD");
    const added = await add(path, "feature");
    assert.deepEqual([added.commit, added.base], [head, head]);
    const standing = await readStanding(added.path, added.base);
    assert.deepEqual([standing.ahead, standing.behind], [0, 0]);
  });

  it("from inside another worktree", async () => {
    const { path, parent } = await kept(tempRepo());
    const first = await add(path, "first");
    const second = await add(first.path, "second");
    assert.equal(second.path, join(parent, "wt-second"));
    assert.equal(await commonDirOf(second.path), join(path, ".git"));
  });

  it("with spaces, unicode and a newline in names", async () => {
    const { path, parent } = await kept(tempRepo("größe 日本 x"));
    for (const name of ["ein ä", "zwei\nZeilen", " -leading"]) await writeFile(join(path, name), name);
    await git(path, "add", ".");
    await git(path, "commit", "-qm", "Names");
    const added = await add(path, "日本/ä", { path: join(parent, "wörk tree\n2 ") });
    assert.deepEqual((await readdir(added.path)).toSorted(), [...(await readdir(path))].toSorted());
    const checkouts = await listCheckouts(join(path, ".git"));
    assert.deepEqual(
      checkouts.map((each) => [each.path, each.branch, each.isMissing]),
      [
        [path, "main", false],
        [added.path, "日本/ä", false],
      ],
    );
    assert.deepEqual(await undoCheckout(added, { commonDir: join(path, ".git") }), { undone: true });
    assert.deepEqual(await readdir(parent), ["größe 日本 x"]);
  });

  it("in a submodule", async () => {
    const { path } = await kept(tempRepo());
    await withSubmodule(path);
    const added = await add(join(path, "vendor/library"), "feature", { path: join(path, "../feature") });
    assert.equal(await readFile(join(added.path, "README.md"), "utf8"), "# A repository\n");
  });

  describe("with submodules", () => {
    it("has those of the main checkout, without asking where they came from", async () => {
      const { path } = await kept(tempRepo());
      await withSubmodule(path);
      const before = await readFile(join(path, ".git/config"), "utf8");
      const origin = await git(join(path, "vendor/library"), "remote", "get-url", "origin");
      const added = await add(path, "feature");
      assert.deepEqual(added.notes, []);
      const library = join(added.path, "vendor/library");
      assert.equal(await readFile(join(library, "README.md"), "utf8"), "# A repository\n");
      assert.equal(await git(library, "remote", "get-url", "origin"), origin);
      assert.equal(await git(added.path, "status", "--porcelain"), "");
      assert.equal(await readFile(join(path, ".git/config"), "utf8"), before);
      // Its own: what is done in one is not seen in the other.
      await git(library, "commit", "-q", "--allow-empty", "-m", "Mine");
      assert.equal(await git(path, "status", "--porcelain"), "");
      assert.equal((await undoCheckout(added, { commonDir: join(path, ".git") })).undone, false);
    });

    it("has those in them too", async () => {
      const { path } = await kept(tempRepo());
      const middle = await kept(tempRepo("middle"));
      await withSubmodule(middle.path);
      const allow = ["-c", "protocol.file.allow=always"];
      await git(path, ...allow, "submodule", "--quiet", "add", middle.path, "middle");
      await git(path, "commit", "-qm", "Nested");
      // What it was made of is gone, but is still in the middle one's own repository.
      const inner = join(path, "middle/vendor/library");
      await git(
        join(path, "middle"),
        "config",
        "submodule.vendor/library.url",
        join(middle.path, ".git/modules/vendor/library"),
      );
      await git(join(path, "middle"), ...allow, "submodule", "--quiet", "update", "--init");
      assert.ok((await readdir(inner)).includes("README.md"));
      await rm(middle.path, { recursive: true });
      const added = await add(path, "feature");
      assert.deepEqual(added.notes, []);
      assert.ok((await readdir(join(added.path, "middle/vendor/library"))).includes("README.md"));
    });

    it("leaves alone what the main checkout has not initialised", async () => {
      const { path } = await kept(tempRepo());
      await withSubmodule(path);
      await git(path, "submodule", "--quiet", "deinit", "--all", "-f");
      await rm(join(path, ".git/modules"), { recursive: true });
      const added = await add(path, "feature");
      assert.deepEqual(added.notes, []);
      assert.deepEqual(await readdir(join(added.path, "vendor/library")), []);
    });

    it("notes what could not be had", async () => {
      const { path } = await kept(tempRepo());
      await withSubmodule(path);
      const missing = "1".repeat(40);
      await git(path, "update-index", "--cacheinfo", `160000,${missing},vendor/library`);
      await git(path, "commit", "-qm", "A commit of the submodule that nobody has");
      const added = await add(path, "feature");
      assert.equal(added.notes.length, 1);
      assert.match(added.notes[0] ?? "", /^The submodule vendor\/library could not be had: /);
    });
  });

  describe("with hooks that fail", () => {
    it("after the checkout: goes on, and says so", async () => {
      const { path } = await kept(tempRepo());
      await hook(path, "post-checkout", "echo no lfs here >&2; exit 2");
      const added = await add(path, "feature");
      assert.deepEqual(added.notes, ["The repository's post-checkout hook failed: no lfs here"]);
      assert.equal(await git(added.path, "status", "--porcelain"), "");
    });

    it("on every change of a ref: says so, and leaves nothing", async () => {
      const { path, parent } = await kept(tempRepo());
      await hook(path, "reference-transaction", 'test "$1" = prepared || exit 0; echo not today >&2; exit 1');
      await assert.rejects(add(path, "feature"), {
        code: "git-failed",
        message: /^The repository's reference-transaction hook refused the branch feature: not today/,
      });
      assert.deepEqual(await readdir(parent), ["repo"]);
      assert.equal(await git(path, "branch", "--format=%(refname:short)"), "main");
      assert.deepEqual(await readdir(join(path, ".git")).then((all) => all.includes("worktrees")), false);
    });

    it("that leaves something running: does not wait for that", async () => {
      const { path, parent } = await kept(tempRepo());
      await hook(path, "post-checkout", `sleep 600 & echo $! > ${join(parent, "pid")}`);
      await add(path, "feature");
      process.kill(Number(await readFile(join(parent, "pid"), "utf8")));
    });
  });

  it("with filters", async () => {
    const { path } = await kept(tempRepo());
    await git(path, "config", "filter.shout.clean", "tr A-Z a-z");
    await git(path, "config", "filter.shout.smudge", "tr a-z A-Z");
    await writeFile(join(path, ".gitattributes"), "*.shout filter=shout\n");
    await writeFile(join(path, "a.shout"), "HELLO\n");
    await git(path, "add", ".");
    await git(path, "commit", "-qm", "Filtered");
    const added = await add(path, "feature");
    assert.equal(await readFile(join(added.path, "a.shout"), "utf8"), "HELLO\n");
    assert.deepEqual(await undoCheckout(added, { commonDir: join(path, ".git") }), { undone: true });
  });

  it("with 50,000 files: tells how far it is, and can be cancelled in the middle", async function () {
    this.timeout(120_000);
    const { path, parent } = await kept(tempRepo());
    await manyFiles(path, 50_000);
    const cancel = new AbortController();
    const seen: number[] = [];
    const adding = add(path, "feature", {
      signal: cancel.signal,
      onProgress: (text) => {
        const [, done] = /^([\d,]+) of 50,001 files$/.exec(text) ?? [];
        seen.push(Number(done?.replaceAll(",", "")));
        if ((seen.at(-1) ?? 0) > 10_000) cancel.abort();
      },
    });
    await assert.rejects(adding, { code: "cancelled" });
    assert.ok(seen.length > 10);
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
    );
    assert.deepEqual(await readdir(parent), ["repo"]);
    assert.equal(
      await git(path, "worktree", "list", "--porcelain").then((text) => text.match(/^worktree/gm)?.length),
      1,
    );
    assert.equal(await git(path, "branch", "--format=%(refname:short)"), "main");
  });

  it("in a folder above which nothing may be written: git's own words", async () => {
    const { path } = await kept(tempRepo());
    await mkdir(join(path, "file-not-folder"));
    await writeFile(join(path, "file-not-folder/file"), "");
    const { commonDir, mainPath } = { commonDir: join(path, ".git"), mainPath: path };
    const request = { commonDir, mainPath, isBare: false, name: "feature", from: null, base: null };
    const wanted = join(path, "file-not-folder/file/below");
    assert.equal((await planCheckout({ ...request, path: wanted })).path, wanted);
    await assert.rejects(add(path, "feature", { path: wanted }), { code: "git-failed" });
    assert.equal(await git(path, "branch", "--format=%(refname:short)"), "main");
  });
});
