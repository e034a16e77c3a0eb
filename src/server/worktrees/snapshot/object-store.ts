import { TallyError } from "../../../protocol/errors.ts";
import { type GitAnswer, type GitOptions, runGit } from "../git.ts";

/**
 * Nothing of the person's is run, asked or changed by what we do to a repository: no hook, no file system monitor, no clean-up, no
 * signature; and objects are what they are.
 */
const PLAIN_GIT = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.splitIndex=false",
  "core.logAllRefUpdates=false",
  "core.compression=1",
  "gc.auto=0",
].flatMap((setting) => ["-c", setting]);

const PLAIN_ENV = {
  GIT_NO_REPLACE_OBJECTS: "1",
  /** Of a partial clone: what is not here is not fetched to be kept. */
  GIT_NO_LAZY_FETCH: "1",
  GIT_AUTHOR_NAME: "Tally",
  GIT_AUTHOR_EMAIL: "tally@localhost",
  GIT_COMMITTER_NAME: "Tally",
  GIT_COMMITTER_EMAIL: "tally@localhost",
};

export type PlainGit = (
  args: readonly string[],
  options?: Partial<Pick<GitOptions, "cwd" | "input" | "env" | "okCodes" | "stdout">>,
) => Promise<GitAnswer>;

/** Git on this git directory: the one that all worktrees share, or that of one worktree, whose files are in `workTree`. */
export function plainGit(gitDir: string, signal?: AbortSignal, workTree?: string): PlainGit {
  const place = [`--git-dir=${gitDir}`, ...(workTree === undefined ? [] : [`--work-tree=${workTree}`])];
  return (args, options = {}) =>
    runGit([...PLAIN_GIT, ...place, ...args], {
      cwd: workTree ?? gitDir,
      ...options,
      env: { ...PLAIN_ENV, ...options.env },
      ...(signal ? { signal } : {}),
    });
}

/** Its answer, without the newline at its end. */
export async function gitText(
  git: PlainGit,
  args: readonly string[],
  options?: Parameters<PlainGit>[1],
): Promise<string> {
  return (await git(args, options)).stdout.toString("latin1").replace(/\n$/, "");
}

/** The commit that a name stands for; null when there is none. */
export async function commitOf(git: PlainGit, name: string): Promise<string | null> {
  const answer = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], {
    okCodes: [0, 1, 128],
  });
  return answer.code === 0 ? answer.stdout.toString("latin1").trim() : null;
}

/** What is separated by NUL, byte for byte. */
export function rawItems({ stdout }: GitAnswer): string[] {
  return stdout
    .toString("latin1")
    .split("\0")
    .filter((item) => item !== "");
}

export interface TreeEntry {
  readonly mode: "100644" | "040000";
  readonly object: string;
  readonly name: string;
}

/** Writes these trees, and answers their ids. */
export async function writeTrees(git: PlainGit, trees: readonly (readonly TreeEntry[])[]): Promise<string[]> {
  if (trees.length === 0) return [];
  const input = trees
    .map((tree) =>
      tree
        .map(({ mode, object, name }) => `${mode} ${mode === "040000" ? "tree" : "blob"} ${object}\t${name}\n`)
        .join(""),
    )
    .join("\n");
  const ids = (await gitText(git, ["mktree", "--missing", "--batch"], { input })).split("\n");
  return ids.slice(0, trees.length);
}

/** A tree that holds all of these blobs, under names that say nothing: git refuses some, such as `.git`. */
export async function writeBlobTree(git: PlainGit, blobs: ReadonlySet<string>): Promise<string> {
  const shards = new Map<string, TreeEntry[]>();
  for (const object of blobs) {
    const shard = object.slice(0, 2);
    const entries = shards.get(shard) ?? [];
    shards.set(shard, entries);
    entries.push({ mode: "100644", object, name: object.slice(2) });
  }
  const ids = await writeTrees(git, [...shards.values()]);
  const top = [...shards.keys()].map((name, index): TreeEntry => ({ mode: "040000", object: ids[index] ?? "", name }));
  const [tree] = await writeTrees(git, [top]);
  return tree ?? "";
}

/** What kinds of objects these names stand for; those that are not here are left out. */
export async function kindsOf(git: PlainGit, names: readonly string[]): Promise<{ id: string; kind: string }[]> {
  if (names.length === 0) return [];
  const lines = (await gitText(git, ["cat-file", "--batch-check"], { input: `${names.join("\n")}\n` })).split("\n");
  return lines.flatMap((line) => {
    const [id = "", kind = "", size] = line.split(" ");
    return size !== undefined && /^(?:commit|tree|blob|tag)$/.test(kind) ? [{ id, kind }] : [];
  });
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TallyError("cancelled", "It was cancelled.");
}
