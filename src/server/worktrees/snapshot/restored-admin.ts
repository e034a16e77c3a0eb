import { lstat, mkdir, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { deleteTree } from "../delete-tree.ts";
import type { Manifest } from "./manifest.ts";
import { bytesOf } from "./raw-path.ts";

/** Git's folder for a worktree that is being restored. */
export interface RestoredAdmin {
  readonly id: string;
  readonly path: string;
}

/** Git prunes no worktree with this file in its folder; ours says of which snapshot it is half made. */
const LOCK = "locked";

/**
 * Makes git's folder for a worktree, under the id that it had where that is free: submodules and nested worktrees name it. What an
 * earlier attempt has left is removed.
 */
export async function makeAdmin(commonDir: string, ref: string, wantedId: string): Promise<RestoredAdmin> {
  const parent = join(commonDir, "worktrees");
  for (let count = 0; ; count += 1) {
    const id = count === 0 ? wantedId : `${wantedId}${count}`;
    const path = join(parent, id);
    await mkdir(parent, { recursive: true });
    if (await isHalfMade(path, ref)) await deleteTree(path);
    try {
      await mkdir(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    await writeFile(join(path, LOCK), lockText(ref));
    return { id, path };
  }
}

/** Removes it, and the folder of all of them when it was the only one, as git does. */
export async function removeHalfMade({ path }: RestoredAdmin): Promise<void> {
  await deleteTree(path);
  await rmdir(join(path, "..")).catch(() => undefined);
}

/** The lock that it had, or none: from here on it is a worktree as any other. */
export async function unlock(admin: RestoredAdmin, lock: Buffer | null): Promise<void> {
  if (lock === null) await rm(join(admin.path, LOCK), { force: true });
  else await writeFile(join(admin.path, LOCK), lock);
}

/** The half made folder of an attempt that was cut off after the files were in their place. */
export async function findFinished(commonDir: string, ref: string, path: string): Promise<RestoredAdmin | null> {
  const parent = join(commonDir, "worktrees");
  for (const id of await readdir(parent).catch(() => [])) {
    const admin = { id, path: join(parent, id) };
    if (!(await isHalfMade(admin.path, ref))) continue;
    const gitdir = (await readFile(join(admin.path, "gitdir"), "utf8").catch(() => "")).trim();
    const isOfPath = gitdir !== "" && resolve(admin.path, gitdir) === join(path, ".git");
    if (isOfPath && (await exists(join(path, ".git")))) return admin;
  }
  return null;
}

/** What `.git` in the worktree and `gitdir` in git's folder say: as they did, where both are where they were. */
export function pointersOf(
  manifest: Manifest,
  commonDir: string,
  admin: RestoredAdmin,
  path: string,
): { gitFile: Buffer; gitdir: Buffer } {
  const { places, pointers } = manifest;
  const isSame = places.path === path && places.commonDir === commonDir && places.adminId === admin.id;
  const { gitFile, gitdir } = isSame ? pointers : { gitFile: null, gitdir: null };
  return {
    gitFile: gitFile === null ? Buffer.from(`gitdir: ${forGit(admin.path)}\n`) : bytesOf(gitFile),
    gitdir: gitdir === null ? Buffer.from(`${forGit(join(path, ".git"))}\n`) : bytesOf(gitdir),
  };
}

/** Empty: it was cut off before it was said of which snapshot it is. Git leaves no such folder. */
async function isHalfMade(path: string, ref: string): Promise<boolean> {
  const names = await readdir(path).catch(() => null);
  if (names?.length === 0) return true;
  return (await readFile(join(path, LOCK), "utf8").catch(() => null)) === lockText(ref);
}

function lockText(ref: string): string {
  return `Tally restores ${ref}\n`;
}

/** Git writes slashes on Windows too. */
function forGit(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
