import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { appendFile, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../../../src/protocol/errors.ts";
import { assertUnchanged } from "../../../src/server/worktrees/snapshot/assert-unchanged.ts";
import { listSnapshots, readSnapshot } from "../../../src/server/worktrees/snapshot/snapshots.ts";
import { aCheckout, ask, keep, type KeptWorktree, REF, restore, sweep } from "./kept-worktree.ts";

describe("the snapshot of a worktree that is written to meanwhile", () => {
  let worktree: KeptWorktree;
  const inTrash = (path: string) => join(worktree.trash, path);
  const snapshots = () => listSnapshots(worktree.commonDir);

  beforeEach(async () => void (worktree = await aCheckout()));
  afterEach(() => worktree.dispose());

  function onFirst(act: () => void): () => void {
    let isDone = false;
    return () => {
      if (!isDone) act();
      isDone = true;
    };
  }

  it("has what was written last", async () => {
    await keep(worktree, {
      onProgress: onFirst(() => {
        appendFileSync(inTrash("one"), "written while it was taken\n");
        writeFileSync(inTrash("new"), "made while it was taken\n");
      }),
    });
    await sweep(worktree);
    await restore(worktree);
    assert.match(await readFile(join(worktree.path, "one"), "utf8"), /written while it was taken\n$/);
    assert.equal(await readFile(join(worktree.path, "new"), "utf8"), "made while it was taken\n");
  });

  it("has what was written last where its size and time are as they were", async () => {
    const time = new Date(1_700_000_000_000);
    await writeFile(join(worktree.path, "one"), "before\n");
    await utimes(join(worktree.path, "one"), time, time);
    const rewrite = onFirst(() => {
      writeFileSync(inTrash("one"), "after!\n");
      utimesSync(inTrash("one"), time, time);
    });
    await keep(worktree, { onProgress: rewrite });
    await sweep(worktree);
    await restore(worktree);
    assert.equal(await readFile(join(worktree.path, "one"), "utf8"), "after!\n");
  });

  it("is taken although something went meanwhile", async () => {
    const stray = join(worktree.adminDir, "stray");
    await writeFile(stray, "");
    await keep(worktree, { onProgress: onFirst(() => rmSync(stray)) });
    const { manifest } = await readSnapshot(worktree.commonDir, REF);
    assert.equal(
      manifest.admin.some(({ path }) => path === "stray"),
      false,
    );
  });

  it("has what git was told meanwhile", async () => {
    await keep(worktree, {
      onProgress: onFirst(() => writeFileSync(join(worktree.adminDir, "MERGE_MSG"), "Merge\n")),
    });
    const { manifest } = await readSnapshot(worktree.commonDir, REF);
    assert.equal(
      manifest.admin.some(({ path }) => path === "MERGE_MSG"),
      true,
    );
  });

  it("has all although git has thrown away what nothing refers to", async () => {
    await writeFile(join(worktree.path, "precious"), "precious\n");
    const prune = onFirst(() => execFileSync("git", ["prune", "--expire=now"], { cwd: worktree.repo }));
    await keep(worktree, { onProgress: prune });
    await sweep(worktree);
    await restore(worktree);
    assert.equal(await readFile(join(worktree.path, "precious"), "utf8"), "precious\n");
  });

  it("does not exist while git goes on to throw away what is written", async () => {
    const prune = () => execFileSync("git", ["prune", "--expire=now"], { cwd: worktree.repo });
    await writeFile(join(worktree.path, "precious"), "precious\n");
    await assert.rejects(keep(worktree, { onProgress: prune }), { code: "git-failed", message: /is pruned/ });
    assert.deepEqual(await snapshots(), []);
  });

  it("does not exist while a program goes on writing", async () => {
    const kept = keep(worktree, { onProgress: () => appendFileSync(inTrash("notes.txt"), "more\n") });
    await assert.rejects(kept, { code: "worktree-busy", message: /^notes\.txt of worktree feature is still being/ });
    assert.deepEqual(await snapshots(), []);
  });

  it("says who does it", async function () {
    if (process.platform !== "linux") this.skip();
    const program = spawn("cat", { cwd: worktree.path, stdio: ["pipe", "ignore", "ignore"] });
    await once(program, "spawn");
    const kept = keep(worktree, { onProgress: () => appendFileSync(inTrash("notes.txt"), "more\n") });
    const error = await kept.then(
      () => null,
      (reason: unknown) => reason,
    );
    program.stdin.end();
    await once(program, "close");
    assert.ok(error instanceof TallyError);
    assert.match(error.message, new RegExp(`cat \\(${program.pid}\\) has it open\\. End that`));
  });

  it("is not taken of what a link leads to", async () => {
    const moved = join(worktree.outside, "moved");
    await rename(worktree.path, moved);
    await symlink(moved, worktree.path);
    await assert.rejects(keep(worktree), { code: "not-a-folder", message: /is a link to .*moved, so what is in/ });
    assert.deepEqual(await snapshots(), []);
  });

  describe("is asked for once more before the deletion", () => {
    const check = () => assertUnchanged({ ...worktree, folder: worktree.trash, ref: REF });

    beforeEach(async () => {
      await mkdir(join(worktree.path, "node_modules"));
      await writeFile(join(worktree.path, "node_modules/package"), "");
      await keep(worktree);
    });

    it("and has all", () => check());

    it("and does not miss what is gone already", async () => {
      await rm(inTrash("one"));
      await rm(worktree.adminDir, { recursive: true });
      await check();
    });

    it("and has what only got another time", async () => {
      await utimes(inTrash("one"), 1, 1);
      await check();
    });

    it("and lacks what was written", async () => {
      await appendFile(inTrash("one"), "more\n");
      await assert.rejects(check(), { code: "worktree-busy", message: /^one of worktree feature/ });
    });

    it("and lacks what was written in as many bytes", async () => {
      const text = await readFile(inTrash("one"), "utf8");
      await writeFile(inTrash("one"), text.toUpperCase());
      await assert.rejects(check(), { code: "worktree-busy" });
    });

    it("and lacks what was made", async () => {
      await writeFile(inTrash("new"), "");
      await assert.rejects(check(), { code: "worktree-busy" });
    });

    it("and lacks what was committed", async () => {
      await ask(worktree.trash, "commit", "-q", "--allow-empty", "-m", "Meanwhile");
      await assert.rejects(check(), { code: "worktree-busy" });
    });
  });
});
