import { lstat, mkdtemp, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { CheckoutPlan } from "./checkout-plan.ts";
import { type AdminRecord, inRepository, recordOf, removeRecord, tidyRecords } from "./checkouts.ts";
import { gitItems, runGit } from "./git.ts";
import { dropBranch } from "./new-branch.ts";
import { commitsOf } from "./refs.ts";
import { endStrayAdd } from "./stray-add.ts";

export interface UndoCheckout {
  readonly commonDir: string;
  /** False: whoever calls knows that there is nothing of a person's in it. */
  readonly mayHoldWork?: boolean | undefined;
  /** Of a file that is not in the commit, by its path in the worktree: whether Tally put it there. */
  readonly isOwn?: ((path: string) => boolean) | undefined;
}

export type UndoneCheckout = { readonly undone: true } | { readonly undone: false; readonly why: string };

/**
 * Takes back what was made of a plan, whole or half: folder, git's record of it, and the branch if it was made for it and nothing has
 * happened to it since. Any number of times. What may hold a person's work stays, and is said.
 * @throws {TallyError} `git-failed`
 */
export async function undoCheckout(plan: CheckoutPlan, options: UndoCheckout): Promise<UndoneCheckout> {
  const { commonDir, mayHoldWork = true, isOwn = () => false } = options;
  await endStrayAdd(plan, commonDir);
  const record = await recordOf(commonDir, plan.path);
  const folder = await lstat(plan.path).catch(() => null);
  const no = (why: string): UndoneCheckout => ({ undone: false, why });
  if (record) {
    const why = mayHoldWork ? await workIn(plan, record, commonDir, isOwn) : null;
    if (why !== null) return no(why);
    await deleteCheckout(plan.path);
    await removeRecord(commonDir, record);
  } else if (folder && !(await removeEmptyFolder(plan.path))) {
    // Git that is asked to end removes its record first, and may not come to the files.
    if (!(await wasWorktreeOf(plan.path, commonDir)))
      return no(`${plan.path} is no worktree of git, and what is in it may be yours. Remove it yourself if it is not.`);
    const why = mayHoldWork ? await workInHalf(plan, commonDir) : null;
    if (why !== null) return no(why);
    await deleteCheckout(plan.path);
  }
  await tidyRecords(commonDir);
  await dropBranch(plan, commonDir);
  return { undone: true };
}

/** Removes the folder with all that is in it; a link in it goes, and never what it leads to. */
export async function deleteCheckout(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function removeEmptyFolder(path: string): Promise<boolean> {
  if ((await readdir(path).catch(() => ["?"])).length > 0) return false;
  await rmdir(path);
  return true;
}

async function wasWorktreeOf(path: string, commonDir: string): Promise<boolean> {
  const said = await readFile(join(path, ".git"), "utf8").catch(() => "");
  const link = /^gitdir: (.+)\n?$/s.exec(said)?.[1];
  return link !== undefined && dirname(resolve(path, link.trimEnd())) === join(commonDir, "worktrees");
}

/** What a person may have done in it, said to them; null when nothing is in it that is not in the commit. */
async function workIn(
  plan: CheckoutPlan,
  record: AdminRecord,
  commonDir: string,
  isOwn: (path: string) => boolean,
): Promise<string | null> {
  const { path } = plan;
  const isWhole = !record.isInitializing && (await lstat(join(record.adminDir, "index")).catch(() => null)) !== null;
  if (!isWhole || (await lstat(join(record.adminDir, "index.lock")).catch(() => null)))
    return record.branch === null || record.branch === plan.branch
      ? await workInHalf(plan, commonDir)
      : `${path} is on the branch ${record.branch} now.`;
  if (record.branch !== plan.branch) return `${path} is on ${record.branch ?? "no branch"} now.`;
  const [head] = await commitsOf(commonDir, [`refs/heads/${plan.branch}`]);
  if (head !== plan.commit) return `The branch ${plan.branch} has other commits since.`;
  if (!(await lstat(path).catch(() => null))) return null;
  const status = ["status", "--porcelain", "-z", "--untracked-files=all", "--ignored", "--no-renames"];
  const args = [`--git-dir=${record.adminDir}`, `--work-tree=${path}`, ...status, "--ignore-submodules=none"];
  const found = (await gitItems(args, { cwd: path })).filter(
    (item) => item[1] !== "D" && !(/^(?:\?\?|!!)/.test(item) && isOwn(item.slice(3))),
  );
  return found.length === 0
    ? null
    : holdsWork(
        path,
        found.map((item) => item.slice(3)),
      );
}

/** As {@link workIn}, for files that no index tells of: git was ended while it wrote them. */
async function workInHalf({ path, commit }: CheckoutPlan, commonDir: string): Promise<string | null> {
  if (!(await lstat(path).catch(() => null))) return null;
  const scratch = await mkdtemp(join(tmpdir(), "tally-index-"));
  const git = (...args: string[]) => [
    ...inRepository(commonDir, `--work-tree=${path}`, "-c", "core.bare=false"),
    ...args,
  ];
  const options = { cwd: path, env: { GIT_INDEX_FILE: join(scratch, "index") } };
  try {
    await runGit(git("read-tree", commit), options);
    await runGit(git("update-index", "-q", "--refresh"), { ...options, okCodes: [0, 1] });
    const others = await gitItems(git("ls-files", "--others", "-z"), options);
    if (others.length > 0) return holdsWork(path, others);
    const changed = await gitItems(git("diff-files", "--name-only", "--diff-filter=d", "-z"), options);
    const strange: string[] = [];
    for (const file of changed) {
      const { stdout } = await runGit(git("cat-file", "--filters", `${commit}:${file}`), options);
      // Cut off while it was written.
      const there = await readFile(join(path, file)).catch(() => null);
      if (!there?.equals(stdout.subarray(0, there.length))) strange.push(file);
    }
    return strange.length === 0 ? null : holdsWork(path, strange);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function holdsWork(path: string, files: readonly string[]): string {
  const others = files.length > 1 ? ` and ${files.length - 1} more` : "";
  return `In ${path} there is work that is nowhere else: ${files[0] ?? ""}${others}. Commit it or move it away first.`;
}
