import type { Worktree } from "../../protocol/entities.ts";
import type { PruneCandidate } from "../../protocol/worktree-routes.ts";
import type { WorkAtRisk } from "../../protocol/worktrees.ts";
import type { Store } from "../store/store.ts";
import { mergedInto } from "./branches.ts";
import { listCheckouts } from "./checkouts.ts";
import { diskUse } from "./disk-use.ts";
import { readJournal } from "./journal.ts";
import type { MainCheckout } from "./main-checkout.ts";
import { isNothing } from "./branch-fate.ts";
import { exists } from "./remove-steps.ts";
import { readStanding } from "./standing.ts";
import { workAtRisk } from "./work-at-risk.ts";
import { gitLines } from "./git.ts";
import { isManaged } from "./worktree-rows.ts";

interface Facts {
  readonly isMissing: boolean;
  readonly isBusy: boolean;
  readonly isLocked: boolean;
  readonly hasLiveSessions: boolean;
  readonly mergedInto: string | null;
  readonly hasOwnCommits: boolean;
  readonly risk: WorkAtRisk;
}

/** What there is to sweep in a project, the largest first. */
export async function pruneCandidates(main: MainCheckout, store: Store): Promise<PruneCandidate[]> {
  const worktrees = store.worktrees().filter((each) => each.projectId === main.projectId && isManaged(each));
  const candidates = await Promise.all(worktrees.map((worktree) => candidateOf(worktree, main, store)));
  return candidates.sort((a, b) => b.sizeBytes - a.sizeBytes);
}

async function candidateOf(worktree: Worktree, { commonDir }: MainCheckout, store: Store): Promise<PruneCandidate> {
  const { id, path, base } = worktree;
  const hasLiveSessions = store.liveSessions().some(({ worktreeId }) => worktreeId === id);
  const isBusy = worktree.status !== "ready";
  if (!(await exists(path))) {
    const facts = {
      isMissing: true,
      isLocked: false,
      isBusy,
      hasLiveSessions,
      mergedInto: null,
      hasOwnCommits: false,
      risk: nothing,
    };
    return {
      worktree,
      sizeBytes: 0,
      changedAt: worktree.updatedAt,
      isMerged: false,
      hasLiveSessions,
      isMissing: true,
      ...verdict(facts),
    };
  }
  const standing = await readStanding(path, base);
  const branch = standing.branch;
  const [sizeBytes, merged, risk, committedAt] = await Promise.all([
    diskUse(path),
    branch === null || base === null ? null : mergedInto({ commonDir, branch, into: [base] }),
    workAtRisk({ path, commonDir, branch, base }),
    lastCommitAt(path),
  ]);
  const start = readJournal(store.worktreeJournal(id))?.plan?.commit ?? null;
  const hasOwnCommits = standing.head !== start;
  const isLocked = (await listCheckouts(commonDir)).some((each) => each.path === path && each.isLocked);
  const facts = {
    isMissing: false,
    isBusy,
    isLocked,
    hasLiveSessions,
    mergedInto: merged?.into ?? null,
    hasOwnCommits,
    risk,
  };
  const changedAt = Math.max(committedAt, worktree.createdAt);
  return {
    worktree,
    sizeBytes,
    changedAt,
    isMerged: merged !== null && hasOwnCommits,
    hasLiveSessions,
    isMissing: false,
    ...verdict(facts),
  };
}

const nothing: WorkAtRisk = { uncommitted: [], untracked: [], unpushed: [], inside: [], underWay: null };

/** Whether it can go without anybody missing it, and why. */
export function verdict(facts: Facts): { readonly isSafe: boolean; readonly why: string } {
  const { isMissing, isBusy, isLocked, hasLiveSessions, mergedInto: into, risk } = facts;
  if (isBusy) return { isSafe: false, why: "Something is being done to it, or has to be repaired." };
  if (isLocked) return { isSafe: false, why: "It is locked with git worktree lock." };
  if (hasLiveSessions) return { isSafe: false, why: "A session runs in it." };
  if (isMissing) return { isSafe: true, why: "Its folder is gone." };
  if (into === null) return { isSafe: false, why: "Its branch is not merged." };
  if (!isNothing({ ...risk, unpushed: [] })) return { isSafe: false, why: "It has changes that are not committed." };
  if (!facts.hasOwnCommits) return { isSafe: false, why: "Nothing was committed in it yet." };
  return { isSafe: true, why: `Its branch is merged into ${into}.` };
}

async function lastCommitAt(path: string): Promise<number> {
  const [seconds] = await gitLines(["log", "-1", "--format=%ct"], { cwd: path }).catch(() => []);
  return Number(seconds ?? 0) * 1_000;
}
