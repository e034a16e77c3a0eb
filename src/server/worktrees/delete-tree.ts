import type { Dirent } from "node:fs";
import { chmod, lstat, readdir, readFile, realpath, rmdir, unlink } from "node:fs/promises";
import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TallyError } from "../../protocol/errors.ts";

export interface DeleteTreeOptions {
  readonly signal?: AbortSignal | undefined;
  /** How far it is: "1,204 files". */
  readonly onProgress?: ((detail: string) => void) | undefined;
}

interface Deletion extends DeleteTreeOptions {
  /** The file system that the folder is on. */
  readonly device: number;
  count: number;
}

/** So many files are removed at the same time. */
const AT_ONCE = 64;
const FILES_A_REPORT = 1_000;
/** Somebody still writes into it, or Windows holds on to what was just closed. */
const MAX_TRIES = 5;
const RETRY_MS = 100;

/**
 * Removes a folder with all that is in it, what is read-only too. Links and junctions are removed and never followed, and another file
 * system that is mounted in it is not entered. Does nothing when there is none, so it can be called again.
 * @throws {TallyError} `folder-unreadable` for what cannot be removed, `cancelled`; the rest is left as it is then
 */
export async function deleteTree(path: string, options: DeleteTreeOptions = {}): Promise<void> {
  const place = Buffer.from(path);
  try {
    const stats = await lstat(place).catch(orIfGone);
    if (stats === null) return;
    if (stats.isDirectory()) {
      await refuseMounts(path);
      await deleteFolder(place, { ...options, device: stats.dev, count: 0 });
    } else await deleteFile(place);
  } catch (error) {
    throw error instanceof TallyError ? error : notDeleted(error as NodeJS.ErrnoException, path);
  }
}

/** Linux lists what is mounted: also a folder of the same file system, which its device does not give away. */
async function refuseMounts(path: string): Promise<void> {
  const mounts = await readFile("/proc/self/mountinfo", "latin1").catch(() => "");
  const root = Buffer.from((await realpath(path)) + sep).toString("latin1");
  for (const line of mounts.split("\n")) {
    const escaped = line.split(" ")[4] ?? "";
    const place = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    if (place.startsWith(root)) throw mounted(Buffer.from(place, "latin1"));
  }
}

async function deleteFolder(place: Buffer, deletion: Deletion): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await deleteContents(place, deletion);
    try {
      await rmdir(place);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return;
      const mayPass = code === "ENOTEMPTY" || code === "EBUSY" || code === "EPERM";
      if (!mayPass || tries === MAX_TRIES) throw error;
      await delay(process.platform === "win32" ? RETRY_MS * tries : 0);
    }
  }
}

async function deleteContents(place: Buffer, deletion: Deletion): Promise<void> {
  const entries = await entriesOf(place);
  const files = entries.filter((entry) => !entry.isDirectory());
  for (let start = 0; start < files.length; start += AT_ONCE) {
    throwIfCancelled(deletion);
    const part = files.slice(start, start + AT_ONCE);
    await Promise.all(part.map(({ name }) => deleteFile(inside(place, name))));
    count(deletion, part.length);
  }
  for (const entry of entries.filter((each) => each.isDirectory())) {
    throwIfCancelled(deletion);
    const child = inside(place, entry.name);
    const stats = await lstat(child).catch(orIfGone);
    if (stats === null) continue;
    // What was a folder a moment ago may be a link now.
    if (!stats.isDirectory()) await deleteFile(child);
    else if (stats.dev === deletion.device) await deleteFolder(child, deletion);
    else throw mounted(child);
  }
}

/** Folders that may not be written to keep what is in them, so that is allowed first: by us, for us, and only of the folder itself. */
async function entriesOf(place: Buffer): Promise<Dirent<Buffer>[]> {
  const stats = await lstat(place);
  if (!stats.isDirectory()) return [];
  if (process.platform !== "win32" && (stats.mode & 0o700) !== 0o700) await chmod(place, 0o700).catch(() => undefined);
  return readdir(place, { encoding: "buffer", withFileTypes: true });
}

async function deleteFile(place: Buffer): Promise<void> {
  try {
    await unlink(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (process.platform !== "win32" || (code !== "EPERM" && code !== "EBUSY")) throw error;
    await deleteOnWindows(place);
  }
}

/** There a file that is read-only is not removed, and a junction is removed as a folder is. */
async function deleteOnWindows(place: Buffer): Promise<void> {
  const isLink = (await lstat(place)).isSymbolicLink();
  if (isLink) {
    await rmdir(place);
    return;
  }
  await chmod(place, 0o666);
  await unlink(place);
}

function inside(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from(sep), name]);
}

function count(deletion: Deletion, files: number): void {
  const before = Math.floor(deletion.count / FILES_A_REPORT);
  deletion.count += files;
  if (Math.floor(deletion.count / FILES_A_REPORT) > before)
    deletion.onProgress?.(`${deletion.count.toLocaleString("en")} files`);
}

function throwIfCancelled({ signal }: DeleteTreeOptions): void {
  if (signal?.aborted)
    throw new TallyError("cancelled", "It was cancelled. What is left of the folder was not touched.");
}

function mounted(place: Buffer): TallyError {
  return new TallyError(
    "folder-unreadable",
    `${place.toString()} is another file system that is mounted there, so it was not deleted. Unmount it, then try again.`,
  );
}

function notDeleted({ code, message, path }: NodeJS.ErrnoException, root: string): TallyError {
  const place = path === undefined ? root : Buffer.isBuffer(path) ? path.toString() : path;
  return new TallyError(
    "folder-unreadable",
    `${place} cannot be deleted (${code ?? message}). Close what uses it or give yourself access to it, then try again.`,
  );
}

function orIfGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
