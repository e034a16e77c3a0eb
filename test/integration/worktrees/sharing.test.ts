import assert from "node:assert/strict";
import { lstat, mkdir, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { excludeLines, keepExcluded } from "../../../src/server/worktrees/exclude.ts";
import { linkShared, unlinkShared } from "../../../src/server/worktrees/sharing.ts";
import { git, tempRepo } from "../../support/repositories.ts";

describe("what worktrees share with the main checkout", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let to: string;
  beforeEach(async () => {
    repo = await tempRepo("my shöp 店");
    to = join(repo.parent, "my shöp 店-feature");
    await git(repo.path, "worktree", "add", "-q", "-b", "feature", to);
  });
  afterEach(() => repo.dispose());

  async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }

  const link = (...paths: string[]) => linkShared({ from: repo.path, to, paths });

  it("is linked, folders and files, and their folders are made", async () => {
    await write(repo.path, { "frontend/node_modules/a b/ü.js": "x", "backend/db.sqlite3": "db" });
    const paths = ["frontend/node_modules", "backend/db.sqlite3"];
    assert.deepEqual(await link("./frontend/node_modules/", "backend/db.sqlite3", "backend/db.sqlite3"), {
      linked: paths,
      skipped: [],
    });
    for (const path of paths) assert.equal(await readlink(join(to, path)), join(repo.path, path));
    await writeFile(join(to, "backend/db.sqlite3"), "changed");
    assert.equal(await readFile(join(repo.path, "backend/db.sqlite3"), "utf8"), "changed");
  });

  it("counts as linked the second time, also by a link that reads otherwise", async () => {
    await write(repo.path, { "backend/db.sqlite3": "db", "cache/x": "x" });
    await link("backend/db.sqlite3");
    await symlink(join("..", "my shöp 店", "cache"), join(to, "cache"));
    assert.deepEqual((await link("backend/db.sqlite3", "cache")).linked, ["backend/db.sqlite3", "cache"]);
  });

  it("is nothing that is not there, that git tracks, or where something else is", async () => {
    await write(repo.path, { "own.db": "main's", "led/astray": "x", "docs/new": "x" });
    await git(repo.path, "add", "docs");
    await write(to, { "own.db": "the worktree's" });
    await symlink(repo.parent, join(to, "led"));
    const { linked, skipped } = await link("missing", "README.md", "docs", "own.db", "led");
    assert.deepEqual(linked, []);
    const whys = [/not in the main checkout/, /Git tracks/, /Git tracks/, /Something else/, /Something else/];
    assert.deepEqual(
      skipped.map(({ path }) => path),
      ["missing", "README.md", "docs", "own.db", "led"],
    );
    for (const [index, why] of whys.entries()) assert.match(skipped[index]?.why ?? "", why);
    assert.equal(await readFile(join(to, "own.db"), "utf8"), "the worktree's");
  });

  it("is never linked through a link that leads out of the worktree", async () => {
    await write(repo.path, { "config/db": "x" });
    const outside = join(repo.parent, "outside");
    await mkdir(outside);
    await symlink(outside, join(to, "config"));
    assert.match((await link("config/db")).skipped[0]?.why ?? "", /leads out/);
    assert.deepEqual(await readdir(outside), []);
  });

  it("is nothing in a submodule, whose folder has to stay empty", async () => {
    const source = join(repo.parent, "library");
    await git(repo.parent, "clone", "-q", repo.path, source);
    await git(repo.path, "-c", "protocol.file.allow=always", "submodule", "add", "-q", source, "libs/sub");
    await write(repo.path, { "libs/sub/node_modules/x": "x" });
    assert.match((await link("libs/sub/node_modules")).skipped[0]?.why ?? "", /submodule/);
    assert.deepEqual(await readdir(to), [".git", "README.md"]);
  });

  it("is taken for the person's own by git neither as a folder nor as a link", async () => {
    await write(repo.path, { ".gitignore": "node_modules/\n", "front [end]/node_modules/x": "x", "db*": "x" });
    const shared = ["front [end]/node_modules", "db*"];
    await link(...shared);
    assert.match(await git(to, "status", "--porcelain", "-uall"), /front/);
    await keepExcluded(await realpath(join(repo.path, ".git")), excludeLines({ shared }));
    assert.equal(await git(to, "status", "--porcelain", "-uall"), "");
  });

  it("is unlinked without a trace in the main checkout, and nothing else goes", async () => {
    await write(repo.path, { "node_modules/x": "x", db: "db", kept: "main's" });
    await link("node_modules", "db");
    await write(to, { kept: "the worktree's" });
    await unlinkShared(to, ["node_modules/", "db", "kept", "missing/too"]);
    assert.equal(await readFile(join(repo.path, "node_modules/x"), "utf8"), "x");
    assert.equal(await readFile(join(repo.path, "db"), "utf8"), "db");
    assert.deepEqual((await readdir(to)).sort(), [".git", "README.md", "kept"]);
  });

  it("is not unlinked through a link that leads out of the worktree", async () => {
    await mkdir(join(repo.parent, "outside"));
    await symlink("nowhere", join(repo.parent, "outside/db"));
    await symlink(join(repo.parent, "outside"), join(to, "config"));
    await unlinkShared(to, ["config/db"]);
    assert.ok((await lstat(join(repo.parent, "outside/db"))).isSymbolicLink());
  });

  it("stays a link when the original goes, and is told", async () => {
    await write(repo.path, { db: "db" });
    await link("db");
    await rm(join(repo.path, "db"));
    assert.deepEqual((await link("db")).linked, []);
    await unlinkShared(to, ["db"]);
    assert.deepEqual((await readdir(to)).sort(), [".git", "README.md"]);
  });
});
