import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitText, kindsOf, type PlainGit, rawItems } from "./object-store.ts";

/** What only the index of a worktree names. */
export interface KeptIndex {
  /** All that is staged, but for conflicts. */
  readonly tree: string | null;
  /** The sides of conflicts, those that were resolved among them. */
  readonly blobs: readonly string[];
}

/** Finds what the index holds, without changing it. `git` is that of the worktree. */
export async function keptIndex(git: PlainGit, adminDir: string): Promise<KeptIndex> {
  const folder = await mkdtemp(join(tmpdir(), "tally-index-"));
  try {
    const copy = join(folder, "index");
    const isThere = await copyFile(join(adminDir, "index"), copy).then(() => true, orIfMissing);
    if (!isThere) return { tree: null, blobs: [] };
    const env = { GIT_INDEX_FILE: copy };
    const listed = await git(["ls-files", "--unmerged", "-z"], { env, okCodes: [0, 128] });
    // Git cannot read it. The file itself is kept all the same.
    if (listed.code !== 0) return { tree: null, blobs: [] };
    const unmerged = objectsIn(rawItems(listed));
    const resolved = objectsIn(rawItems(await git(["ls-files", "--resolve-undo", "-z"], { env })));
    const tree = unmerged.length === 0 ? await writeTree(git, env) : await treeWithoutConflicts(git, env, folder);
    const blobs = (await kindsOf(git, [...new Set([...unmerged, ...resolved])])).filter(({ kind }) => kind === "blob");
    return { tree, blobs: blobs.map(({ id }) => id) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The objects in lines of `git ls-files --stage`. */
function objectsIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^(\d{6}) ([0-9a-f]{40,64}) \d\t/.exec(line)?.[2] ?? []);
}

/** Objects of a partial clone may be missing; its remote has them. */
function writeTree(git: PlainGit, env: Record<string, string>): Promise<string> {
  return gitText(git, ["write-tree", "--missing-ok"], { env });
}

/** Git writes no tree of an index with conflicts. */
async function treeWithoutConflicts(git: PlainGit, env: Record<string, string>, folder: string): Promise<string> {
  const staged = rawItems(await git(["ls-files", "--stage", "-z"], { env })).filter((line) =>
    /^\d{6} [0-9a-f]+ 0\t/.test(line),
  );
  const clean = { GIT_INDEX_FILE: join(folder, "clean") };
  const input = Buffer.from(staged.map((line) => `${line}\0`).join(""), "latin1");
  await git(["update-index", "-z", "--index-info"], { env: clean, input });
  return writeTree(git, clean);
}

function orIfMissing(error: NodeJS.ErrnoException): false {
  if (error.code === "ENOENT") return false;
  throw error;
}
