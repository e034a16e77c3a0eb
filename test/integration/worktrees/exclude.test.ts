import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { excludeLines, keepExcluded } from "../../../src/server/worktrees/exclude.ts";
import { git, tempRepo } from "../../support/repositories.ts";

describe("what Tally keeps out of git", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  let commonDir: string;
  let file: string;
  beforeEach(async () => {
    repo = await tempRepo("my shöp 店");
    commonDir = join(repo.path, ".git");
    file = join(commonDir, "info/exclude");
  });
  afterEach(() => repo.dispose());

  const lines = excludeLines({ shared: ["a b/ü*"] });

  it("is left alone by git, in the main checkout and in its worktrees", async () => {
    const worktree = join(repo.parent, "feature");
    await git(repo.path, "worktree", "add", "-q", "-b", "feature", worktree);
    await keepExcluded(commonDir, lines);
    for (const root of [repo.path, worktree]) {
      await mkdir(join(root, "a b"));
      await writeFile(join(root, "a b/ü*"), "x");
      await writeFile(join(root, ".tally-sessions"), "{}");
      assert.equal(await git(root, "status", "--porcelain", "-uall"), "");
    }
    await writeFile(join(repo.path, "a b/üx"), "x");
    assert.match(await git(repo.path, "status", "--porcelain", "-uall"), /^\?\? /);
  });

  it("leaves bytes that are no UTF-8, and the file's mode, as they were", async () => {
    const before = Buffer.from([0x2a, 0xe9, 0x0d, 0x0a, 0xff]);
    await writeFile(file, before);
    await chmod(file, 0o640);
    await keepExcluded(commonDir, lines);
    assert.equal((await stat(file)).mode & 0o777, 0o640);
    await keepExcluded(commonDir, []);
    assert.deepEqual(await readFile(file), before);
    assert.deepEqual(await readdir(join(commonDir, "info")), ["exclude"]);
  });

  it("leaves no file where there was none, and no folder", async () => {
    await rm(join(commonDir, "info"), { recursive: true });
    await keepExcluded(commonDir, lines);
    await keepExcluded(commonDir, excludeLines({ shared: [] }));
    assert.match(await readFile(file, "utf8"), /^\/\.tally-sessions$/m);
    await keepExcluded(commonDir, []);
    await keepExcluded(commonDir, []);
    assert.ok(!(await readdir(commonDir)).includes("info"));
  });

  it("leaves a file of the person's own that info/exclude is a link to in its place", async () => {
    const own = join(repo.parent, "my excludes");
    await writeFile(own, "*.log\n");
    await rm(file);
    await symlink(own, file);
    await keepExcluded(commonDir, lines);
    assert.equal(await readlink(file), own);
    assert.match(await readFile(own, "utf8"), /^\*\.log\n[^]*\/\.tally-sessions\n/);
  });
});
