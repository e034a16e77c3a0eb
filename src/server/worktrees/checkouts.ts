import { readdir, readFile, realpath, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { runGitPastLocks } from "./git.ts";

/** A worktree as git lists it; the first one is the main checkout, or the bare repository itself. */
export interface Checkout {
  readonly path: string;
  /** Null: detached, or bare. */
  readonly branch: string | null;
  /** Null before the first commit, and of a bare repository. */
  readonly head: string | null;
  readonly isBare: boolean;
  readonly isDetached: boolean;
  readonly isLocked: boolean;
  /** Its folder is gone. */
  readonly isMissing: boolean;
}

/** Git in a repository, whatever folder it would take for its own. */
export function inRepository(commonDir: string, ...args: string[]): string[] {
  return [`--git-dir=${commonDir}`, ...args];
}

/** Exit code of git for an option that it does not know. */
const USAGE = 129;

/** The checkouts of a repository, as git lists them. @throws {TallyError} `git-failed` */
export async function listCheckouts(commonDir: string): Promise<Checkout[]> {
  const list = inRepository(commonDir, "worktree", "list", "--porcelain");
  // Git before 2.36 has no -z, and then none of its worktrees has a newline in its path that could be told apart.
  const answer = await runGitPastLocks([...list, "-z"], { cwd: commonDir, okCodes: [0, USAGE] });
  const [{ stdout }, separator] =
    answer.code === USAGE ? [await runGitPastLocks(list, { cwd: commonDir }), "\n"] : [answer, "\0"];
  return await Promise.all(
    parseCheckouts(stdout.toString("utf8"), separator).map(async (checkout) => ({
      ...checkout,
      isMissing: !(await isFolder(checkout.path)),
    })),
  );
}

/** What `git worktree list --porcelain` says. */
export function parseCheckouts(text: string, separator: string): Omit<Checkout, "isMissing">[] {
  return text
    .split(separator + separator)
    .filter((block) => block !== "")
    .map((block) => {
      const fields = new Map(block.split(separator).map(nameAndValue));
      const head = fields.get("HEAD") ?? null;
      return {
        path: fields.get("worktree") ?? "",
        branch: fields.get("branch")?.replace(/^refs\/heads\//, "") ?? null,
        head: head === null || /^0+$/.test(head) ? null : head,
        isBare: fields.has("bare"),
        isDetached: fields.has("detached"),
        isLocked: fields.has("locked"),
      };
    });
}

function nameAndValue(line: string): [string, string] {
  const at = line.indexOf(" ");
  return at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Git's own folder for the linked worktree at `path`; null where there is none. */
export async function adminDirOf(path: string): Promise<string | null> {
  const said = await readTrimmed(join(path, ".git"));
  const link = said?.startsWith("gitdir: ") ? resolve(path, said.slice("gitdir: ".length)) : null;
  // A submodule has such a file too.
  return link !== null && basename(dirname(link)) === "worktrees" && (await isFolder(link)) ? link : null;
}

/** What git keeps of a linked worktree. */
export interface AdminRecord {
  readonly adminDir: string;
  /** Null: detached, or so half-made that it does not say. */
  readonly branch: string | null;
  /** Git has not finished to make it, or was killed meanwhile. */
  readonly isInitializing: boolean;
}

/** Git's record of the linked worktree at `path`, whether or not anything is there. */
export async function recordOf(commonDir: string, path: string): Promise<AdminRecord | null> {
  const all = join(commonDir, "worktrees");
  const wanted = await canonical(path);
  for (const id of await readdir(all).catch(() => [])) {
    const adminDir = join(all, id);
    const dotGit = await readTrimmed(join(adminDir, "gitdir"));
    if (dotGit === null || (await canonical(dirname(resolve(adminDir, dotGit)))) !== wanted) continue;
    const head = await readTrimmed(join(adminDir, "HEAD"));
    return {
      adminDir,
      branch: head?.startsWith("ref: refs/heads/") ? head.slice("ref: refs/heads/".length) : null,
      isInitializing: (await readTrimmed(join(adminDir, "locked"))) === "initializing",
    };
  }
  return null;
}

/** Removes git's record of the worktree at `path`, whose folder is gone, also of a locked one. Does nothing when there is none. */
export async function removeAdmin({ commonDir, path }: { commonDir: string; path: string }): Promise<void> {
  const record = await recordOf(commonDir, path);
  if (record) await removeRecord(commonDir, record);
}

/** As git itself removes one: `git worktree prune` would sweep those of others too. */
export async function removeRecord(commonDir: string, { adminDir }: AdminRecord): Promise<void> {
  await rm(adminDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  await tidyRecords(commonDir);
}

/** Removes the folder of git's records where the last one has gone. */
export async function tidyRecords(commonDir: string): Promise<void> {
  // It is no error that others are there.
  await rmdir(join(commonDir, "worktrees")).catch(() => undefined);
}

/** The path as the file system spells it, also of what is not there (any more). */
async function canonical(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  return await realpath(path).catch(async () => join(await canonical(above), basename(path)));
}

async function readTrimmed(path: string): Promise<string | null> {
  return await readFile(path, "utf8").then(
    // Only the line's end: a path may end in a space.
    (text) => text.replace(/\r?\n$/, ""),
    () => null,
  );
}

/** Whether a checkout of the repository is whole at `path`: git knows of it, it is there, and nobody is just making it. */
export async function isCheckedOut(commonDir: string, path: string): Promise<boolean> {
  const found = (await listCheckouts(commonDir)).find((checkout) => checkout.path === path);
  if (found === undefined || found.isMissing) return false;
  // At the same path there may be another repository's by now.
  const adminDir = await adminDirOf(path).catch(() => null);
  return adminDir !== null && dirname(adminDir) === join(await realpath(commonDir), "worktrees");
}
