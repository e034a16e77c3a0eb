import { readlink, realpath, stat, symlink, unlink } from "node:fs/promises";
import { join, posix } from "node:path";
import { FoldersInside, isWithin, plainPath, whatIsAt } from "./folders-inside.ts";
import { gitItems } from "./git.ts";

export interface LinkSharedOptions {
  /** The main checkout. */
  readonly from: string;
  readonly to: string;
  /** Relative to both, with `/` between their parts. */
  readonly paths: readonly string[];
}

export interface SkippedLink {
  readonly path: string;
  /** A sentence for a person. */
  readonly why: string;
}

export interface LinkOutcome {
  /** Those that are links now, whenever they were made. */
  readonly linked: string[];
  readonly skipped: SkippedLink[];
}

/**
 * Makes files and folders of a worktree links to those of the main checkout. Nothing that is there is replaced; done twice, it does
 * what is missing.
 * @throws {TallyError} `git-failed`
 */
export async function linkShared({ from, to, paths }: LinkSharedOptions): Promise<LinkOutcome> {
  const wanted = [...new Set(paths.map(plainPath))];
  const tracked = [...(await trackedAmong(from, wanted)), ...(await trackedAmong(to, wanted))];
  const folders = new FoldersInside(to, from);
  const linked: string[] = [];
  const skipped: SkippedLink[] = [];
  for (const path of wanted) {
    const isTracked = tracked.some((each) => each === path || each.startsWith(`${path}/`));
    const why = isTracked ? "Git tracks it, so the worktree has its own." : await linkOne({ path, from, folders });
    if (why === null) linked.push(path);
    else skipped.push({ path, why });
  }
  return { linked, skipped };
}

/** Windows takes so many characters a command line, and a path some hundred. */
const PATHS_A_CALL = 50;

async function trackedAmong(cwd: string, paths: readonly string[]): Promise<string[]> {
  const tracked: string[] = [];
  for (let start = 0; start < paths.length; start += PATHS_A_CALL) {
    const some = paths.slice(start, start + PATHS_A_CALL);
    tracked.push(...(await gitItems(["--literal-pathspecs", "ls-files", "-z", "--", ...some], { cwd })));
  }
  return tracked;
}

interface OneLink {
  readonly path: string;
  readonly from: string;
  readonly folders: FoldersInside;
}

/** @returns why it is no link; null when it is one. */
async function linkOne({ path, from, folders }: OneLink): Promise<string | null> {
  const source = join(from, path);
  if ((await whatIsAt(source)) === null) return "It is not in the main checkout. Make it there first.";
  if (await isInOtherRepository(from, path)) return "It is in a submodule or another repository, which has its own.";
  const folder = await folders.ensure(path.includes("/") ? posix.dirname(path) : "");
  if (folder === null) return "Its folder is a link that leads out of the worktree, or a file is in its place.";
  const link = join(folder, posix.basename(path));
  const there = await whatIsAt(link);
  if (there === null) return makeLink(source, link);
  return there.isSymbolicLink() && (await leadsTo(link, source)) ? null : "Something else is there already.";
}

async function makeLink(source: string, link: string): Promise<string | null> {
  const original = await stat(source).catch(() => null);
  try {
    await symlink(source, link, original?.isDirectory() ? "junction" : "file");
    return null;
  } catch (error) {
    // A junction takes no right, but is for folders only.
    if (process.platform !== "win32" || (error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    return "Windows lets you make no links to files. Switch its developer mode on.";
  }
}

/** A submodule that is linked into would not be checked out any more: its folder is not empty. */
async function isInOtherRepository(checkout: string, path: string): Promise<boolean> {
  for (let end = path.lastIndexOf("/"); end !== -1; end = path.lastIndexOf("/", end - 1)) {
    if ((await whatIsAt(join(checkout, path.slice(0, end), ".git"))) !== null) return true;
  }
  return false;
}

async function leadsTo(link: string, source: string): Promise<boolean> {
  if ((await readlink(link)) === source) return true;
  const [target, original] = await Promise.all([link, source].map((path) => realpath(path).catch(() => null)));
  return target !== null && target === original;
}

/** Takes the links at these paths of a worktree away. What is no link stays, and so does all that a link leads to. */
export async function unlinkShared(worktree: string, paths: readonly string[]): Promise<void> {
  const root = await realpath(worktree);
  for (const path of new Set(paths.map(plainPath))) {
    const folder = await realpath(join(root, posix.dirname(path))).catch(() => null);
    if (folder === null || !isWithin(root, folder)) continue;
    const link = join(folder, posix.basename(path));
    if ((await whatIsAt(link))?.isSymbolicLink()) await unlink(link);
  }
}
