import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import type { MadeReadable } from "./make-readable.ts";
import { throwIfCancelled } from "./object-store.ts";
import { bytePath, joinRaw, type Raw } from "./raw-path.ts";

interface Common {
  readonly path: Raw;
  readonly mtimeMs: number;
  /** Another one once it was written to, replaced, or given another mode or time. */
  readonly stamp: string;
}

/** One thing in a folder, as it is on the disk. */
export type Found =
  | (Common & { readonly type: "folder"; readonly mode: number })
  | (Common & { readonly type: "file"; readonly mode: number; readonly size: number })
  | (Common & { readonly type: "link"; readonly target: Raw; readonly isToFolder: boolean });

/** A folder that is about to be read. */
export interface FolderRead {
  readonly path: Raw;
  readonly names: ReadonlySet<Raw>;
  /** Whether it or a folder above it, but the root, is a repository of its own. */
  readonly isInRepository: boolean;
}

export interface WalkOptions {
  readonly readable: MadeReadable;
  readonly signal?: AbortSignal | undefined;
  /** Left out without a word. */
  readonly skip?: (path: Raw, isFolder: boolean) => boolean;
  /** Left out, and said so. */
  readonly leaveOut?: (folder: FolderRead) => Promise<boolean>;
}

export interface Walked {
  /** The root first, each folder before what is in it. Empty where there is no such folder. */
  readonly found: readonly Found[];
  readonly leftOut: readonly Raw[];
}

/** So many files are looked at at the same time. */
const AT_ONCE = 64;

/** All that is in a folder. Links are never followed. */
export async function walk(root: string, options: WalkOptions): Promise<Walked> {
  const found: Found[] = [];
  const leftOut: Raw[] = [];
  const { readable, signal, skip = () => false, leaveOut = () => Promise.resolve(false) } = options;

  async function folder(path: Raw, stats: BigIntStats, isInRepository: boolean): Promise<void> {
    throwIfCancelled(signal);
    const place = bytePath(root, path);
    const ownMode = await readable.open(place, stats).catch(orIfGone);
    const listed = await readdir(place, { encoding: "buffer", withFileTypes: true }).catch(orIfGone);
    if (listed === null) return;
    const entries = listed.map(named);
    const names = new Set(entries.map(({ name }) => name));
    const isRepository = isInRepository || (path !== "" && names.has(".git"));
    if (path !== "" && (await leaveOut({ path, names, isInRepository: isRepository }))) {
      leftOut.push(`${path}/`);
      return;
    }
    found.push({ type: "folder", path, ...whatIsKnown(stats, ownMode) });
    const wanted = entries
      .map(({ name, isFolder }) => ({ path: joinRaw(path, name), isFolder }))
      .filter((entry) => !skip(entry.path, entry.isFolder))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const folders: { path: Raw; stats: BigIntStats }[] = [];
    for (let start = 0; start < wanted.length; start += AT_ONCE) {
      const part = wanted.slice(start, start + AT_ONCE);
      const looked = await Promise.all(part.map((entry) => look(entry.path)));
      for (const each of looked) {
        if (each === null) continue;
        if (each.type === "subfolder") folders.push(each);
        else if (each.type === "special") leftOut.push(each.path);
        else found.push(each);
      }
    }
    for (const child of folders) await folder(child.path, child.stats, isRepository);
  }

  async function look(path: Raw) {
    const place = bytePath(root, path);
    const stats = await lstat(place, { bigint: true }).catch(orIfGone);
    if (stats === null) return null;
    if (stats.isDirectory()) return { type: "subfolder" as const, path, stats };
    if (stats.isSymbolicLink()) {
      const target = await readlink(place, { encoding: "buffer" }).catch(orIfGone);
      if (target === null) return null;
      const { mtimeMs, stamp } = whatIsKnown(stats, null);
      const isToFolder = await isLinkToFolder(place);
      return { type: "link" as const, path, mtimeMs, stamp, target: target.toString("latin1"), isToFolder };
    }
    if (!stats.isFile()) return { type: "special" as const, path };
    const ownMode = await readable.open(place, stats).catch(orIfGone);
    return { type: "file" as const, path, ...whatIsKnown(stats, ownMode), size: Number(stats.size) };
  }

  const stats = await lstat(root, { bigint: true }).catch(orIfGone);
  if (stats?.isDirectory()) await folder("", stats, false);
  return { found, leftOut };
}

/** @param ownMode of what had to be made readable, by which its `ctime` became another */
function whatIsKnown(stats: BigIntStats, ownMode: number | null): { mode: number; mtimeMs: number; stamp: string } {
  const mode = ownMode ?? Number(stats.mode) & 0o7777;
  const changedNs = ownMode === null ? stats.ctimeNs : "";
  return {
    mode,
    mtimeMs: millisecondsOf(stats.mtimeNs),
    stamp: [stats.ino, stats.size, stats.mtimeNs, changedNs, mode].join(" "),
  };
}

/** In two parts: as one number it would be rounded twice. */
function millisecondsOf(ns: bigint): number {
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
}

function named(entry: Dirent<Buffer>): { name: Raw; isFolder: boolean } {
  return { name: entry.name.toString("latin1"), isFolder: entry.isDirectory() };
}

/** Only Windows wants to know when it makes the link anew. */
async function isLinkToFolder(place: Buffer): Promise<boolean> {
  if (process.platform !== "win32") return false;
  return stat(place).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** It went, or became something else, between the list and the look: something still runs in there. */
function orIfGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EINVAL") return null;
  throw error;
}
