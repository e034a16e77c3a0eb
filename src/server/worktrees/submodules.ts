import { stat } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import { gitItems, runGit, runGitPastLocks } from "./git.ts";

interface Submodule {
  readonly name: string;
  readonly path: string;
}

/** A checkout that has submodules, and where those of the main checkout have their git directories. */
interface Superproject {
  readonly path: string;
  readonly modulesDir: string;
}

/** Only the network makes it take longer than this: what the main checkout does not have is not waited for any longer. */
const FETCH_TIMEOUT_MS = 60_000;

/**
 * Initialises the submodules of a new worktree that are initialised in the main checkout, and those in them, from what the main checkout
 * has: nothing is fetched that is there. The worktree gets git directories of its own, as git wants it.
 * @returns what did not work, for a person
 * @throws {TallyError} `cancelled`
 */
export async function initSubmodules(superproject: Superproject, signal?: AbortSignal): Promise<string[]> {
  const notes: string[] = [];
  for (const submodule of await submodulesOf(superproject.path, signal)) {
    const source = join(superproject.modulesDir, submodule.name);
    if (!(await exists(join(source, "HEAD")))) continue;
    const path = join(superproject.path, submodule.path);
    try {
      if (!(await exists(join(path, ".git")))) await populate(superproject, submodule, source, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      notes.push(`The submodule ${submodule.path} could not be had: ${reasonOf(error)}`);
      continue;
    }
    notes.push(...(await initSubmodules({ path, modulesDir: join(source, "modules") }, signal)));
  }
  return notes;
}

async function populate(
  superproject: Superproject,
  { name, path }: Submodule,
  source: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const url = await configured(superproject.path, `submodule.${name}.url`);
  const update = ["submodule", "update", "--init", "--no-recommend-shallow", "--", path];
  // `init` writes to the configuration that all worktrees share, so only where the main checkout has not.
  const local = ["-c", `submodule.${name}.url=${source}`, "-c", "protocol.file.allow=always"];
  // Git keeps the file protocol from submodules because a repository names the place; this one is the main checkout's own.
  const fetch = AbortSignal.any([AbortSignal.timeout(FETCH_TIMEOUT_MS), ...(signal ? [signal] : [])]);
  try {
    await runGitPastLocks([...local, ...update], { cwd: superproject.path, signal });
  } catch (error) {
    if (signal?.aborted || !(await exists(join(superproject.path, path, ".git")))) throw error;
    // The commit is not in the main checkout's: it was never fetched there.
    await setOrigin(superproject.path, path, source, url);
    await runGitPastLocks(update, { cwd: superproject.path, signal: fetch });
    return;
  }
  await setOrigin(superproject.path, path, source, url);
}

/** What was cloned from the main checkout's is fetched from where that is fetched from. */
async function setOrigin(superproject: string, path: string, source: string, url: string | null): Promise<void> {
  const cwd = join(superproject, path);
  const { stdout } = await runGit([`--git-dir=${source}`, "config", "--get", "remote.origin.url"], {
    cwd: source,
    okCodes: [0, 1],
  });
  const origin = stdout.toString("utf8").trim() || url;
  if (origin !== null) await runGitPastLocks(["remote", "set-url", "origin", origin], { cwd });
}

async function submodulesOf(path: string, signal: AbortSignal | undefined): Promise<Submodule[]> {
  if (!(await exists(join(path, ".gitmodules")))) return [];
  const args = ["config", "--file", ".gitmodules", "--null", "--get-regexp", String.raw`^submodule\..*\.path$`];
  const { stdout } = await runGit(args, { cwd: path, signal, okCodes: [0, 1] });
  const named = stdout
    .toString("utf8")
    .split("\0")
    .flatMap((item) => {
      const at = item.indexOf("\n");
      return at === -1
        ? []
        : [{ name: item.slice("submodule.".length, at - ".path".length), path: item.slice(at + 1) }];
    })
    // A name is a folder below the repository's own: git itself refuses one that leads out of it, and so do we.
    .filter(({ name }) => !name.split(/[/\\]/).includes(".."));
  if (named.length === 0) return [];
  const pathspecs = named.map((submodule) => `:(literal)${submodule.path}`);
  const entries = await gitItems(["ls-files", "--stage", "-z", "--", ...pathspecs], { cwd: path, signal });
  const links = new Set(entries.filter((entry) => entry.startsWith("160000 ")).map((entry) => entry.split("\t")[1]));
  return named.filter((submodule) => links.has(submodule.path));
}

async function configured(cwd: string, key: string): Promise<string | null> {
  const { stdout } = await runGit(["config", "--get", key], { cwd, okCodes: [0, 1] });
  return stdout.toString("utf8").trim() || null;
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof TallyError && error.code === "cancelled"
    ? "it took too long to fetch. Run `git submodule update --init` there."
    : error instanceof Error
      ? error.message
      : String(error);
}
