import assert from "node:assert/strict";
import { access, copyFile, mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { isCheckoutComplete, undoCheckout } from "../../../src/server/worktrees/checkout.ts";
import type { CheckoutPlan } from "../../../src/server/worktrees/checkout-plan.ts";
import { makeBranch } from "../../../src/server/worktrees/new-branch.ts";
import { addArguments } from "../../../src/server/worktrees/stray-add.ts";
import { add, commonDirOf, plan } from "../../support/checkouts.ts";
import { git, hook, manyFiles, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

describe("taking back the checkout of a worktree", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let commonDir: string;
  let before: string;
  beforeEach(async () => {
    repo = await tempRepo();
    await writeFile(join(repo.path, ".gitignore"), "*.log\nbuild/\n");
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Ignores");
    await manyFiles(repo.path, 20);
    commonDir = await commonDirOf(repo.path);
    before = await state();
  });
  afterEach(() => repo.dispose());

  const state = async () =>
    JSON.stringify({
      beside: await readdir(repo.parent),
      admin: await readdir(join(commonDir, "worktrees")).catch(() => "none"),
      branches: await git(repo.path, "for-each-ref", "refs/heads"),
    });
  const undo = (planned: CheckoutPlan) => undoCheckout(planned, { commonDir });
  const assertStays = async (planned: CheckoutPlan, why: RegExp) => {
    const there = await state();
    const undone = await undo(planned);
    assert.equal(undone.undone, false);
    assert.match(undone.why, why);
    assert.equal(await state(), there);
  };
  const assertGone = async (planned: CheckoutPlan) => {
    assert.deepEqual(await undo(planned), { undone: true });
    assert.equal(await state(), before);
  };
  /** As git leaves it when it is killed while it writes files. */
  const halfMade = async () => {
    const added = await add(repo.path, "feature");
    await writeFile(join(added.adminDir, "locked"), "initializing\n");
    await copyFile(join(added.adminDir, "index"), join(added.adminDir, "index.lock"));
    await rm(join(added.adminDir, "index"));
    await rm(join(added.path, "many/0/7.txt"));
    await truncate(join(added.path, "many/0/8.txt"), 5);
    assert.equal(await isCheckoutComplete(added, { commonDir }), false);
    return added;
  };

  it("does so any number of times", async () => {
    const added = await add(repo.path, "feature");
    await assertGone(added);
    await assertGone(added);
  });

  it("of one of which only the branch was made", async () => {
    const planned = await plan(repo.path, "feature");
    await makeBranch(planned, commonDir);
    await assertGone(planned);
  });

  it("of one that git was killed in", async () => {
    await assertGone(await halfMade());
  });

  it("of one that was half deleted", async () => {
    const added = await add(repo.path, "feature");
    await rm(join(added.path, ".git"));
    await rm(join(added.path, "many"), { recursive: true });
    await assertGone(added);
  });

  it("of one whose record is gone before its files", async () => {
    const added = await halfMade();
    await rm(added.adminDir, { recursive: true });
    await assertGone(added);
  });

  it("ends a git that its gateway left behind", async () => {
    await hook(repo.path, "post-checkout", "exec sleep 600");
    const planned = await plan(repo.path, "feature");
    await makeBranch(planned, commonDir);
    const left = spawn("git", addArguments(planned, commonDir), { detached: true, stdio: "ignore" });
    const ended = new Promise((resolve) => left.on("exit", resolve));
    await until(() => isCheckoutComplete(planned, { commonDir }), "the checkout to be complete");
    await assertGone(planned);
    await ended;
  });

  it("keeps a file that is in no commit, also in a half-made one", async () => {
    const added = await add(repo.path, "feature");
    await writeFile(join(added.path, "notes"), "mine");
    await assertStays(added, /work that is nowhere else: notes\./);
    await rm(added.path, { recursive: true });
    await undo(added);
    const half = await halfMade();
    await mkdir(join(half.path, "build"));
    await writeFile(join(half.path, "build/result.log"), "mine");
    await assertStays(half, /build\/result\.log/);
  });

  it("keeps a file that was changed, also in a half-made one", async () => {
    const added = await add(repo.path, "feature");
    await writeFile(join(added.path, "README.md"), "mine");
    await assertStays(added, /README\.md/);
    await rm(added.path, { recursive: true });
    await undo(added);
    const half = await halfMade();
    await writeFile(join(half.path, "many/0/9.txt"), "9\nmine");
    await assertStays(half, /many\/0\/9\.txt/);
  });

  it("keeps ignored files but those that Tally put there", async () => {
    const added = await add(repo.path, "feature");
    await mkdir(join(added.path, "build"));
    await writeFile(join(added.path, "build/copied"), "");
    await assertStays(added, /build\/copied/);
    const undone = await undoCheckout(added, { commonDir, isOwn: (path) => path === "build/copied" });
    assert.deepEqual(undone, { undone: true });
    assert.equal(await state(), before);
  });

  it("keeps commits", async () => {
    const added = await add(repo.path, "feature");
    await git(added.path, "commit", "-q", "--allow-empty", "-m", "Mine");
    await assertStays(added, /has other commits since/);
    assert.deepEqual(await undoCheckout(added, { commonDir, mayHoldWork: false }), { undone: true });
    assert.match(await git(repo.path, "branch", "--list", "feature"), /feature/);
  });

  it("keeps one that is on another branch", async () => {
    const added = await add(repo.path, "feature");
    await git(added.path, "switch", "-qc", "other");
    await assertStays(added, /is on other now/);
  });

  it("keeps a folder that is none of git's, whoever says that it holds no work", async () => {
    const planned = await plan(repo.path, "feature");
    await mkdir(planned.path);
    await writeFile(join(planned.path, "work"), "");
    await assertStays(planned, /is no worktree of git/);
    assert.equal((await undoCheckout(planned, { commonDir, mayHoldWork: false })).undone, false);
    await access(join(planned.path, "work"));
  });

  it("keeps what a link in it leads to", async () => {
    const outside = join(repo.parent, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "file"), "");
    before = await state();
    const added = await add(repo.path, "feature");
    await symlink(outside, join(added.path, "build"));
    await undoCheckout(added, { commonDir, mayHoldWork: false });
    assert.equal(await state(), before);
    await access(join(outside, "file"));
  });
});
