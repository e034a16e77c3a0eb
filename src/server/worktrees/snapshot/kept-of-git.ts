import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { keptBranch, keptObjects, namesInAdmin } from "./kept-commits.ts";
import { keptIndex } from "./kept-index.ts";
import type { KeptBranch } from "./manifest.ts";
import { commitOf, plainGit } from "./object-store.ts";
import type { Found } from "./walk.ts";

export interface KeptOfGit {
  readonly head: string | null;
  readonly headBranch: string | null;
  readonly branches: KeptBranch[];
  readonly commits: readonly string[];
  readonly blobs: readonly string[];
  readonly trees: readonly string[];
  /** That of these trees which was written now: all that is staged. */
  readonly stagedTree: string | null;
}

export interface GitPlaces {
  readonly commonDir: string;
  readonly adminDir: string;
  /** The worktree's files; null when there are none any more. */
  readonly folder: string | null;
  /** The branch that the worktree was made for. */
  readonly branch: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** What has to be kept besides files: commits, branches, and what is staged. */
export async function keptOfGit(places: GitPlaces, inAdmin: readonly Found[]): Promise<KeptOfGit> {
  const { commonDir, adminDir, folder, branch: ownBranch, signal } = places;
  const git = plainGit(commonDir, signal);
  const own = plainGit(adminDir, signal, folder ?? undefined);
  const head = await commitOf(plainGit(adminDir, signal), "HEAD");
  const headBranch = await branchOfHead(adminDir, signal);
  const wanted = new Set([headBranch, ownBranch, await branchUnderWay(adminDir)].filter((name) => name !== null));
  const branches: KeptBranch[] = [];
  for (const name of wanted) {
    const branch = await keptBranch(git, commonDir, name);
    if (branch) branches.push(branch);
  }
  const names = await namesInAdmin(adminDir, inAdmin);
  for (const { log } of branches) for (const [id] of (log ?? "").matchAll(/\b[0-9a-f]{40,64}\b/g)) names.add(id);
  const first = [...new Set([head, ...branches.map(({ tip }) => tip)].filter((id) => id !== null))];
  const { commits, others } = await keptObjects(git, first, names);
  const index = await keptIndex(own, adminDir);
  const ids = (kind: string) => others.filter((each) => each.kind === kind).map(({ id }) => id);
  return {
    head,
    headBranch,
    branches,
    commits,
    blobs: [...index.blobs, ...ids("blob")],
    trees: [...new Set([...(index.tree === null ? [] : [index.tree]), ...ids("tree")])],
    stagedTree: index.tree,
  };
}

async function branchOfHead(adminDir: string, signal: AbortSignal | undefined): Promise<string | null> {
  const answer = await plainGit(adminDir, signal)(["symbolic-ref", "--quiet", "HEAD"], { okCodes: [0, 1, 128] });
  return answer.code === 0 ? branchName(answer.stdout.toString("utf8")) : null;
}

/** The branch that a rebase has taken HEAD off, and will move. */
async function branchUnderWay(adminDir: string): Promise<string | null> {
  for (const name of ["rebase-merge", "rebase-apply"]) {
    const text = await readFile(join(adminDir, name, "head-name"), "utf8").catch(() => null);
    if (text !== null) return branchName(text);
  }
  return null;
}

function branchName(ref: string): string | null {
  return /^refs\/heads\/(.+)\n?$/.exec(ref)?.[1] ?? null;
}
