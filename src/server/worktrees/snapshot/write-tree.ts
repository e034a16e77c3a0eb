import { chmod, lutimes, mkdir, open, symlink, utimes } from "node:fs/promises";
import { TallyError } from "../../../protocol/errors.ts";
import type { Entry, FileEntry } from "./manifest.ts";
import { kindsOf, type PlainGit, throwIfCancelled } from "./object-store.ts";
import { bytePath, bytesOf, textOf } from "./raw-path.ts";
import { inParts } from "./write-blobs.ts";

/** So much is read from the repository at once; a larger file goes from git to the disk directly. */
const PART = { files: 1_000, bytes: 16 * 1024 * 1024 };
/** So many files are written at the same time. */
const AT_ONCE = 32;
/** While it is filled, whatever its own mode is. */
const OPEN_FOLDER = 0o700;

export interface WriteTreeOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onFiles: (count: number) => void;
}

/**
 * Makes what a manifest lists in `root`, which is empty. Its own mode and time are those of its entry once {@link closeFolders} was called.
 * @returns the files whose contents are not in the repository any more, which are left out
 */
export async function writeTree(
  git: PlainGit,
  root: string,
  entries: readonly Entry[],
  options: WriteTreeOptions,
): Promise<FileEntry[]> {
  for (const { type, path } of entries)
    if (type === "folder" && path !== "") await mkdir(bytePath(root, path), OPEN_FOLDER);
  const files = entries.filter((entry) => entry.type === "file");
  const present = new Set((await kindsOf(git, [...new Set(files.map(({ blob }) => blob))])).map(({ id }) => id));
  const isPresent = ({ blob }: FileEntry) => present.has(blob);
  for (const part of inParts(files.filter(isPresent), PART)) {
    throwIfCancelled(options.signal);
    const [first] = part;
    if (first && first.size > PART.bytes) await writeLargeFile(git, root, first);
    else await writeFiles(root, part, await blobsOf(git, part));
    options.onFiles(part.length);
  }
  for (const entry of entries) {
    if (entry.type !== "link") continue;
    const place = bytePath(root, entry.path);
    const target = bytesOf(entry.target);
    await symlink(target, place, linkType(entry));
    await lutimes(place, entry.mtimeMs / 1_000, entry.mtimeMs / 1_000);
  }
  return files.filter((file) => !isPresent(file));
}

/** Gives the folders their modes and times, now that nothing more is written into them. */
export async function closeFolders(root: string, entries: readonly Entry[]): Promise<void> {
  for (const entry of entries.toReversed()) {
    if (entry.type !== "folder") continue;
    const place = bytePath(root, entry.path);
    await utimes(place, entry.mtimeMs / 1_000, entry.mtimeMs / 1_000);
    await chmod(place, entry.mode);
  }
}

/** What `git cat-file --batch` answers: a line for each, then its contents. */
async function blobsOf(git: PlainGit, files: readonly FileEntry[]): Promise<Buffer[]> {
  const { stdout } = await git(["cat-file", "--batch"], { input: files.map(({ blob }) => `${blob}\n`).join("") });
  const blobs: Buffer[] = [];
  let at = 0;
  for (const { blob, path } of files) {
    const end = stdout.indexOf("\n", at);
    const [id, kind, size = ""] = stdout.toString("latin1", at, end).split(" ");
    if (id !== blob || kind !== "blob")
      throw new TallyError("git-failed", `What was in ${textOf(path)} is not in the repository any more (${blob}).`);
    const start = end + 1;
    blobs.push(stdout.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return blobs;
}

async function writeFiles(root: string, files: readonly FileEntry[], blobs: readonly Buffer[]): Promise<void> {
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const part = files.slice(start, start + AT_ONCE);
    await Promise.all(part.map((file, index) => writeOne(root, file, blobs[start + index] ?? Buffer.alloc(0))));
  }
}

async function writeOne(root: string, file: FileEntry, contents: Buffer): Promise<void> {
  const handle = await open(bytePath(root, file.path), "wx", 0o600);
  try {
    await handle.writeFile(contents);
    await handle.chmod(file.mode);
    await handle.utimes(file.mtimeMs / 1_000, file.mtimeMs / 1_000);
  } finally {
    await handle.close();
  }
}

async function writeLargeFile(git: PlainGit, root: string, file: FileEntry): Promise<void> {
  const handle = await open(bytePath(root, file.path), "wx", 0o600);
  try {
    await git(["cat-file", "blob", file.blob], { stdout: handle.fd });
    await handle.chmod(file.mode);
    await handle.utimes(file.mtimeMs / 1_000, file.mtimeMs / 1_000);
  } finally {
    await handle.close();
  }
}

function linkType({ isToFolder, target }: Extract<Entry, { type: "link" }>): "file" | "dir" | "junction" {
  if (!isToFolder) return "file";
  return /^(?:[A-Za-z]:|\\\\)/.test(target) ? "junction" : "dir";
}
