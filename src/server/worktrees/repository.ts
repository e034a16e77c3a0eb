import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { simpleGit } from "simple-git";

/** What git says of a folder. */
export interface Repository {
  /** The git directory that all worktrees share. */
  readonly commonDir: string;
  /** The main worktree's folder; for a bare repository its git directory. */
  readonly mainPath: string;
  readonly isBare: boolean;
  /** The URL of `origin`, asked only of bare repositories, whose folder name says little. */
  readonly origin: string | null;
  /** The linked worktree that the folder is in; null in the main one, and in a bare repository itself. */
  readonly linkedWorktree: { readonly path: string; readonly branch: string | null } | null;
}

const GIT_TIMEOUT_MS = 10_000;

/** The lines that git answers in `folder`; null outside a repository, without git, or where git distrusts the owner. */
async function askGit(folder: string, args: string[]): Promise<string[] | null> {
  try {
    const answer = await simpleGit({ baseDir: folder, timeout: { block: GIT_TIMEOUT_MS } }).raw(args);
    return answer.split("\n").filter((line) => line !== "");
  } catch {
    // What git says no to is a plain folder to us.
    return null;
  }
}

/** The repository that holds `folder`, or null outside of any (or when there is no git, or it refuses the folder). */
export async function repositoryOf(folder: string): Promise<Repository | null> {
  const ask = (...args: string[]) => askGit(folder, args);
  const basics = await ask("rev-parse", "--is-inside-work-tree", "--git-dir", "--git-common-dir");
  const [inside, gitDirRaw, commonDirRaw] = basics ?? [];
  if (gitDirRaw === undefined || commonDirRaw === undefined) return null;
  const gitDir = await realpath(resolve(folder, gitDirRaw));
  const commonDir = await realpath(resolve(folder, commonDirRaw));
  const isLinked = gitDir !== commonDir;

  if (!isLinked && inside === "true") {
    const top = basename(commonDir) === ".git" ? dirname(commonDir) : (await ask("rev-parse", "--show-toplevel"))?.[0];
    const mainPath = await realpath(top ?? dirname(commonDir));
    return { commonDir, mainPath, isBare: false, origin: null, linkedWorktree: null };
  }
  const config = async (key: string) => (await askGit(commonDir, ["config", "--get", key]))?.[0] ?? null;
  const isBare = basename(commonDir) !== ".git" && (await config("core.bare")) === "true";
  const linked =
    isLinked && inside === "true" ? await ask("rev-parse", "--show-toplevel", "--abbrev-ref", "HEAD") : null;
  return {
    commonDir,
    mainPath: isBare ? commonDir : await mainPathOf(commonDir, config),
    isBare,
    origin: isBare ? await config("remote.origin.url") : null,
    linkedWorktree: linked?.[0] === undefined ? null : { path: linked[0], branch: branchOf(linked[1]) },
  };
}

/** A submodule's git directory lies in its superproject's, and says in `core.worktree` where its files are. */
async function mainPathOf(commonDir: string, config: (key: string) => Promise<string | null>): Promise<string> {
  if (basename(commonDir) === ".git") return dirname(commonDir);
  const worktree = await config("core.worktree");
  return worktree === null ? commonDir : join(commonDir, worktree);
}

function branchOf(ref: string | undefined): string | null {
  return ref === undefined || ref === "HEAD" ? null : ref;
}

/** The project's name when nobody gave it one: after its main worktree's folder, and after origin only when it is bare. */
export function repositoryName(repository: Repository): string {
  const source = repository.isBare && repository.origin !== null ? repository.origin : repository.mainPath;
  const last = basename(source.replace(/[/\\]+$/, "").replace(/^.*:/, ""));
  return last.replace(/\.git$/, "") || basename(dirname(repository.mainPath));
}
