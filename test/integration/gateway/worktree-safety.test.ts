import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { ErrorCode, TallyError } from "../../../src/protocol/errors.ts";
import type { AddWorktree } from "../../../src/protocol/worktree-routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { until } from "../../support/until.ts";

/** What must never happen to a person's work, nor be started without their approval. */
describe("worktrees, and what is not Tally's", () => {
  let gateway: TestGateway;
  let repo: Awaited<ReturnType<typeof tempRepo>>;

  beforeEach(async () => {
    gateway = await startTestGateway();
    repo = await tempRepo("shop");
  });

  afterEach(async () => {
    await gateway.dispose();
    await repo.dispose();
  });

  const worktreeOf = (id: string): Worktree | undefined => gateway.model().worktrees.get(id);
  const untilStatus = (id: string, ...wanted: (Worktree["status"] | "gone")[]) =>
    until(
      () => {
        const found = worktreeOf(id);
        return wanted.includes(found?.status ?? "gone") && found?.operation?.state !== "running";
      },
      `worktree ${id} to be ${wanted.join(" or ")}`,
    );
  const add = async (name: string, fields: Partial<AddWorktree> = {}): Promise<Worktree> => {
    const body = { cwd: repo.path, name, agent: null, env: gateway.env, ...fields };
    const { worktree } = await gateway.client.call("addWorktree", { body });
    await untilStatus(worktree.id, "ready");
    return worktreeOf(worktree.id) ?? worktree;
  };
  const remove = (id: string, fields: { force?: boolean } = {}) =>
    gateway.client.call("removeWorktree", { id, body: { env: gateway.env, ...fields } });
  const repair = (id: string, how: "finish" | "undo") =>
    gateway.client.call("repairWorktree", { id, body: { how, env: gateway.env } });
  const refusedWith = (code: ErrorCode) => (error: TallyError) => {
    assert.equal(error.code, code, error.message);
    return true;
  };
  const commit = async (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(repo.path, name), text);
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "More");
  };
  const approve = async () => {
    const { commands } = await gateway.client.call("repositoryCommands", { query: { cwd: repo.path } });
    await gateway.client.call("approveCommands", { body: { cwd: repo.path, hash: commands?.hash ?? "" } });
  };

  it("runs nothing of an unapproved tally.json in a worktree that is adopted, resumed or removed", async () => {
    const touch = (name: string) => `touch ${join(repo.parent, name)}`;
    await commit({ "tally.json": JSON.stringify({ processes: { web: touch("RAN") }, teardown: [touch("RAN")] }) });
    await git(repo.path, "worktree", "add", "-q", "-b", "mine", `${repo.path}-mine`);
    const body = { path: `${repo.path}-mine`, env: gateway.env };
    const { worktree } = await gateway.client.call("adoptWorktree", { body });
    const { id } = worktree;
    const resumed = gateway.client.call("resumeWorktree", { id, body: { env: gateway.env } });
    await assert.rejects(resumed, refusedWith("approval-needed"));
    const [web] = [...gateway.model().processes.values()];
    const started = gateway.client.call("startProcess", { id: web?.id ?? "", body: { env: gateway.env } });
    await assert.rejects(started, refusedWith("approval-needed"));
    await assert.rejects(remove(id), refusedWith("approval-needed"));
    assert.equal(existsSync(join(repo.parent, "RAN")), false);
  });

  it("starts no agent that only the repository has chosen", async () => {
    await commit({ "tally.json": JSON.stringify({ agent: "demo" }) });
    const body = { cwd: repo.path, name: "cart", env: gateway.env };
    await assert.rejects(gateway.client.call("addWorktree", { body }), refusedWith("approval-needed"));
    await add("till", { agent: null });
  });

  it("runs no approved command in a folder that a branch leads out of the worktree", async () => {
    await mkdir(join(repo.path, "build"));
    await commit({
      "build/keep": "",
      "tally.json": JSON.stringify({ setup: [{ run: "touch RAN", cwd: "build" }] }),
    });
    await approve();
    const victim = join(repo.parent, "victim");
    await mkdir(victim);
    await git(repo.path, "switch", "-qc", "pr");
    await git(repo.path, "rm", "-rq", "build");
    await symlink(victim, join(repo.path, "build"));
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "A link");
    await git(repo.path, "switch", "-q", "main");
    const body = { cwd: repo.path, name: "pr", agent: null, env: gateway.env };
    const { worktree } = await gateway.client.call("addWorktree", { body });
    await untilStatus(worktree.id, "broken");
    assert.match(worktreeOf(worktree.id)?.operation?.error?.message ?? "", /leads out of the worktree/);
    assert.equal(existsSync(join(victim, "RAN")), false);
  });

  it("leaves the folder of a worktree whose adoption is undone", async () => {
    await commit({ "tally.json": JSON.stringify({ ports: { web: 65_535 } }) });
    await add("first");
    await git(repo.path, "worktree", "add", "-q", "-b", "mine", `${repo.path}-mine`);
    await writeFile(join(`${repo.path}-mine`, "mine.txt"), "mine");
    const body = { path: `${repo.path}-mine`, env: gateway.env };
    const { worktree } = await gateway.client.call("adoptWorktree", { body });
    assert.equal(worktree.status, "broken");
    await repair(worktree.id, "undo");
    await untilStatus(worktree.id, "gone");
    assert.equal(await readFile(join(`${repo.path}-mine`, "mine.txt"), "utf8"), "mine");
  });

  it("takes nothing over from a .tally-sessions that names another project's worktree", async () => {
    const other = await tempRepo("blog");
    try {
      await git(other.path, "worktree", "add", "-q", "-b", "theirs", `${other.path}-theirs`);
      const evil = { worktree: `${other.path}-theirs`, web_port: 22, backend_port: 47_111 };
      await writeFile(join(repo.path, ".tally-sessions"), JSON.stringify({ "../evil": evil }));
      const { projectId } = await add("cart");
      const names = [...gateway.model().worktrees.values()].map(({ name }) => name);
      assert.deepEqual(names, ["cart"]);
      assert.ok(projectId);
    } finally {
      await other.dispose();
    }
  });

  it("removes nothing that another repository has at the place of a worktree by now", async () => {
    const worktree = await add("cart");
    await git(repo.path, "worktree", "remove", "--force", worktree.path);
    const other = await tempRepo("blog");
    try {
      await git(other.path, "worktree", "add", "-q", "-b", "theirs", worktree.path);
      await assert.rejects(remove(worktree.id), refusedWith("worktree-not-ready"));
      await remove(worktree.id, { force: true });
      await untilStatus(worktree.id, "gone");
      assert.equal(await git(worktree.path, "branch", "--show-current"), "theirs");
    } finally {
      await other.dispose();
    }
  });

  it("is repaired once, however often it is asked for", async () => {
    const runs = join(repo.parent, "runs");
    await commit({ "tally.json": JSON.stringify({ setup: [`echo run >> ${runs}; test -e ${runs}.allowed`] }) });
    await approve();
    const body = { cwd: repo.path, name: "cart", agent: null, env: gateway.env };
    const { worktree } = await gateway.client.call("addWorktree", { body });
    await untilStatus(worktree.id, "broken");
    await writeFile(`${runs}.allowed`, "");
    const answers = await Promise.allSettled([1, 2, 3].map(() => repair(worktree.id, "finish")));
    await untilStatus(worktree.id, "ready");
    assert.equal(answers.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal(await readFile(runs, "utf8"), "run\nrun\n");
  });

  it("is not removed while another one lies in it, nor when it is locked", async () => {
    const worktree = await add("outer");
    await git(repo.path, "worktree", "add", "-q", "-b", "inner", join(worktree.path, "inner"));
    const body = { path: join(worktree.path, "inner"), env: gateway.env };
    const { worktree: inner } = await gateway.client.call("adoptWorktree", { body });
    await assert.rejects(remove(worktree.id, { force: true }), refusedWith("worktree-busy"));
    await git(repo.path, "worktree", "lock", inner.path);
    await assert.rejects(remove(inner.id), refusedWith("worktree-not-ready"));
  });

  it("keeps what only git knows of a worktree whose folder was deleted by hand", async () => {
    const worktree = await add("cart");
    await git(worktree.path, "switch", "-q", "--detach");
    await git(worktree.path, "commit", "-q", "--allow-empty", "-m", "On no branch");
    const head = await git(worktree.path, "rev-parse", "HEAD");
    await git(repo.path, "config", "gc.worktreePruneExpire", "now");
    await rm(worktree.path, { recursive: true });
    await remove(worktree.id);
    await untilStatus(worktree.id, "gone");
    const refs = await git(repo.path, "for-each-ref", "--contains", head, "--format=%(refname)");
    assert.match(refs, /^refs\/tally\/snapshots\/cart\//);
  });

  it("is forgotten where its whole repository is gone", async () => {
    const worktree = await add("cart");
    await repo.dispose();
    await remove(worktree.id);
    await untilStatus(worktree.id, "gone");
  });

  it("leaves a snapshot until it is dropped", async () => {
    const worktree = await add("cart");
    const { snapshotRef } = await remove(worktree.id);
    await untilStatus(worktree.id, "gone");
    await gateway.client.call("dropSnapshot", { body: { cwd: repo.path, ref: snapshotRef } });
    const { snapshots } = await gateway.client.call("snapshots", { query: { cwd: repo.path } });
    assert.deepEqual(snapshots, []);
  });
});
