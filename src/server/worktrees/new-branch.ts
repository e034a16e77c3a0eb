import { messageOf } from "../../protocol/message-of.ts";
import { inRepository, listCheckouts } from "./checkouts.ts";
import type { CheckoutPlan } from "./checkout-plan.ts";
import { gitLines, runGit, runGitPastLocks } from "./git.ts";
import { idOf } from "./projects.ts";
import { commitsOf } from "./refs.ts";

/** The reflog says that the branch was made for this worktree: only then may it go with it. */
function reflogMessage({ path }: CheckoutPlan): string {
  return `branch: Created for worktree ${idOf(path)}`;
}

/**
 * Makes the plan's branch where its commit is, which fails when there is one of that name by now; one that an earlier attempt at the same
 * worktree has made is taken.
 * @returns whether it was made now
 * @throws {TallyError} `git-failed`
 */
export async function makeBranch(plan: CheckoutPlan, commonDir: string, signal?: AbortSignal): Promise<boolean> {
  if (await isOwnBranch(plan, commonDir)) return false;
  const ref = `refs/heads/${plan.branch}`;
  const create = ["update-ref", "--create-reflog", "-m", reflogMessage(plan), ref, plan.commit, ""];
  await runGitPastLocks(inRepository(commonDir, ...create), { cwd: commonDir, signal });
  return true;
}

/** Whether the branch was made for this worktree, and nothing has happened to it since. */
async function isOwnBranch(plan: CheckoutPlan, commonDir: string): Promise<boolean> {
  const ref = `refs/heads/${plan.branch}`;
  const [commit] = await commitsOf(commonDir, [ref]);
  if (commit !== plan.commit) return false;
  const reflog = await gitLines(inRepository(commonDir, "reflog", "show", "--format=%gs", ref, "--"), {
    cwd: commonDir,
  });
  return reflog.length === 1 && reflog[0] === reflogMessage(plan);
}

/** Deletes the plan's branch if it was made for the worktree and is where it began. */
export async function dropBranch(plan: CheckoutPlan, commonDir: string): Promise<void> {
  if (!plan.isNewBranch || !(await isOwnBranch(plan, commonDir))) return;
  await deleteBranch({ commonDir, branch: plan.branch, at: plan.commit });
}

/**
 * Deletes a branch with its configuration, but only while it is at `at` and checked out nowhere; false when it stays.
 * @throws {TallyError} `git-failed`, as when a hook refuses it
 */
export async function deleteBranch(given: { commonDir: string; branch: string; at: string }): Promise<boolean> {
  const { commonDir, branch, at } = given;
  const ref = `refs/heads/${branch}`;
  const [[commit], checkouts] = await Promise.all([commitsOf(commonDir, [ref]), listCheckouts(commonDir)]);
  if (commit !== at || checkouts.some((checkout) => checkout.branch === branch)) return false;
  await runGitPastLocks(inRepository(commonDir, "update-ref", "-d", ref, at), { cwd: commonDir });
  await forgetConfiguration(commonDir, branch);
  return true;
}

/** Exit code of `git config` for a section that is not there. */
const NO_SECTION = 128;

async function forgetConfiguration(commonDir: string, branch: string): Promise<void> {
  const section = inRepository(commonDir, "config", "--local", "--remove-section", `branch.${branch}`);
  const { stderr } = await runGitPastLocks(section, { cwd: commonDir, okCodes: [0, NO_SECTION] });
  // A lock that another git holds ends it with the same code.
  if (/could not lock/.test(stderr)) await runGit(section, { cwd: commonDir, okCodes: [0, NO_SECTION] });
}

/** Lets the branch follow the one of the remote that it takes up. @returns why that did not work, else null */
export async function trackRemote(plan: CheckoutPlan, commonDir: string, signal?: AbortSignal): Promise<string | null> {
  if (plan.track === null) return null;
  const args = ["branch", "--quiet", `--set-upstream-to=${plan.track}`, plan.branch];
  try {
    await runGitPastLocks(inRepository(commonDir, ...args), { cwd: commonDir, signal });
    return null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return `The branch does not follow ${plan.track}: ${messageOf(error)}`;
  }
}
