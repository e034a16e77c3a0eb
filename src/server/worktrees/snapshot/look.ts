import { lstat, readlink } from "node:fs/promises";
import { TallyError } from "../../../protocol/errors.ts";
import { leftOutOf } from "./left-out.ts";
import type { MadeReadable } from "./make-readable.ts";
import { plainGit } from "./object-store.ts";
import { nameOf, type Raw } from "./raw-path.ts";
import { type Found, type Walked, walk } from "./walk.ts";

/** All that is there of a worktree, at one moment. */
export interface Seen {
  /** The worktree's own files; null where there is no such folder. */
  readonly folder: Walked | null;
  /** Git's folder of the worktree. */
  readonly admin: Walked;
  /** When all of it had been looked at. */
  readonly at: number;
}

interface Places {
  readonly adminDir: string;
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/** The worktree's pointer to git's folder is written anew when it is restored. */
export function isPointer(path: Raw, isFolder: boolean): boolean {
  return path === ".git" && !isFolder;
}

/** Locks are of whoever holds them; the two pointers are written anew. */
export function isNotKept(path: Raw, isFolder: boolean): boolean {
  return !isFolder && (path === "gitdir" || path === "commondir" || nameOf(path).endsWith(".lock"));
}

/** What git ignores and a command makes again is left out. */
export async function look(places: Places, readable: MadeReadable): Promise<Seen> {
  const { adminDir, folder, signal } = places;
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  );
  const inFolder = isThere
    ? await walk(folder, {
        readable,
        signal,
        skip: isPointer,
        leaveOut: await leftOutOf(folder, plainGit(adminDir, signal, folder)),
      })
    : null;
  const admin = await walk(adminDir, { readable, signal, skip: isNotKept });
  return { folder: inFolder, admin, at: Date.now() };
}

/** What a link leads to would not be kept. @throws {TallyError} `not-a-folder` */
export async function refuseLink(folder: string, path: string): Promise<void> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null || stats.isDirectory()) return;
  const what = stats.isSymbolicLink() ? `a link to ${await readlink(folder)}` : "no folder";
  throw new TallyError(
    "not-a-folder",
    `${path} is ${what}, so what is in the worktree cannot be kept, and nothing was removed. Put the worktree's folder itself there, then try again.`,
  );
}

/** A path that is not as it was, in the worktree or in git's folder of it; null when all is. */
export function firstChange(before: Seen, now: Seen): Raw | null {
  return changeIn(before.folder, now.folder) ?? changeIn(before.admin, now.admin);
}

function changeIn(before: Walked | null, now: Walked | null): Raw | null {
  const left = new Map((before?.found ?? []).map((entry) => [entry.path, stampOf(entry)]));
  // A folder is another one whenever something in it is: what is in it says more.
  let changed: Raw | null = null;
  for (const entry of now?.found ?? []) {
    const isSame = left.get(entry.path) === stampOf(entry);
    left.delete(entry.path);
    if (isSame) continue;
    if (entry.type !== "folder") return entry.path;
    changed ??= entry.path;
  }
  const [gone] = left.keys();
  return gone ?? changed ?? leftOutChange(before, now);
}

function stampOf({ type, stamp }: Found): string {
  return `${type} ${stamp}`;
}

function leftOutChange(before: Walked | null, now: Walked | null): Raw | null {
  const known = new Set(before?.leftOut);
  return (now?.leftOut ?? []).find((path) => !known.has(path)) ?? null;
}
