import { TallyError } from "../../../protocol/errors.ts";
import { isNotKept, isPointer, refuseLink } from "./look.ts";
import { MadeReadable } from "./make-readable.ts";
import type { Entry } from "./manifest.ts";
import { plainGit } from "./object-store.ts";
import { type Raw, textOf } from "./raw-path.ts";
import { readSnapshot } from "./snapshots.ts";
import { stillWritten } from "./still-written.ts";
import { type Found, walk } from "./walk.ts";
import { type FoundFile, hashFiles } from "./write-blobs.ts";

export interface KeptWorktree {
  readonly commonDir: string;
  /** Git's folder of the worktree. */
  readonly adminDir: string;
  /** Where the files are now. */
  readonly folder: string;
  readonly ref: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that all that is in a worktree is in its snapshot, immediately before it is deleted. What is gone already is not missed, so
 * it can also be asked when a deletion goes on that was cut off.
 * @throws {TallyError} `worktree-busy` where something was written since, `snapshot-not-found`, `not-a-folder`
 */
export async function assertUnchanged(options: KeptWorktree): Promise<void> {
  const { commonDir, adminDir, folder, ref, signal } = options;
  const { info, manifest } = await readSnapshot(commonDir, ref);
  await refuseLink(folder, info.path);
  const readable = new MadeReadable();
  try {
    const leftOut = new Set(info.leftOut);
    const inFolder = await walk(folder, {
      readable,
      signal,
      skip: (path, isFolder) => isPointer(path, isFolder) || leftOut.has(isFolder ? `${textOf(path)}/` : textOf(path)),
    });
    const inAdmin = await walk(adminDir, { readable, signal, skip: isNotKept });
    const changed =
      (await firstNew(folder, inFolder.found, manifest.folder, options)) ??
      (await firstNew(adminDir, inAdmin.found, manifest.admin, options));
    if (changed !== null) throw await stillWritten(info.name, folder, changed);
  } finally {
    await readable.putBack();
  }
}

/** Something that the snapshot does not have; null where it has all. */
async function firstNew(
  root: string,
  found: readonly Found[],
  kept: readonly Entry[],
  { commonDir, signal }: KeptWorktree,
): Promise<Raw | null> {
  const known = new Map(kept.map((entry) => [entry.path, entry]));
  const doubtful: FoundFile[] = [];
  for (const entry of found) {
    const before = known.get(entry.path);
    if (before?.type !== entry.type) return entry.path;
    if (entry.type === "link" && before.type === "link" && entry.target !== before.target) return entry.path;
    if (entry.type !== "file" || before.type !== "file") continue;
    if (entry.size !== before.size) return entry.path;
    if (entry.mtimeMs !== before.mtimeMs) doubtful.push(entry);
  }
  if (doubtful.length === 0) return null;
  const blobs = await hashFiles(plainGit(commonDir, signal), root, doubtful).catch(orIfFailed);
  if (blobs === null) return doubtful[0]?.path ?? null;
  const changed = doubtful.find(({ path }, index) => {
    const before = known.get(path);
    return before?.type !== "file" || before.blob !== blobs[index];
  });
  return changed?.path ?? null;
}

/** It went while it was read. */
function orIfFailed(error: unknown): null {
  if (error instanceof TallyError && error.code === "git-failed") return null;
  throw error;
}
