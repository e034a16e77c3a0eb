import assert from "node:assert/strict";
import { existsSync, lstatSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Worktree } from "../../../src/protocol/entities.ts";
import type { TallyError } from "../../../src/protocol/errors.ts";
import type { AddWorktree } from "../../../src/protocol/worktree-routes.ts";
import { startTestGateway, type TestGateway } from "../../support/gateway.ts";
import { git, tempRepo } from "../../support/repositories.ts";
import { until, untilDefined } from "../../support/until.ts";

describe("worktrees, through the gateway", () => {
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

  const request = (name: string, fields: Partial<AddWorktree> = {}): AddWorktree => ({
    cwd: repo.path,
    name,
    agent: null,
    env: gateway.env,
    ...fields,
  });
  const worktreeOf = (id: string): Worktree | undefined => gateway.model().worktrees.get(id);
  const untilSettled = async (id: string) => {
    await until(() => worktreeOf(id)?.operation?.state !== "running", `worktree ${id} to be settled`);
    return worktreeOf(id);
  };
  const add = async (name: string, fields: Partial<AddWorktree> = {}): Promise<Worktree> => {
    const { worktree } = await gateway.client.call("addWorktree", { body: request(name, fields) });
    const settled = await untilSettled(worktree.id);
    assert.equal(settled?.operation?.state, "done", JSON.stringify(settled?.operation, null, 2));
    return settled;
  };
  const remove = async ({ id }: Worktree, fields: { force?: boolean; keepBranch?: boolean } = {}) => {
    const answer = await gateway.client.call("removeWorktree", { id, body: { env: gateway.env, ...fields } });
    await until(() => worktreeOf(id)?.status !== "removing", `worktree ${id} to be removed`);
    assert.equal(worktreeOf(id), undefined, JSON.stringify(worktreeOf(id)?.operation));
    return answer;
  };
  const noneFailed = () => [...gateway.model().processes.values()].every(({ state }) => state !== "ERROR");
  /** The file is written only once clients are told that a worktree is gone. */
  const untilNotListed = () => until(() => !existsSync(join(repo.path, ".tally-sessions")), "no more .tally-sessions");
  const branches = () => git(repo.path, "for-each-ref", "refs/heads", "--format=%(refname:short)");

  it("makes one beside the repository, on a branch of its name, and removes it without a trace", async () => {
    const worktree = await add("feature-payment");
    assert.equal(worktree.path, `${repo.path}-feature-payment`);
    assert.equal(await git(worktree.path, "branch", "--show-current"), "feature-payment");
    assert.equal(worktree.status, "ready");
    await untilDefined(() => Promise.resolve(worktreeOf(worktree.id)?.standing ?? undefined), "its standing");

    const { branch } = await remove(worktree);
    assert.equal(branch.isDeleted, true);
    assert.equal(existsSync(worktree.path), false);
    assert.equal(await branches(), "main");
    await untilNotListed();
    assert.equal(await git(repo.path, "status", "--porcelain"), "");
  });

  it("copies what is ignored, links what is shared, and keeps links out of git", async () => {
    await writeFile(join(repo.path, ".gitignore"), "node_modules/\n.env\n");
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Ignore");
    await mkdir(join(repo.path, "node_modules", "left-pad"), { recursive: true });
    await writeFile(join(repo.path, ".env"), "SECRET=1\n");
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ symlink: ["node_modules"] }));
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Tally");
    const worktree = await add("cart");
    assert.equal(await readFile(join(worktree.path, ".env"), "utf8"), "SECRET=1\n");
    assert.ok(lstatSync(join(worktree.path, "node_modules")).isSymbolicLink());
    assert.deepEqual(worktree.shared, ["node_modules"]);
    assert.equal(await git(worktree.path, "status", "--porcelain"), "");
    await remove(worktree);
    assert.ok(existsSync(join(repo.path, "node_modules", "left-pad")));
  });

  it("refuses to lose work, and brings it back from the snapshot that force keeps", async () => {
    const worktree = await add("cart");
    await writeFile(join(worktree.path, "new.txt"), "new");
    await writeFile(join(worktree.path, "README.md"), "changed");
    const refused = gateway.client.call("removeWorktree", { id: worktree.id, body: { env: gateway.env } });
    await assert.rejects(refused, (error: TallyError) => {
      assert.equal(error.code, "work-at-risk");
      assert.deepEqual((error.details as { risk: unknown }).risk, {
        uncommitted: ["README.md"],
        untracked: ["new.txt"],
        unpushed: [],
        inside: [],
        underWay: null,
      });
      return true;
    });
    await remove(worktree, { force: true });
    const body = { cwd: repo.path, ref: "cart", env: gateway.env };
    const { worktree: begun } = await gateway.client.call("restoreWorktree", { body });
    const restored = await untilSettled(begun.id);
    assert.equal(restored?.status, "ready", JSON.stringify(restored?.operation));
    assert.equal(await readFile(join(worktree.path, "new.txt"), "utf8"), "new");
    assert.equal(await git(worktree.path, "status", "--porcelain"), "M README.md\n?? new.txt");
  });

  it("leaves a failing setup to be repaired, and a repair finishes or undoes it", async () => {
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ setup: ["test -e allowed"] }));
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Tally");
    const { commands } = await gateway.client.call("repositoryCommands", { query: { cwd: repo.path } });
    assert.ok(commands);
    await assert.rejects(
      gateway.client.call("addWorktree", { body: request("cart") }),
      (error: TallyError) => error.code === "approval-needed",
    );
    await gateway.client.call("approveCommands", { body: { cwd: repo.path, hash: commands.hash } });
    const { worktree } = await gateway.client.call("addWorktree", { body: request("cart") });
    const broken = await untilSettled(worktree.id);
    await until(() => worktreeOf(worktree.id)?.status === "broken", "it to be broken");
    assert.equal(broken?.operation?.error?.code, "setup-failed");

    await writeFile(join(worktree.path, "allowed"), "");
    const repair = { how: "finish", env: gateway.env } as const;
    await gateway.client.call("repairWorktree", { id: worktree.id, body: repair });
    await until(() => worktreeOf(worktree.id)?.status === "ready", "it to be ready");
    await until(() => noneFailed(), "the failure to be forgotten");
  });

  it("starts the agent with it, and has it again after everything was killed", async () => {
    const worktree = await add("cart", { agent: "demo" });
    const session = await untilDefined(
      () => Promise.resolve(gateway.model().sessions.get(worktree.agentSessionId ?? "")),
      "its session",
    );
    assert.equal(session.title, "shop-cart");
    assert.equal(session.cwd, worktree.path);
    await gateway.client.call("endSession", { id: session.id, body: { force: true } });
    const resumed = await gateway.client.call("resumeWorktree", { id: worktree.id, body: { env: gateway.env } });
    assert.deepEqual(
      resumed.sessions.map(({ session: each, outcome }) => [each.id, outcome]),
      [[session.id, "resumed"]],
    );
    const again = await gateway.client.call("resumeWorktree", { id: worktree.id, body: { env: gateway.env } });
    assert.deepEqual(
      again.sessions.map(({ outcome }) => outcome),
      ["running"],
    );
  });

  it("hands its ports and its place to whatever is started in it", async () => {
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ ports: { "web-app": 47000 } }));
    const worktree = await add("cart");
    const port = worktree.ports[0]?.port ?? 0;
    assert.deepEqual(worktree.ports, [{ name: "web-app", port }]);
    const line = 'echo "$TALLY_PORT_WEB_APP $TALLY_WORKTREE $TALLY_WORKTREE_PATH $TALLY_MAIN_PATH"';
    const session = await gateway.createSession({
      agent: "command",
      args: ["sh", "-c", line],
      cwd: worktree.path,
      cols: 200,
      env: { ...gateway.env, TALLY_PORT_OLD: "1" },
    });
    await gateway.untilState(session.id, "DONE");
    const { data } = await gateway.client.call("sessionOutput", { id: session.id, query: {} });
    assert.equal(data.trim(), `${port} cart ${worktree.path} ${repo.path}`);
  });

  it("mirrors its branch in .tally-sessions, also when another one is checked out", async () => {
    const worktree = await add("cart");
    const told = async () => {
      const content = JSON.parse(await readFile(join(repo.path, ".tally-sessions"), "utf8")) as Record<string, unknown>;
      return (content["cart"] as { branch: string }).branch;
    };
    await until(async () => (await told()) === "cart", "its branch to be told");
    await git(worktree.path, "switch", "-qc", "other");
    await until(async () => (await told()) === "other", "the other branch to be told");
  });

  it("is taken out of .tally-sessions, and that out of git, by the next gateway where one was killed right before that", async () => {
    const exclude = () => readFile(join(repo.path, ".git/info/exclude"), "utf8").catch(() => null);
    const untouched = await exclude();
    const worktree = await add("cart");
    assert.notEqual(await exclude(), untouched);
    await gateway.crash();
    // As far as its removal had come.
    await git(repo.path, "worktree", "remove", worktree.path);
    await git(repo.path, "branch", "-D", "cart");
    gateway.database("DELETE FROM worktrees WHERE id = ?", worktree.id);
    await gateway.restart();
    await untilNotListed();
    assert.equal(await exclude(), untouched);
  });

  it("adopts a checkout that git made", async () => {
    await git(repo.path, "worktree", "add", "-q", "-b", "mine", `${repo.path}-mine`);
    const body = { path: `${repo.path}-mine`, env: gateway.env };
    const { worktree } = await gateway.client.call("adoptWorktree", { body });
    assert.equal(worktree.name, "mine");
    assert.equal(worktree.status, "ready");
    const { branch } = await remove(worktree);
    assert.equal(branch.isDeleted, false);
  });

  it("takes over what .tally-sessions names when it first meets a project", async () => {
    const path = `${repo.path}-old`;
    await git(repo.path, "worktree", "add", "-q", "-b", "old", path);
    const entry = { backend_port: 48123, worktree: path, branch: "old" };
    await writeFile(join(repo.path, ".tally-sessions"), JSON.stringify({ old: entry }));
    await add("new");
    const old = await untilDefined(
      () => Promise.resolve([...gateway.model().worktrees.values()].find(({ name }) => name === "old")),
      "the old worktree",
    );
    assert.deepEqual(old.ports, [{ name: "backend", port: 48123 }]);
    assert.equal(old.path, path);
  });
});
