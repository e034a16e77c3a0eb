import assert from "node:assert/strict";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { recipeRoutes } from "../../../src/server/http/recipe-routes.ts";
import { openDatabase } from "../../../src/server/store/database.ts";
import { Store } from "../../../src/server/store/store.ts";
import { Approvals } from "../../../src/server/worktrees/approval.ts";
import { readRecipe } from "../../../src/server/worktrees/recipe.ts";
import { aProject, aSession } from "../../support/entities.ts";
import { git, tempFolder, tempRepo } from "../../support/repositories.ts";

/** What a handler gets where its route takes nothing. */
const none = undefined as never;

describe("the routes of what a repository runs", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let store: Store;
  let approvals: Approvals;
  let routes: ReturnType<typeof recipeRoutes>;
  let server: Server;
  let client: Socket;

  beforeEach(async () => {
    repo = await tempRepo("shop");
    store = new Store(openDatabase(join(repo.parent, "state.db")), () => 0);
    approvals = new Approvals({ store });
    routes = recipeRoutes({ approvals, store });
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(client, "connect");
    await write('{"setup": ["npm ci"]}');
  });
  afterEach(async () => {
    client.destroy();
    server.close();
    store.close();
    await repo.dispose();
  });

  const write = (text: string) => writeFile(join(repo.path, "tally.json"), text);
  const connection = () => ({ localPort: client.remotePort!, remotePort: client.localPort! });
  const { signal } = new AbortController();
  const show = async (cwd = repo.path) =>
    routes.repositoryCommands({ params: {}, body: none, query: { cwd }, connection: connection(), signal });
  const approve = async (hash: string, cwd = repo.path) =>
    routes.approveCommands({ params: {}, body: { cwd, hash }, query: none, connection: connection(), signal });
  const propose = async (cwd = repo.path) =>
    routes.proposeTallyJson({ params: {}, body: none, query: { cwd }, connection: connection(), signal });

  it("let a person approve what they were shown, and show then that they have", async () => {
    const { commands } = await show();
    assert.deepEqual(await approve(commands!.hash), { commands: { ...commands, isApproved: true } });
    assert.equal((await show()).commands?.isApproved, true);
  });

  it("show the same from a linked worktree", async () => {
    const path = join(repo.parent, "shop-x");
    await git(repo.path, "worktree", "add", "-q", path);
    assert.deepEqual(await show(path), await show());
  });

  it("let nobody approve what has changed since", async () => {
    const { commands } = await show();
    await write('{"setup": ["npm install"]}');
    const { commands: present } = await show();
    await assert.rejects(approve(commands!.hash), { code: "approval-needed", details: { commands: present } });
  });

  it("say what is wrong with the file", async () => {
    await write("{");
    const { commands, problem } = await show();
    assert.equal(commands, null);
    assert.match(problem ?? "", /is not JSON/);
    await assert.rejects(approve("any"), { code: "tally-json-invalid" });
  });

  it("have nothing to approve where nothing is run", async () => {
    await rm(join(repo.path, "tally.json"));
    assert.deepEqual(await show(), { commands: null, problem: null });
    await assert.rejects(approve("any"), { code: "invalid-request" });
  });

  it("let a person approve what a commit of a bare repository runs", async () => {
    await git(repo.path, "add", ".");
    await git(repo.path, "commit", "-qm", "Second");
    const mainPath = join(repo.parent, "shop.git");
    await git(repo.parent, "clone", "-q", "--bare", repo.path, mainPath);
    await git(mainPath, "update-ref", "refs/heads/next", "main");
    await git(mainPath, "update-ref", "refs/heads/main", "main~1");
    const place = { mainPath, commonDir: mainPath, isBare: true };
    const { recipe, path } = await readRecipe(place, "next");
    const { hash } = approvals.commandsOf(place, recipe, path)!;
    await approve(hash, mainPath);
    assert.equal(approvals.isApproved(hash), true);
    await assert.rejects(propose(mainPath), { code: "invalid-request" });
  });

  it("propose a file for the main checkout", async () => {
    const { path, exists } = await propose();
    assert.deepEqual([path, exists], [join(repo.path, "tally.json"), true]);
  });

  it("want a repository", async () => {
    const folder = await tempFolder();
    await assert.rejects(show(folder.path), { code: "not-a-repository" });
    await folder.dispose();
  });

  it("let no agent approve for the person", async () => {
    if (process.platform !== "linux") return;
    const { commands } = await show();
    store.change((transaction) => {
      transaction.putProject(aProject(), { givenName: null });
      transaction.putSession(aSession({ pid: process.pid }));
    });
    await assert.rejects(approve(commands!.hash), { code: "inside-session" });
    assert.equal((await show()).commands?.isApproved, false);
  });
});
