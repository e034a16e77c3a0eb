import assert from "node:assert/strict";
import { chmod, lstat, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry } from "../../../src/server/worktrees/snapshot/manifest.ts";
import { readSnapshot } from "../../../src/server/worktrees/snapshot/snapshots.ts";
import { aCheckout, ask, keep, type KeptWorktree, REF } from "./kept-worktree.ts";

describe("the snapshot of a secret, in a repository that everybody may read", () => {
  let worktree: KeptWorktree;
  let objects: string;

  beforeEach(async function () {
    if (process.platform === "win32") this.skip();
    worktree = await aCheckout();
    objects = join(worktree.commonDir, "objects");
    await ask(worktree.repo, "config", "core.sharedRepository", "all");
    await chmod(objects, 0o2775);
    await mkdir(join(worktree.path, "closed"));
    for (const [path, mode] of [
      [".env", 0o600],
      ["team.env", 0o640],
      ["closed/open", 0o644],
      ["notes", 0o644],
    ] as const) {
      await writeFile(join(worktree.path, path), `${path}\n`);
      await chmod(join(worktree.path, path), mode);
    }
    await chmod(join(worktree.path, "closed"), 0o700);
    await chmod(worktree.path, 0o755);
  });
  afterEach(() => worktree.dispose());

  const modeOf = async (place: string) => ((await lstat(place)).mode & 0o7777).toString(8);

  async function modesOfObjects(): Promise<Record<string, string>> {
    const { manifest } = await readSnapshot(worktree.commonDir, REF);
    const files = manifest.folder.filter((entry): entry is FileEntry => entry.type === "file");
    const modes = files.map(async ({ path, blob }) => [
      path,
      await modeOf(join(objects, blob.slice(0, 2), blob.slice(2))),
    ]);
    return Object.fromEntries(await Promise.all(modes)) as Record<string, string>;
  }

  it("can be read by nobody who could not read the file", async () => {
    await keep(worktree);
    const { ".env": secret, "team.env": team, "closed/open": hidden, notes } = await modesOfObjects();
    assert.deepEqual({ secret, team, hidden, notes }, { secret: "400", team: "440", hidden: "400", notes: "444" });
  });

  it("closes no folder that other objects are in", async () => {
    await keep(worktree);
    const folders = (await readdir(objects)).filter((name) => name.length === 2);
    const before = await ask(worktree.repo, "rev-parse", "HEAD^{tree}", "HEAD");
    const known = new Set(before.split("\n").map((id) => id.slice(0, 2)));
    const modes = await Promise.all(
      folders.filter((name) => !known.has(name)).map((name) => modeOf(join(objects, name))),
    );
    assert.equal(
      modes.find((mode) => (parseInt(mode, 8) & 0o055) !== 0o055),
      undefined,
    );
  });
});
