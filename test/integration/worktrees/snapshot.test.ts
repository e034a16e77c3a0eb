import assert from "node:assert/strict";
import { access, appendFile, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { deleteTree } from "../../../src/server/worktrees/delete-tree.ts";
import { restoreSnapshot } from "../../../src/server/worktrees/snapshot/restore.ts";
import { dropSnapshot, listSnapshots, readSnapshot } from "../../../src/server/worktrees/snapshot/snapshots.ts";
import { takeSnapshot } from "../../../src/server/worktrees/snapshot/take.ts";
import { aCheckout, ask, gitViewOf, keep, type KeptWorktree, REF, restore, sweep, treeOf } from "./kept-worktree.ts";

describe("the snapshot of a worktree", () => {
  let worktree: KeptWorktree;
  const write = async (path: string, contents = `${path}\n`) => {
    await mkdir(join(worktree.path, path, ".."), { recursive: true });
    await writeFile(join(worktree.path, path), contents);
  };
  const git = (...args: string[]) => ask(worktree.path, ...args);
  const inRepo = (...args: string[]) => ask(worktree.repo, ...args);

  async function comesBack(): Promise<void> {
    const before = { tree: await treeOf(worktree.path), git: await gitViewOf(worktree) };
    await keep(worktree);
    await sweep(worktree);
    await restore(worktree);
    assert.deepEqual(await treeOf(worktree.path), before.tree);
    assert.deepEqual(await gitViewOf(worktree), before.git);
  }

  beforeEach(async () => void (worktree = await aCheckout()));
  afterEach(() => worktree.dispose());

  it("says what it is of", async () => {
    await write("new", "12345");
    const info = await keep(worktree);
    assert.deepEqual(
      { ...info, takenAt: 0 },
      {
        ref: REF,
        name: "feature",
        branch: "feature",
        head: (await inRepo("rev-parse", "feature")).trim(),
        path: worktree.path,
        takenAt: 0,
        files: 6,
        bytes: info.bytes,
        leftOut: [],
      },
    );
    assert.deepEqual(await listSnapshots(worktree.commonDir), [info]);
    const { extra } = await readSnapshot(worktree.commonDir, REF);
    assert.deepEqual(extra, { ports: [8000] });
  });

  it("changes nothing but its own ref", async () => {
    await write("new");
    await git("add", "new");
    await inRepo("config", "core.logAllRefUpdates", "always");
    const look = async () => ({
      refs: await inRepo("for-each-ref"),
      config: await inRepo("config", "--list"),
      admin: await treeOf(worktree.adminDir),
      main: await treeOf(worktree.repo),
    });
    const withoutObjects = ({ main, refs, ...rest }: Awaited<ReturnType<typeof look>>) => ({
      ...rest,
      refs: refs.split("\n").filter((line) => !line.includes(REF)),
      main: [...main.keys()].filter((path) => !path.startsWith(".git/")),
    });
    const before = withoutObjects(await look());
    await keep(worktree);
    assert.deepEqual(withoutObjects(await look()), before);
  });

  it("runs no hook, needs no identity and signs nothing", async () => {
    const hooks = join(worktree.commonDir, "hooks");
    const mark = join(worktree.outside, "hook-ran");
    await mkdir(hooks, { recursive: true });
    for (const hook of ["reference-transaction", "pre-commit", "post-checkout", "post-commit"]) {
      await writeFile(join(hooks, hook), `#!/bin/sh\ntouch '${mark}'\nexit 1\n`, { mode: 0o755 });
    }
    await inRepo("config", "user.useConfigOnly", "true");
    await inRepo("config", "commit.gpgSign", "true");
    await inRepo("config", "gpg.program", "/nonexistent");
    await keep(worktree);
    await deleteTree(worktree.trash);
    await deleteTree(worktree.adminDir);
    await restore(worktree);
    await assert.rejects(access(mark));
  });

  it("is not pushed with the branches", async () => {
    await keep(worktree);
    const remote = join(worktree.outside, "remote.git");
    await inRepo("init", "-q", "--bare", remote);
    await inRepo("push", "-q", "--all", remote);
    assert.equal(await ask(remote, "for-each-ref", "refs/tally"), "");
  });

  it("leaves out what can be made again, and says so", async () => {
    await write("node_modules/package/index.js");
    await write("ignored/cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# made by a compiler\n");
    await write("ignored/cache/large.o");
    await write("ignored/venv/pyvenv.cfg");
    await write("ignored/kept.env");
    const { leftOut } = await keep(worktree);
    await sweep(worktree);
    await restore(worktree);
    assert.deepEqual(leftOut.toSorted(), ["ignored/cache/", "ignored/venv/", "node_modules/"]);
    assert.deepEqual((await readdir(join(worktree.path, "ignored"))).toSorted(), ["kept.env"]);
  });

  it("keeps dependencies that git tracks, does not ignore, or that hold a repository", async () => {
    await write("node_modules/tracked/index.js");
    await git("add", "-f", "node_modules");
    await write("folder/node_modules/linked/index.js");
    await ask(join(worktree.path, "folder/node_modules/linked"), "init", "-q");
    await write("__pycache__/module.pyc");
    assert.deepEqual((await keep(worktree)).leftOut, []);
  });

  it("leaves out sockets, and says so", async function () {
    if (process.platform === "win32") this.skip();
    const server = createServer().listen(join(worktree.path, "agent.sock"));
    await new Promise((resolve) => server.once("listening", resolve));
    const { leftOut } = await keep(worktree);
    server.close();
    assert.deepEqual(leftOut, ["agent.sock"]);
  });

  it("keeps the commits of a rebase that is under way, and of the reflog", async () => {
    await write("one", "ours\n");
    await git("commit", "-qam", "Ours");
    await write("later");
    await git("add", ".");
    await git("commit", "-qm", "Later");
    await git("commit", "-q", "--amend", "-m", "Later, amended");
    await writeFile(join(worktree.repo, "one"), "theirs\n");
    await inRepo("commit", "-qam", "Theirs");
    await git("rebase", "main");
    await comesBack();
    await write("one", "both\n");
    await git("add", "one");
    await git("rebase", "--continue");
    assert.match(await git("log", "--format=%s"), /^Later, amended\nOurs\nTheirs\n/);
  });

  it("keeps a stash where it was: with the repository", async () => {
    await write("one", "stashed\n");
    await git("stash");
    await comesBack();
    await git("stash", "pop");
    assert.match(await git("diff"), /\+stashed/);
  });

  it("keeps a sparse checkout", async () => {
    await write("folder/file");
    await git("add", ".");
    await git("commit", "-qm", "Folder");
    await git("sparse-checkout", "set", "--no-cone", "/one");
    await comesBack();
    assert.equal(await git("sparse-checkout", "list"), "/one\n");
  });

  /** A submodule with a commit and a change that are nowhere else. */
  async function addSubmodule(): Promise<string> {
    const library = join(worktree.outside, "library");
    await inRepo("init", "-q", library);
    await writeFile(join(library, "lib"), "1\n");
    await ask(library, "add", ".");
    await ask(library, "commit", "-qm", "Library");
    await git("submodule", "add", "-q", library, "libs/inner");
    await git("commit", "-qm", "With a library");
    const inner = join(worktree.path, "libs/inner");
    await appendFile(join(inner, "lib"), "2\n");
    await ask(inner, "commit", "-qam", "Mine alone");
    await appendFile(join(inner, "lib"), "3\n");
    return inner;
  }

  it("keeps a submodule with commits of its own", async () => {
    const inner = await addSubmodule();
    const before = await ask(inner, "log", "-p", "--format=%H");
    await comesBack();
    assert.equal(await ask(inner, "log", "-p", "--format=%H"), before);
    assert.match(await ask(inner, "diff"), /\+3/);
  });

  it("keeps a submodule that is restored to another place", async () => {
    await addSubmodule();
    await keep(worktree);
    await sweep(worktree);
    await inRepo("worktree", "add", "-q", "-b", "other", worktree.path);
    const path = join(worktree.outside, "feature");
    await restoreSnapshot({ commonDir: worktree.commonDir, ref: REF, path });
    assert.match(await ask(join(path, "libs/inner"), "log", "--format=%s"), /^Mine alone\n/);
    assert.match(await ask(join(path, "libs/inner"), "diff"), /\+3/);
    assert.match(await ask(path, "status", "--porcelain"), /^ M libs\/inner$/m);
  });

  it("keeps the branch's upstream", async () => {
    await inRepo("init", "-q", "--bare", join(worktree.outside, "remote.git"));
    await inRepo("remote", "add", "origin", join(worktree.outside, "remote.git"));
    await git("push", "-q", "-u", "origin", "feature");
    await comesBack();
    assert.equal(await git("rev-parse", "--abbrev-ref", "@{upstream}"), "origin/feature\n");
  });

  it("keeps a damaged index", async () => {
    await write("new");
    await writeFile(join(worktree.adminDir, "index"), "no index");
    await comesBack();
  });

  it("keeps a detached HEAD, and the branch beside it", async () => {
    await git("checkout", "-q", "--detach");
    await write("loose");
    await git("add", ".");
    await git("commit", "-qm", "On no branch");
    await comesBack();
  });

  it("keeps a worktree whose branch has no commit yet", async () => {
    await git("checkout", "-q", "--orphan", "fresh");
    await write("first");
    await git("add", ".");
    await comesBack();
  });

  it("keeps what git knows where the folder is gone", async () => {
    await write("staged");
    await git("add", "staged");
    await keep({ ...worktree, trash: join(worktree.outside, "elsewhere") });
    await deleteTree(join(worktree.outside, "elsewhere"));
    await takeSnapshot({
      ...worktree,
      folder: worktree.trash,
      worktree: { name: "feature", path: worktree.path, branch: "feature" },
      ref: REF,
      extra: {},
    });
    await sweep(worktree);
    await restore(worktree);
    assert.match(await git("status", "--porcelain"), /^AD staged$/m);
  });

  it("is replaced by a second one of the same removal, and by no other", async () => {
    await keep(worktree);
    await rename(worktree.trash, worktree.path);
    await write("more");
    assert.equal((await keep(worktree)).files, 6);
    await rename(worktree.trash, worktree.path);
    await assert.rejects(
      takeSnapshot({
        ...worktree,
        folder: worktree.path,
        worktree: { name: "other", path: join(worktree.outside, "other"), branch: null },
        ref: REF,
        extra: {},
      }),
      /snapshot of another worktree/,
    );
  });

  it("is not taken into a repository that lacks its commits", async () => {
    await git("commit", "-q", "--allow-empty", "-m", "Elsewhere");
    const other = join(worktree.outside, "other.git");
    await inRepo("init", "-q", "--bare", other);
    await assert.rejects(keep({ ...worktree, commonDir: other }), /is a worktree of another repository/);
    assert.deepEqual(await listSnapshots(other), []);
  });

  it("does not exist when it was cancelled", async () => {
    const controller = new AbortController();
    await rename(worktree.path, worktree.trash);
    const taken = takeSnapshot({
      ...worktree,
      folder: worktree.trash,
      worktree: { name: "feature", path: worktree.path, branch: "feature" },
      ref: REF,
      extra: {},
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(taken, { code: "cancelled" });
    assert.deepEqual(await listSnapshots(worktree.commonDir), []);
  });

  it("can be dropped, and only a snapshot can", async () => {
    await keep(worktree);
    await assert.rejects(dropSnapshot(worktree.commonDir, "refs/heads/main"), { code: "snapshot-not-found" });
    await dropSnapshot(worktree.commonDir, REF);
    await assert.rejects(readSnapshot(worktree.commonDir, REF), { code: "snapshot-not-found" });
  });

  describe("that is restored", () => {
    it("takes its branch up where it is as it was", async () => {
      await keep(worktree);
      await deleteTree(worktree.trash);
      await inRepo("worktree", "prune", "--expire", "now");
      const restored = await restore(worktree);
      assert.deepEqual(restored, { branch: "feature", isDetached: false, notes: [], extra: { ports: [8000] } });
    });

    it("leaves a branch alone that has moved meanwhile", async () => {
      const before = (await git("rev-parse", "HEAD")).trim();
      await keep(worktree);
      await sweep(worktree);
      await inRepo("branch", "feature", "HEAD~1");
      const { branch, isDetached, notes } = await restore(worktree);
      assert.deepEqual({ branch, isDetached }, { branch: null, isDetached: true });
      assert.match(notes.join(), /^Branch feature is at another commit now .* HEAD is detached at /);
      assert.equal((await git("rev-parse", "HEAD")).trim(), before);
      assert.equal((await inRepo("rev-parse", "feature")).trim(), (await inRepo("rev-parse", "HEAD~1")).trim());
    });

    it("leaves a branch alone that is checked out elsewhere", async () => {
      await keep(worktree);
      await sweep(worktree);
      await inRepo("branch", "feature", "main");
      await inRepo("checkout", "-q", "feature");
      const { branch, notes } = await restore(worktree);
      assert.equal(branch, null);
      assert.match(notes.join(), /is checked out in .*repo now/);
    });

    it("is detached where another name is in the branch's way", async () => {
      await keep(worktree);
      await sweep(worktree);
      await inRepo("branch", "feature/payment");
      const { isDetached, notes } = await restore(worktree);
      assert.equal(isDetached, true);
      assert.match(notes.join(), /another name is in its way/);
    });

    it("comes back without a file that is not in the repository any more, and says so", async () => {
      await write("precious");
      await write("new");
      await keep(worktree);
      const blob = (await inRepo("hash-object", join(worktree.trash, "precious"))).trim();
      await deleteTree(worktree.trash);
      await rm(join(worktree.commonDir, "objects", blob.slice(0, 2), blob.slice(2)));
      await inRepo("worktree", "prune", "--expire", "now");
      const { notes } = await restore(worktree);
      assert.deepEqual(notes, ["Not in the repository any more, and so not brought back: precious."]);
      assert.equal(await git("status", "--porcelain"), "?? new\n");
    });

    it("does not touch what is in its place", async () => {
      await keep(worktree);
      await mkdir(worktree.path);
      await assert.rejects(restore(worktree), { code: "folder-exists" });
      assert.deepEqual(await readdir(worktree.path), []);
    });

    it("can be somewhere else, while another worktree has its old id", async () => {
      await write("new");
      await keep(worktree);
      await sweep(worktree);
      await inRepo("worktree", "add", "-q", "-b", "other", worktree.path);
      const path = join(worktree.outside, "deep/er/feature");
      await restoreSnapshot({ commonDir: worktree.commonDir, ref: REF, path });
      assert.equal(await ask(path, "status", "--porcelain"), "?? new\n");
      assert.equal(await git("status", "--porcelain"), "");
    });

    it("leaves nothing half made when it is cancelled, and can be restored again", async () => {
      await write("new");
      await keep(worktree);
      await sweep(worktree);
      const state = async () => ({
        folders: await readdir(join(worktree.repo, "..")),
        refs: await inRepo("for-each-ref"),
        worktrees: await inRepo("worktree", "list"),
        config: await inRepo("config", "--list"),
      });
      const before = await state();
      const controller = new AbortController();
      const options = { commonDir: worktree.commonDir, ref: REF, path: worktree.path };
      const restored = restoreSnapshot({ ...options, signal: controller.signal, onProgress: () => controller.abort() });
      await assert.rejects(restored, { code: "cancelled" });
      assert.deepEqual(await state(), before);
      await restoreSnapshot(options);
      assert.equal(await git("status", "--porcelain"), "?? new\n");
    });

    it("begins anew after it was cut off half way", async () => {
      await write("new");
      await keep(worktree);
      await sweep(worktree);
      await restore(worktree);
      // What is left when it is killed just before the folder gets its name.
      const options = { commonDir: worktree.commonDir, ref: REF, path: worktree.path };
      await deleteTree(worktree.path);
      await writeFile(join(worktree.adminDir, "locked"), `Tally restores ${REF}\n`);
      await restoreSnapshot(options);
      assert.deepEqual(await readdir(join(worktree.commonDir, "worktrees")), ["feature"]);
      assert.equal(await git("status", "--porcelain"), "?? new\n");
    });

    it("is finished when it was cut off at the very end", async () => {
      await keep(worktree);
      await sweep(worktree);
      await restore(worktree);
      await writeFile(join(worktree.adminDir, "locked"), `Tally restores ${REF}\n`);
      const { branch } = await restore(worktree);
      assert.equal(branch, "feature");
      assert.doesNotMatch(await inRepo("worktree", "list", "--porcelain"), /locked/);
    });

    it("does not write through a link to outside", async () => {
      await symlink(worktree.outside, join(worktree.path, "link"));
      const before = await treeOf(worktree.outside);
      await comesBack();
      assert.deepEqual(await treeOf(worktree.outside), before);
    });
  });
});
