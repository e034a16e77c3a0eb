import { constants, type Stats } from "node:fs";
import {
  copyFile,
  lutimes,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import { FoldersInside, isAtOrBelow, plainPath, whatIsAt } from "./folders-inside.ts";
import { gitItems } from "./git.ts";
import { SESSIONS_FILE } from "./sessions-file.ts";

/** Says which ignored files belong into a new worktree, in the syntax of .gitignore. Other tools read it too. */
const WORKTREE_INCLUDE = ".worktreeinclude";

const MAX_INCLUDE_BYTES = 1024 * 1024;

/** What a package manager fills: what lies in it by the name of one of the repository's own files is none of them. */
const DEPENDENCIES = "node_modules";

export interface FilesToCopyOptions {
  /** Paths that are linked, and so are not copied, nor what is below them. */
  readonly exclude?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files of a checkout that git ignores and of which a new worktree gets copies, as paths with `/` between their parts. None is in
 * another worktree or repository that lies in it, and none in `node_modules` unless a pattern names that folder.
 * @param patterns in the syntax of .gitignore. Null: as `.worktreeinclude` says; where there is none, `.env` and `.env.*` in folders
 * that git does not ignore as a whole.
 * @throws {TallyError} `git-failed`, `cancelled`
 */
export async function filesToCopy(
  from: string,
  patterns: readonly string[] | null,
  { exclude = [], signal }: FilesToCopyOptions = {},
): Promise<string[]> {
  const text = patterns === null ? await readInclude(from) : patterns.join("\n");
  const found = text === null ? await environmentFiles(from, signal) : await filesByPatterns(from, text, signal);
  const excluded = new Set([...exclude.map(plainPath), SESSIONS_FILE]);
  return found.filter((path) => !isAtOrBelow(path, excluded)).sort();
}

/** Null when there is none. */
async function readInclude(from: string): Promise<string | null> {
  const path = join(from, WORKTREE_INCLUDE);
  const there = await stat(path).catch(() => null);
  return there?.isFile() && there.size <= MAX_INCLUDE_BYTES ? readFile(path, "utf8") : null;
}

async function environmentFiles(from: string, signal: AbortSignal | undefined): Promise<string[]> {
  // Folders that are ignored as a whole are one item, and are not looked into.
  const ignored = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const items = await gitItems(ignored, { cwd: from, signal });
  return items.filter((path) => /(?:^|\/)\.env(?:\.[^/]*)?$/.test(path));
}

async function filesByPatterns(from: string, text: string, signal: AbortSignal | undefined): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "tally-patterns-"));
  try {
    const file = join(folder, "patterns");
    await writeFile(file, text);
    const matching = ["ls-files", "-z", "--others", "--ignored", `--exclude-from=${file}`];
    const items = await gitItems(matching, { cwd: from, signal });
    const isWanted = text.includes(DEPENDENCIES)
      ? () => true
      : (path: string) => !path.split("/").includes(DEPENDENCIES);
    // What ends with a slash is a repository of its own, or another worktree.
    const files = items.filter((path) => !path.endsWith("/") && isWanted(path));
    if (files.length === 0) return [];
    const input = files.map((path) => `${path}\0`).join("");
    return await gitItems(["check-ignore", "-z", "--stdin"], { cwd: from, signal, input, okCodes: [0, 1] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface CopyFilesOptions {
  readonly from: string;
  readonly to: string;
  /** Relative to both, with `/` between their parts. */
  readonly files: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
}

export interface CopyProgress {
  readonly copied: number;
  readonly bytes: number;
}

export interface CopyOutcome extends CopyProgress {
  /** Files that were left as they are: something was there already, or in the way. */
  readonly kept: readonly string[];
}

/**
 * Copies are made here and then renamed, so that a file is there whole or not at all. It is in the checkout itself, because a rename
 * ends where a file system does.
 */
const STAGING = ".tally-copying";

/** Of the four threads that all file calls of the process share, one is left for others: a large file takes long. */
const CONCURRENCY = 3;

/**
 * Copies files from one checkout to another, with mode and time of change; where the file system can, a copy shares its blocks with
 * the original until one of them changes. Links are copied as links. Done twice, it does what is missing.
 * @throws {TallyError} `cancelled`; `folder-unreadable` and `internal`, naming the file that could not be read or written
 */
export async function copyFiles({ from, to, files, signal, onProgress }: CopyFilesOptions): Promise<CopyOutcome> {
  const staging = join(to, STAGING);
  const folders = new FoldersInside(to, from);
  const kept: string[] = [];
  let copied = 0;
  let bytes = 0;
  const left = files.values();
  let hasFailed = false;

  const copyInTurn = async (lane: number) => {
    for (const path of left) {
      if (signal?.aborted) throw new TallyError("cancelled", "It was cancelled.");
      if (hasFailed) return;
      const made = await copyOne({ path, from, staged: join(staging, String(lane)), folders });
      if (made === "kept") kept.push(path);
      if (typeof made !== "number") continue;
      copied += 1;
      bytes += made;
      onProgress?.({ copied, bytes });
    }
  };

  await rm(staging, { recursive: true, force: true });
  if (files.length > 0) await mkdir(staging, { mode: 0o700 });
  try {
    const lanes = Array.from({ length: CONCURRENCY }, (_, lane) =>
      copyInTurn(lane).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      }),
    );
    // All of them: none may still write when this is over.
    const failure = (await Promise.allSettled(lanes)).find((end) => end.status === "rejected");
    if (failure) throw failure.reason;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { copied, bytes, kept: kept.sort() };
}

interface OneCopy {
  readonly path: string;
  readonly from: string;
  /** Where the copy is made. */
  readonly staged: string;
  readonly folders: FoldersInside;
}

/** @returns the size of what was copied. `gone`: since it was found; or it is nothing that could be copied, such as a socket. */
async function copyOne({ path, from, staged, folders }: OneCopy): Promise<number | "kept" | "gone"> {
  const source = join(from, path);
  const end = path.lastIndexOf("/");
  try {
    const original = await whatIsAt(source);
    if (!original?.isFile() && !original?.isSymbolicLink()) return "gone";
    const folder = await folders.ensure(path.slice(0, Math.max(end, 0)));
    if (folder === null) return "kept";
    const target = join(folder, path.slice(end + 1));
    if ((await whatIsAt(target)) !== null) return "kept";
    await copyTo(staged, source, original);
    // Again, as a large file takes long: what somebody has put there meanwhile is theirs.
    if ((await whatIsAt(target)) !== null) {
      await rm(staged);
      return "kept";
    }
    await rename(staged, target);
    return original.size;
  } catch (error) {
    if ((await whatIsAt(source).catch(() => true)) === null) return "gone";
    throw notCopied(error as NodeJS.ErrnoException, path, from);
  }
}

async function copyTo(staged: string, source: string, original: Stats): Promise<void> {
  const times = [original.atimeMs / 1000, original.mtimeMs / 1000] as const;
  if (original.isSymbolicLink()) {
    // Windows has to know which kind; where the target is not there, a file's does.
    const target = await stat(source).catch(() => null);
    await symlink(await readlink(source), staged, target?.isDirectory() ? "dir" : "file");
    await lutimes(staged, ...times);
    return;
  }
  await copyFile(source, staged, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await utimes(staged, ...times);
}

function notCopied(error: NodeJS.ErrnoException, path: string, from: string): TallyError {
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new TallyError(
      "folder-unreadable",
      `${path} in ${from} could not be copied: you may not read it, or not write where it belongs. Change its permissions, or leave it out of what is copied.`,
    );
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return new TallyError("internal", `${path} could not be copied: the disk is full. Free some space, then go on.`);
  }
  return new TallyError("internal", `${path} in ${from} could not be copied: ${error.message}.`);
}
