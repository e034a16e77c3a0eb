import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { Step } from "../../../src/protocol/worktrees.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { bareRepo, git, hook, manyFiles, tempFolder, tempRepo, withSubmodule } from "../../support/repositories.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("worktrees of odd repositories, through the gateway", () => {
  let gateway: TestGateway;
  let disposables: { dispose(): Promise<void> }[];
  beforeEach(async () => {
    disposables = [];
    gateway = await startTestGateway();
  });
  afterEach(async () => {
    await gateway.dispose();
    for (const each of disposables) await each.dispose();
  });

  const kept = async <T extends { dispose(): Promise<void> }>(making: Promise<T>): Promise<T> => {
    const made = await making;
    disposables.push(made);
    return made;
  };
  const begin = async (cwd: string, name: string, from?: string): Promise<Worktree> => {
    const body = { cwd, name, agent: null, env: gateway.env, ...(from === undefined ? {} : { from }) };
    return (await gateway.client.call("addWorktree", { body })).worktree;
  };
  const worktreeOf = (id: string) => gateway.model().worktrees.get(id);
  const add = async (cwd: string, name: string, from?: string): Promise<Worktree> => {
    const { id } = await begin(cwd, name, from);
    const settled = await untilDefined(() => {
      const worktree = worktreeOf(id);
      return worktree && worktree.operation?.state !== "running" ? worktree : undefined;
    }, `worktree ${name} to be settled`);
    assert.equal(settled.operation?.state, "done", JSON.stringify(settled.operation));
    return settled;
  };
  const remove = async ({ id }: Worktree) => {
    await gateway.client.call("removeWorktree", { id, body: { env: gateway.env } });
    await until(() => worktreeOf(id) === undefined, `worktree ${id} to be removed`);
  };
  const checkout = (worktree: Worktree | undefined): Step | undefined =>
    worktree?.operation?.steps.find((step) => step.id === "checkout");

  it("without a commit: says to make one", async () => {
    const { path } = await kept(tempFolder());
    await git(path, "init", "-q");
    await assert.rejects(begin(path, "feature"), { code: "no-commits", message: /Make a first one/ });
    assert.equal(gateway.model().worktrees.size, 0);
  });

  it("bare", async () => {
    const { path, parent } = await kept(bareRepo("shop.git"));
    const worktree = await add(path, "feature");
    assert.equal(await git(worktree.path, "branch", "--show-current"), "feature");
    await remove(worktree);
    assert.deepEqual(await readdir(parent), ["shop.git"]);
  });

  it("with a detached HEAD", async () => {
    const { path } = await kept(tempRepo());
    await git(path, "checkout", "-q", "--detach");
    const worktree = await add(path, "feature");
    assert.equal(await git(worktree.path, "rev-parse", "HEAD"), await git(path, "rev-parse", "HEAD"));
  });

  it("from inside another worktree", async () => {
    const { path } = await kept(tempRepo());
    const first = await add(path, "first");
    const second = await add(first.path, "second");
    assert.equal(second.path, `${path}-second`);
    assert.equal(second.projectId, first.projectId);
  });

  it("with spaces, unicode and a newline in names", async () => {
    const { path, parent } = await kept(tempRepo("größe 日本 x"));
    await writeFile(join(path, "zwei\nZeilen"), "");
    await git(path, "add", ".");
    await git(path, "commit", "-qm", "Names");
    const worktree = await add(path, "日本/ä");
    assert.equal(worktree.path, join(parent, "größe 日本 x-日本-ä"));
    assert.ok(existsSync(join(worktree.path, "zwei\nZeilen")));
    await remove(worktree);
    assert.deepEqual(await readdir(parent), ["größe 日本 x"]);
  });

  it("with submodules", async () => {
    const { path, parent } = await kept(tempRepo());
    await withSubmodule(path);
    const before = await readFile(join(path, ".git/config"), "utf8");
    const worktree = await add(path, "feature");
    assert.ok(existsSync(join(worktree.path, "vendor/library/README.md")));
    await remove(worktree);
    assert.deepEqual(await readdir(parent), ["repo"]);
    assert.equal(await readFile(join(path, ".git/config"), "utf8"), before);
  });

  it("with the branch checked out elsewhere: says where", async () => {
    const { path } = await kept(tempRepo());
    await assert.rejects(begin(path, "main"), { code: "branch-checked-out", message: new RegExp(path) });
  });

  it("with a hook that fails after the checkout: goes on, and says so", async () => {
    const { path } = await kept(tempRepo());
    await hook(path, "post-checkout", "echo no lfs here >&2; exit 2");
    const worktree = await add(path, "feature");
    assert.match(checkout(worktree)?.detail ?? "", /post-checkout hook failed: no lfs here/);
  });

  it("with a hook that refuses the branch: leaves nothing", async () => {
    const { path, parent } = await kept(tempRepo());
    await hook(path, "reference-transaction", 'test "$1" = prepared || exit 0; echo not today >&2; exit 1');
    const { id } = await begin(path, "feature");
    await until(() => worktreeOf(id) === undefined, "the worktree to be gone");
    assert.deepEqual(await readdir(parent), ["repo"]);
    assert.equal(await git(path, "branch", "--format=%(refname:short)"), "main");
  });

  it("with 50,000 files: tells how far it is, and is cancelled in the middle", async function () {
    this.timeout(180_000);
    const { path, parent } = await kept(tempRepo());
    await manyFiles(path, 50_000);
    const { id } = await begin(path, "feature");
    await until(() => /^[\d,]+ of 50,001 files$/.test(checkout(worktreeOf(id))?.detail ?? ""), "progress", 60_000);
    await gateway.client.call("cancelWorktree", { id, body: {} });
    await until(() => worktreeOf(id) === undefined, "the worktree to be gone", 60_000);
    assert.deepEqual(await readdir(parent), ["repo"]);
    assert.equal(await git(path, "branch", "--format=%(refname:short)"), "main");
    assert.equal(existsSync(join(path, ".git/worktrees")), false);
  });
});
