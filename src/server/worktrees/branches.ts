import type { Branch } from "../../protocol/worktree-routes.ts";
import { defaultStart } from "./checkout-plan.ts";
import { inRepository, listCheckouts } from "./checkouts.ts";
import { gitLines } from "./git.ts";
import { isAncestor, readRefs } from "./refs.ts";

export { deleteBranch } from "./new-branch.ts";

/**
 * The branches that a worktree can take up or begin from, the latest first: one that only remotes have once for each of them.
 * @throws {TallyError} `git-failed`
 */
export async function listBranches(commonDir: string): Promise<{ branches: Branch[]; defaultBranch: string | null }> {
  const [refs, checkouts] = await Promise.all([readRefs(commonDir), listCheckouts(commonDir)]);
  const own = new Set(refs.branches.filter((ref) => ref.remote === null).map((ref) => ref.branch));
  const checkedOutAt = new Map(checkouts.map((checkout) => [checkout.branch, checkout.path]));
  const branches = refs.branches
    .filter((ref) => ref.remote === null || !own.has(ref.branch))
    .map(({ branch, remote, committedAt }) => ({
      name: branch,
      remote,
      checkedOutAt: remote === null ? (checkedOutAt.get(branch) ?? null) : null,
      committedAt,
    }));
  const start = await defaultStart(commonDir, refs);
  return { branches, defaultBranch: start?.ref?.branch ?? null };
}

interface MergeQuestion {
  readonly commonDir: string;
  readonly branch: string;
}

/** Whether every commit of the branch is in `into`. @throws {TallyError} `git-failed`, as when one of them does not exist */
export async function isMerged({ commonDir, branch, into }: MergeQuestion & { into: string }): Promise<boolean> {
  return await isAncestor(commonDir, `refs/heads/${branch}`, into);
}

/** `commits`: all of them are in it. `changes`: they are not, but to merge them would change nothing: squashed, or picked. */
export interface Merged {
  readonly into: string;
  readonly what: "commits" | "changes";
}

/**
 * The first of `into` that has all of the branch; null when none is known to have, or the branch itself is not there. Null does not mean
 * that the work is nowhere: what was squashed and then changed again is not recognised.
 */
export async function mergedInto({
  commonDir,
  branch,
  into,
}: MergeQuestion & { into: readonly string[] }): Promise<Merged | null> {
  for (const each of into)
    if (await isMerged({ commonDir, branch, into: each }).catch(() => false)) return { into: each, what: "commits" };
  for (const each of into)
    if (await wouldChangeNothing(commonDir, each, `refs/heads/${branch}`)) return { into: each, what: "changes" };
  return null;
}

/** Merges in memory. False where that conflicts, and with a git before 2.38, which can not. */
async function wouldChangeNothing(commonDir: string, into: string, branch: string): Promise<boolean> {
  try {
    const [[merged], [tree]] = await Promise.all([
      gitLines(inRepository(commonDir, "merge-tree", "--write-tree", into, branch), { cwd: commonDir }),
      gitLines(inRepository(commonDir, "rev-parse", "--verify", `${into}^{tree}`), { cwd: commonDir }),
    ]);
    return merged !== undefined && merged === tree;
  } catch {
    return false;
  }
}
