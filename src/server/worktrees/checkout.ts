import { lstat, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import type { CheckoutPlan } from "./checkout-plan.ts";
import { adminDirOf, recordOf, removeRecord, tidyRecords } from "./checkouts.ts";
import { runGitPastLocks } from "./git.ts";
import { dropBranch, makeBranch, trackRemote } from "./new-branch.ts";
import { addArguments } from "./stray-add.ts";
import { initSubmodules } from "./submodules.ts";
import { deleteCheckout } from "./undo-checkout.ts";

export { undoCheckout, type UndoCheckout, type UndoneCheckout } from "./undo-checkout.ts";

export interface AddCheckout {
  readonly commonDir: string;
  readonly signal?: AbortSignal | undefined;
  /** How far it is: "1,204 of 20,000 files". */
  readonly onProgress?: ((text: string) => void) | undefined;
}

export interface AddedCheckout {
  /** Git's own folder for the worktree. */
  readonly adminDir: string;
  /** What did not work, and is no reason to do without the worktree: a hook that failed, a submodule that could not be had. */
  readonly notes: readonly string[];
}

/**
 * Makes the worktree of a plan, or what is missing of one that is complete. Any number at a time. Where it fails or is cancelled,
 * everything that it made is gone.
 * @throws {TallyError} `cancelled`, `git-failed`, `branch-checked-out`, `folder-exists`
 */
export async function addCheckout(plan: CheckoutPlan, options: AddCheckout): Promise<AddedCheckout> {
  const { commonDir, signal } = options;
  const notes = (await isCheckoutComplete(plan, options)) ? [] : await make(plan, options);
  const adminDir = await adminDirOf(plan.path);
  if (adminDir === null) throw new TallyError("git-failed", `The worktree ${plan.path} is gone while it was made.`);
  notes.push(...(await initSubmodules({ path: plan.path, modulesDir: join(commonDir, "modules") }, signal)));
  return { adminDir, notes };
}

/** Whether the plan's worktree is there with all its files. */
export async function isCheckoutComplete(
  plan: CheckoutPlan,
  { commonDir }: { readonly commonDir: string },
): Promise<boolean> {
  const record = await recordOf(commonDir, plan.path);
  if (record === null || record.isInitializing || record.branch !== plan.branch) return false;
  // Git writes the index when all files are there.
  const [index, lock, dotGit] = await Promise.all([
    isThere(join(record.adminDir, "index")),
    isThere(join(record.adminDir, "index.lock")),
    isThere(join(plan.path, ".git")),
  ]);
  return index && !lock && dotGit;
}

async function make(plan: CheckoutPlan, { commonDir, signal, onProgress }: AddCheckout): Promise<string[]> {
  if (await recordOf(commonDir, plan.path))
    throw new TallyError("folder-exists", `Git has another worktree at ${plan.path}. Choose another name.`);
  const notes: string[] = [];
  const newAbove = await firstMissing(plan.path);
  let isBranchMade = false;
  try {
    if (plan.isNewBranch) {
      isBranchMade = await makeBranch(plan, commonDir, signal);
      const note = await trackRemote(plan, commonDir, signal);
      if (note !== null) notes.push(note);
    }
    await runGitPastLocks(addArguments(plan, commonDir), {
      cwd: commonDir,
      signal,
      env: { GIT_PROGRESS_DELAY: "0" },
      onProgress: (line) => {
        const text = checkoutProgress(line);
        if (text !== null) onProgress?.(text);
      },
    });
  } catch (error) {
    const isHooksFault = !signal?.aborted && isGitsNo(error) && (await isCheckoutComplete(plan, { commonDir }));
    if (isHooksFault) return [...notes, `The repository's post-checkout hook failed${saidBy(error)}`];
    await takeBack(plan, commonDir, newAbove);
    // A hook that refuses that too is not what the person asked about.
    if (isBranchMade) await dropBranch(plan, commonDir).catch(() => undefined);
    throw explained(error, plan);
  }
  return notes;
}

/** What git itself leaves where it was killed, or ended while a hook ran. */
async function takeBack(plan: CheckoutPlan, commonDir: string, newAbove: string | null): Promise<void> {
  const record = await recordOf(commonDir, plan.path);
  if (record) {
    await deleteCheckout(plan.path);
    await removeRecord(commonDir, record);
  } else await tidyRecords(commonDir);
  // Folders above it that were made for it; one that has something else in it by now stays.
  for (let folder = plan.path; newAbove !== null && folder.length >= newAbove.length; folder = dirname(folder)) {
    if (!(await removeEmpty(folder))) return;
  }
}

async function removeEmpty(folder: string): Promise<boolean> {
  return await rmdir(folder).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT",
  );
}

/** The uppermost folder on the way to `path` that is not there; null when `path` is. */
async function firstMissing(path: string): Promise<string | null> {
  if (await lstat(path).catch(() => null)) return null;
  return (await firstMissing(dirname(path))) ?? path;
}

/** Of a line of git's progress, how far the checkout is: "1,204 of 20,000 files". */
export function checkoutProgress(line: string): string | null {
  const [, done, all] = /^Updating files: +\d+% \((\d+)\/(\d+)\)/.exec(line) ?? [];
  if (done === undefined || all === undefined) return null;
  const number = new Intl.NumberFormat("en-GB");
  return `${number.format(Number(done))} of ${number.format(Number(all))} files`;
}

/** What git tells while all is well. */
const talk = /^(?:Preparing worktree|HEAD is now at|Updating files:)/;

function saidBy(error: TallyError): string {
  const { stderr } = error.details as { readonly stderr: string };
  const said = stderr.split("\n").filter((line) => line !== "" && !talk.test(line));
  return said.length === 0 ? "." : `: ${said.join(" ")}`;
}

function isGitsNo(error: unknown): error is TallyError {
  return error instanceof TallyError && error.code === "git-failed" && error.details !== undefined;
}

function explained(error: unknown, { path, branch }: CheckoutPlan): unknown {
  if (!isGitsNo(error)) return error;
  const [, holder] = /already (?:checked out|used by worktree) at '(.+)'/.exec(error.message) ?? [];
  if (holder !== undefined)
    return new TallyError(
      "branch-checked-out",
      `The branch ${branch} is in use in ${holder}. Finish what is under way there, or choose another name.`,
      { path: holder },
    );
  if (error.message.includes(`fatal: '${path}' already exists`))
    return new TallyError("folder-exists", `The folder ${path} exists by now. Choose another name, or move it away.`);
  if (error.message.includes("aborted by hook"))
    return new TallyError(
      "git-failed",
      `The repository's reference-transaction hook refused the branch ${branch}${saidBy(error)}`,
    );
  return error;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
