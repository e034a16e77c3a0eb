import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { diskUse } from "../../../src/server/worktrees/disk-use.ts";
import { tempFolder } from "../../support/repositories.ts";

describe("disk use", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  beforeEach(async () => {
    folder = await tempFolder();
  });
  afterEach(() => folder.dispose());

  it("is what du says: links are not followed, a file with two names counts once", async () => {
    const { path } = folder;
    const outside = await tempFolder("outside");
    await writeFile(join(outside.path, "big"), Buffer.alloc(1_000_000));
    await mkdir(join(path, "a/b"), { recursive: true });
    for (let n = 0; n < 50; n++) await writeFile(join(path, "a/b", `${n}`), Buffer.alloc(n * 1000));
    await link(join(path, "a/b/49"), join(path, "a/again"));
    await symlink(outside.path, join(path, "link"));
    const { stdout } = await promisify(execFile)("du", ["-s", "-B1", path]);
    assert.equal(await diskUse(path), Number.parseInt(stdout, 10));
    await outside.dispose();
  });

  it("is nothing of what is not there", async () => {
    assert.equal(await diskUse(join(folder.path, "gone")), 0);
  });

  it("can be cancelled", async () => {
    await assert.rejects(diskUse(folder.path, AbortSignal.abort()), { code: "cancelled" });
  });
});
