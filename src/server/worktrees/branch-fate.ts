import { TallyError } from "../../protocol/errors.ts";
import type { WorkAtRisk } from "../../protocol/worktrees.ts";

export interface BranchFacts {
  readonly branch: string | null;
  /** Whether Tally made it. */
  readonly isOurs: boolean;
  readonly head: string | null;
  /** Where it began, where that is known. */
  readonly start: string | null;
  /** What has all of its commits, or at least all that they changed. */
  readonly mergedInto: string | null;
  readonly keepBranch: boolean;
  readonly force: boolean;
  readonly risk: WorkAtRisk;
}

/** What becomes of the branch, and why, for a person. */
export function branchFate(facts: BranchFacts): {
  readonly name: string | null;
  readonly isDeleted: boolean;
  readonly why: string;
} {
  const { branch: name, isOurs, head, start, mergedInto, keepBranch, force, risk } = facts;
  const kept = (why: string) => ({ name, isDeleted: false, why });
  if (name === null) return kept("No branch is checked out.");
  if (head === null) return kept("The folder of the worktree is gone.");
  if (keepBranch) return kept("You asked to keep it.");
  if (!isOurs) return kept("It was there before the worktree.");
  if (head === start) return { name, isDeleted: true, why: "It has no commits of its own." };
  if (mergedInto !== null) return { name, isDeleted: true, why: `It is merged into ${mergedInto}.` };
  if (force) return { name, isDeleted: true, why: "Its commits are in the snapshot." };
  return kept(risk.unpushed.length === 0 ? "It is pushed, and not merged." : "It is not merged.");
}

/** What a plain removal would lose. With a branch that stays, its commits are safe. */
export function whatWouldBeLost(
  facts: Pick<BranchFacts, "branch" | "isOurs" | "keepBranch" | "mergedInto" | "risk">,
): WorkAtRisk {
  const isBranchKept = facts.branch !== null && (facts.keepBranch || !facts.isOurs);
  return isBranchKept || facts.mergedInto !== null ? { ...facts.risk, unpushed: [] } : facts.risk;
}

export function isNothing({ uncommitted, untracked, unpushed, inside, underWay }: WorkAtRisk): boolean {
  return uncommitted.length + untracked.length + unpushed.length + inside.length === 0 && underWay === null;
}

/** The error that lists what would be lost. */
export function atRisk(name: string, risk: WorkAtRisk): TallyError {
  const parts = [
    counted(
      risk.uncommitted.length,
      "file with changes that are not committed",
      "files with changes that are not committed",
    ),
    counted(risk.untracked.length, "untracked file", "untracked files"),
    counted(risk.unpushed.length, "commit that is nowhere else", "commits that are nowhere else"),
    counted(
      risk.inside.length,
      "commit in a repository inside that is nowhere else",
      "commits in repositories inside that are nowhere else",
    ),
    risk.underWay === null ? "" : `${risk.underWay} under way`,
  ].filter((part) => part !== "");
  return new TallyError(
    "work-at-risk",
    `Worktree ${name} has ${parts.join(", ")}. Commit and push, or keep a snapshot and remove it: tally remove ${name} --force`,
    { risk },
  );
}

function counted(many: number, one: string, several: string): string {
  return many === 0 ? "" : `${many} ${many === 1 ? one : several}`;
}
