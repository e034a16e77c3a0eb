import assert from "node:assert/strict";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { placeOf } from "../../../src/server/worktrees/projects.ts";
import { git, tempFolder, tempRepo } from "../../support/repositories.ts";

describe("the project that a folder belongs to", () => {
  let repo: Awaited<ReturnType<typeof tempRepo>>;
  beforeEach(async () => (repo = await tempRepo("my app")));
  afterEach(() => repo.dispose());

  it("is the git repository, named after its main worktree's folder", async () => {
    const place = await placeOf(repo.path);
    assert.equal(place.folderName, "my app");
    assert.equal(place.path, repo.path);
    assert.equal(place.worktree, null);
  });

  it("is the same from a subfolder, through a symlink, and from inside .git", async () => {
    const { projectId } = await placeOf(repo.path);
    await mkdir(join(repo.path, "src/deep"), { recursive: true });
    await symlink(repo.path, join(repo.parent, "link"));
    assert.equal((await placeOf(join(repo.path, "src/deep"))).projectId, projectId);
    assert.equal((await placeOf(join(repo.parent, "link"))).projectId, projectId);
    assert.equal((await placeOf(join(repo.path, ".git"))).projectId, projectId);
  });

  it("is the same from a linked worktree, which is told apart by path and branch", async () => {
    const linked = join(repo.parent, "feature tree");
    await git(repo.path, "worktree", "add", "-q", "-b", "feature", linked);
    const place = await placeOf(linked);
    assert.equal(place.projectId, (await placeOf(repo.path)).projectId);
    assert.equal(place.folderName, "my app");
    assert.equal(place.path, repo.path);
    assert.deepEqual(
      { name: place.worktree?.name, path: place.worktree?.path, branch: place.worktree?.branch },
      { name: "feature tree", path: linked, branch: "feature" },
    );
  });

  it("is named after origin when the repository is bare, also from its worktrees", async () => {
    const bare = join(repo.parent, "store.git");
    await git(repo.parent, "clone", "-q", "--bare", repo.path, bare);
    await git(bare, "remote", "set-url", "origin", "git@example.com:team/shop.git");
    await git(bare, "worktree", "add", "-q", "-b", "side", join(repo.parent, "side"));
    const place = await placeOf(bare);
    assert.equal(place.folderName, "shop");
    const side = await placeOf(join(repo.parent, "side"));
    assert.equal(side.projectId, place.projectId);
    assert.equal(side.folderName, "shop");
    assert.equal(side.worktree?.branch, "side");
  });

  it("is a submodule's own, named after its folder", async () => {
    const outer = join(repo.parent, "outer");
    await git(repo.parent, "init", "-q", outer);
    await git(outer, "-c", "protocol.file.allow=always", "submodule", "add", "-q", repo.path, "libs/inner");
    const place = await placeOf(join(outer, "libs/inner"));
    assert.equal(place.folderName, "inner");
    assert.equal(place.path, join(outer, "libs/inner"));
    assert.notEqual(place.projectId, (await placeOf(outer)).projectId);
  });

  it("is the folder itself outside of any repository", async () => {
    const folder = await tempFolder("naïve 🦊 folder");
    const place = await placeOf(folder.path);
    assert.equal(place.folderName, "naïve 🦊 folder");
    assert.equal(place.commonDir, null);
    assert.notEqual(place.projectId, (await placeOf(join(folder.path, ".."))).projectId);
    await folder.dispose();
  });

  it("takes its name and IDE from tally.json, and survives a broken one", async () => {
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ name: "Shop", ide: "cursor", more: 1 }));
    assert.deepEqual((await placeOf(repo.path)).file, { name: "Shop", ide: "cursor" });
    await writeFile(join(repo.path, "tally.json"), "{ nonsense");
    assert.deepEqual((await placeOf(repo.path)).file, {});
  });

  it("does not read a tally.json that is a device, or larger than such a file can be", async () => {
    await symlink("/dev/zero", join(repo.path, "tally.json"));
    assert.deepEqual((await placeOf(repo.path)).file, {});
    await rm(join(repo.path, "tally.json"));
    await writeFile(join(repo.path, "tally.json"), JSON.stringify({ name: "x", filler: " ".repeat(100_000) }));
    assert.deepEqual((await placeOf(repo.path)).file, {});
  });

  it("keeps its identity for a folder that is gone", async () => {
    const gone = join(repo.parent, "gone");
    await mkdir(gone);
    const { projectId } = await placeOf(gone);
    await rm(gone, { recursive: true });
    assert.equal((await placeOf(gone)).projectId, projectId);
  });
});
