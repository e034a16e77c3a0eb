import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deleteTree } from "../../../src/server/worktrees/delete-tree.ts";
import { tempFolder } from "../../support/repositories.ts";

const run = promisify(execFile);

describe("deleting a tree", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let tree: string;
  let outside: string;
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  beforeEach(async () => {
    folder = await tempFolder();
    tree = join(folder.path, "tree");
    outside = join(folder.path, "outside");
    await mkdir(tree);
    await mkdir(outside);
    await writeFile(join(outside, "file"), "outside");
  });
  afterEach(() => folder.dispose());

  it("removes what is read-only, and what may not even be looked into", async () => {
    await mkdir(join(tree, "closed/inner"), { recursive: true });
    await writeFile(join(tree, "closed/inner/file"), "");
    await chmod(join(tree, "closed/inner/file"), 0o400);
    await chmod(join(tree, "closed/inner"), 0o555);
    await chmod(join(tree, "closed"), 0o000);
    await deleteTree(tree);
    assert.equal(await isThere(tree), false);
  });

  it("removes links, and nothing of what they point to", async () => {
    await symlink(outside, join(tree, "to-folder"));
    await symlink(join(outside, "file"), join(tree, "to-file"));
    await symlink("loop", join(tree, "loop"));
    await deleteTree(tree);
    assert.equal(await isThere(tree), false);
    assert.equal(await readFile(join(outside, "file"), "utf8"), "outside");
  });

  it("does not change the modes of what links point to", async () => {
    await chmod(outside, 0o500);
    await symlink(outside, join(tree, "link"));
    await deleteTree(tree);
    assert.deepEqual(await readdir(outside), ["file"]);
    const { mode } = await lstat(outside);
    assert.equal(mode & 0o777, 0o500);
    await chmod(outside, 0o700);
  });

  it("removes a link in the place of the folder, and not what it points to", async () => {
    await symlink(outside, join(folder.path, "link"));
    await deleteTree(join(folder.path, "link"));
    assert.deepEqual((await readdir(folder.path)).toSorted(), ["outside", "tree"]);
    assert.deepEqual(await readdir(outside), ["file"]);
  });

  it("removes names that are no text", async function () {
    if (process.platform !== "linux") this.skip();
    await writeFile(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0xfe, 0x0a])]), "");
    await deleteTree(tree);
    assert.equal(await isThere(tree), false);
  });

  it("goes on where it was cut off, and does nothing when there is nothing", async () => {
    for (let count = 0; count < 300; count += 1) await writeFile(join(tree, `${count}`), "");
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(deleteTree(tree, { signal: controller.signal }), { code: "cancelled" });
    await deleteTree(tree);
    await deleteTree(tree);
    assert.equal(await isThere(tree), false);
  });

  it("tells how far it is", async () => {
    for (let count = 0; count < 1_100; count += 1) await writeFile(join(tree, `${count}`), "");
    const told: string[] = [];
    await deleteTree(tree, { onProgress: (detail) => told.push(detail) });
    assert.match(told.join(), /^1,0\d\d files$/);
  });

  it("does not enter what is mounted in it, and deletes nothing then", async function () {
    await mkdir(join(tree, "mounted"));
    await writeFile(join(tree, "file"), "");
    const isMounted = await run("mount", ["--bind", outside, join(tree, "mounted")]).then(
      () => true,
      () => false,
    );
    if (!isMounted) this.skip();
    try {
      await assert.rejects(deleteTree(tree), /is another file system that is mounted there/);
      assert.deepEqual((await readdir(tree)).toSorted(), ["file", "mounted"]);
      assert.deepEqual(await readdir(outside), ["file"]);
    } finally {
      await run("umount", [join(tree, "mounted")]);
    }
  });
});
