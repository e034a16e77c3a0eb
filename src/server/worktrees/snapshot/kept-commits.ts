import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gitText, kindsOf, type PlainGit } from "./object-store.ts";
import type { KeptBranch } from "./manifest.ts";
import { bytePath, bytesOf, rawOf, type Raw } from "./raw-path.ts";
import type { Found } from "./walk.ts";

/** What git keeps in text is small; a larger file is something else. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Object ids, and in what a person may have written also abbreviated ones: the todo list of a rebase. */
const FULL_ID = /\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g;
const ANY_ID = /\b[0-9a-f]{7,64}\b/g;

/** Names of objects in the files of git's folder for a worktree: HEAD, its reflog, the state of a rebase or a merge, refs of its own. */
export async function namesInAdmin(adminDir: string, found: readonly Found[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const entry of found) {
    const { path } = entry;
    const isText =
      entry.type === "file" && entry.size <= MAX_TEXT_BYTES && !/^(?:modules\/|index$|sharedindex\.)/.test(path);
    if (!isText) continue;
    const text = await readFile(bytePath(adminDir, path), "latin1");
    for (const [id] of text.matchAll(path.startsWith("logs/") ? FULL_ID : ANY_ID)) names.add(id);
  }
  return names;
}

export interface KeptObjects {
  /** Commits from which all that is to be kept can be reached. */
  readonly commits: readonly string[];
  readonly others: readonly { readonly id: string; readonly kind: "blob" | "tree" }[];
}

/** Which of these objects have to be kept besides the history of `first`: gone from every branch, they live in a reflog alone. */
export async function keptObjects(
  git: PlainGit,
  first: readonly string[],
  names: ReadonlySet<string>,
): Promise<KeptObjects> {
  const objects = await kindsOf(git, [...names]);
  const tags = objects.filter(({ kind }) => kind === "tag").map(({ id }) => `${id}^{commit}`);
  const ids = (kind: string) => objects.filter((each) => each.kind === kind).map(({ id }) => id);
  const commits = new Set([...ids("commit"), ...(await kindsOf(git, tags)).map(({ id }) => id)]);
  for (const commit of first) commits.delete(commit);
  return {
    commits: [...first, ...(await latestOf(git, first, commits))],
    others: [
      ...ids("blob").map((id) => ({ id, kind: "blob" as const })),
      ...ids("tree").map((id) => ({ id, kind: "tree" as const })),
    ],
  };
}

/** Those of `commits` that can be reached neither from `first` nor from another of them, and whose history is whole. */
async function latestOf(git: PlainGit, first: readonly string[], commits: ReadonlySet<string>): Promise<string[]> {
  if (commits.size === 0) return [];
  const hidden = first.map((id) => `^${id}`);
  const walked = await git(["rev-list", "--parents", "--stdin"], {
    input: [...commits, ...hidden, ""].join("\n"),
    okCodes: [0, 128],
  });
  if (walked.code === 0) return latestIn(walked.stdout.toString("latin1"), commits);
  // A part of the history of some of them is gone already: a ref to one would only break the repository.
  const whole = new Set<string>();
  for (const id of commits) {
    const answer = await git(["rev-list", "--objects", "--quiet", "--stdin"], {
      input: [id, ...hidden, ""].join("\n"),
      okCodes: [0, 128],
    });
    if (answer.code === 0) whole.add(id);
  }
  return whole.size === commits.size ? [...whole] : latestOf(git, first, whole);
}

/** Lines of `git rev-list --parents`: what is a parent of something is reached from there. */
function latestIn(lines: string, commits: ReadonlySet<string>): string[] {
  const reached = new Set<string>();
  const parents = new Set<string>();
  for (const line of lines.split("\n")) {
    const [id = "", ...its] = line.split(" ");
    reached.add(id);
    for (const parent of its) parents.add(parent);
  }
  return [...commits].filter((id) => reached.has(id) && !parents.has(id));
}

/** All that goes with a branch when it is deleted; null where there is no such branch. */
export async function keptBranch(git: PlainGit, commonDir: string, name: string): Promise<KeptBranch | null> {
  const ref = `refs/heads/${name}`;
  const answer = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", ref], { okCodes: [0, 1, 128] });
  if (answer.code !== 0) return null;
  const log = await readFile(join(commonDir, "logs", ref), "latin1").catch(() => null);
  return { name, tip: answer.stdout.toString("latin1").trim(), log, config: await branchConfig(git, name) };
}

async function branchConfig(git: PlainGit, name: string): Promise<[string, string][]> {
  const section = `branch.${rawOf(name)}.`;
  const listed = await gitText(git, ["config", "--local", "--null", "--list"]);
  return listed.split("\0").flatMap((item): [string, string][] => {
    const end = item.indexOf("\n");
    const key = item.slice(0, end);
    if (end < 0 || !key.startsWith(section)) return [];
    return [[key.slice(section.length), utf8(item.slice(end + 1))]];
  });
}

function utf8(raw: Raw): string {
  return bytesOf(raw).toString("utf8");
}
