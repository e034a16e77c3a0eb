import { lstat, readdir } from "node:fs/promises";
import { TallyError } from "../../protocol/errors.ts";
import { type Checkout, listCheckouts, recordOf } from "./checkouts.ts";
import { commitsOf, configValue, isAncestor, mainBranch, readRefs, type Ref, type Refs } from "./refs.ts";

/** What a worktree is going to be, decided before anything is written. */
export interface CheckoutPlan {
  readonly path: string;
  readonly branch: string;
  /** The branch is made with the worktree, and goes with it. */
  readonly isNewBranch: boolean;
  /** Where the branch is, or begins. */
  readonly commit: string;
  /** What the branch is compared with: what it began from, or the repository's default branch; a commit where that has no name. */
  readonly base: string | null;
  /** The remote branch that a new branch takes up, as `origin/name`. */
  readonly track: string | null;
}

export interface CheckoutRequest {
  readonly commonDir: string;
  readonly mainPath: string;
  readonly isBare: boolean;
  /** The branch's. */
  readonly name: string;
  readonly from: string | null | undefined;
  /** What tally.json says a branch begins from. */
  readonly base: string | null | undefined;
  readonly path: string;
}

/** A commit, and the name by which it is compared with later on. */
interface Start {
  readonly name: string;
  readonly commit: string;
  readonly ref: Ref | null;
}

/**
 * Decides what branch a worktree gets, and from where. Writes nothing.
 * @throws {TallyError} `no-commits`, `name-invalid`, `branch-checked-out`, `ref-not-found`, `folder-exists`, `worktree-exists`
 */
export async function planCheckout(request: CheckoutRequest): Promise<CheckoutPlan> {
  const { commonDir, name, path } = request;
  const from = request.from ?? null;
  await refuseTakenPath(commonDir, path);
  const refs = await readRefs(commonDir);
  const start = from === null ? null : await startNamed(commonDir, from, refs);
  const own = refs.branches.find((ref) => ref.remote === null && ref.branch === name);
  if (own) {
    refuseCheckedOut(name, await listCheckouts(commonDir));
    if (start && start.commit !== own.commit) throw branchExists(name, from ?? "", "exists already");
    const base = await baseOf(request, refs);
    return { path, branch: name, isNewBranch: false, commit: own.commit, base: nameUnless(name, base), track: null };
  }
  await refuseClashes(commonDir, name, refs);
  const remote = start ? null : await remoteBranch(commonDir, name, refs);
  if (remote) {
    const base = nameUnless(name, await baseOf(request, refs));
    return { path, branch: name, isNewBranch: true, commit: remote.commit, base, track: remote.name };
  }
  const elsewhere = refs.branches.find((ref) => ref.branch === name && ref.commit !== start?.commit);
  if (start && elsewhere && start.ref?.branch !== name)
    throw branchExists(name, start.name, `is on ${elsewhere.remote ?? ""} already`);
  const begin = start ?? (await baseOf(request, refs)) ?? (await noStart(request, refs));
  const isTracking = begin.ref !== null && begin.ref.remote !== null && begin.ref.branch === name;
  return {
    path,
    branch: name,
    isNewBranch: true,
    commit: begin.commit,
    base: isTracking ? nameUnless(name, await baseOf(request, refs)) : begin.name,
    track: isTracking ? begin.name : null,
  };
}

/** The branch that worktrees begin from when nobody says otherwise; null when there is none, or no commit. */
export async function defaultStart(commonDir: string, refs: Refs): Promise<Start | null> {
  if (refs.originHead !== null) {
    const start = await freshest(commonDir, refs.originHead, refs);
    if (start) return start;
  }
  const branch = await mainBranch(commonDir);
  if (branch !== null) return await freshest(commonDir, branch, refs);
  const [commit] = await commitsOf(commonDir, ["HEAD"]);
  return commit ? { name: commit, commit, ref: null } : null;
}

/**
 * A branch that both sides have: the remote's where ours is only behind it, as it is after a fetch. One of ours with commits of its own is
 * what the person works from.
 */
async function freshest(commonDir: string, branch: string, { branches }: Refs): Promise<Start | null> {
  const own = branches.find((ref) => ref.remote === null && ref.branch === branch);
  const remote = branches.find((ref) => ref.remote === "origin" && ref.branch === branch);
  if (!own || !remote) return startOf(own ?? remote);
  const isBehind = own.commit !== remote.commit && (await isAncestor(commonDir, own.commit, remote.commit));
  return startOf(isBehind ? remote : own);
}

function startOf(ref: Ref | undefined): Start | null {
  return ref ? { name: ref.name, commit: ref.commit, ref } : null;
}

async function baseOf({ commonDir, base }: CheckoutRequest, refs: Refs): Promise<Start | null> {
  if (base === null || base === undefined) return await defaultStart(commonDir, refs);
  return (await freshest(commonDir, base, refs)) ?? (await startNamed(commonDir, base, refs, "tally.json"));
}

/** What a person, or tally.json, named: a branch before a tag of the same name, and one that only one remote has without its remote. */
async function startNamed(commonDir: string, said: string, refs: Refs, where = "--from"): Promise<Start> {
  const known =
    refs.branches.find((ref) => ref.name === said && ref.remote === null) ??
    refs.branches.find((ref) => ref.name === said);
  const start = startOf(known);
  if (start) return start;
  if (!/[\0\n]/.test(said)) {
    const [tag, commit] = await commitsOf(commonDir, [`refs/tags/${said}`, said]);
    if (tag) return { name: said, commit: tag, ref: null };
    // `HEAD~2` means another commit tomorrow.
    if (commit) return { name: commit, commit, ref: null };
  }
  const [only, ...others] = refs.branches.filter((ref) => ref.branch === said);
  if (only && others.length === 0) return { name: only.name, commit: only.commit, ref: only };
  if (refs.branches.length === 0) await noStart({ commonDir }, refs);
  const which = [only, ...others].flatMap((ref) => (ref ? [ref.name] : []));
  throw new TallyError(
    "ref-not-found",
    which.length > 0
      ? `Several remotes have a branch ${said}. Say which one with ${where}: ${which.join(", ")}.`
      : `There is no branch, tag or commit ${said} (${where}). Look with \`git branch -a\`, or run \`git fetch\` first.`,
    { candidates: which },
  );
}

/** The remote branch of this name that is taken up. */
async function remoteBranch(commonDir: string, name: string, { branches }: Refs): Promise<Ref | null> {
  const found = branches.filter((ref) => ref.remote !== null && ref.branch === name);
  if (found.length < 2) return found[0] ?? null;
  const preferred = await configValue(commonDir, "checkout.defaultRemote");
  const chosen = found.find((ref) => ref.remote === preferred);
  if (chosen) return chosen;
  const names = found.map((ref) => ref.name);
  throw new TallyError(
    "name-invalid",
    `Several remotes have a branch ${name}: ${names.join(", ")}. Say which one it is with --from.`,
    { candidates: names },
  );
}

function nameUnless(branch: string, base: Start | null): string | null {
  return base === null || base.ref?.branch === branch ? null : base.name;
}

async function noStart({ commonDir }: Pick<CheckoutRequest, "commonDir">, { branches }: Refs): Promise<never> {
  if (branches.length === 0)
    throw new TallyError(
      "no-commits",
      "The repository has no commit yet, so there is nothing to check out. Make a first one: git add . && git commit",
    );
  throw new TallyError(
    "ref-not-found",
    `The main checkout is on ${(await mainBranch(commonDir)) ?? "a branch"}, which has no commit yet. Say what to begin from: --from ${branches[0]?.name ?? ""}`,
  );
}

/** @throws {TallyError} where a branch of this name can not be made */
async function refuseClashes(commonDir: string, name: string, { branches }: Refs): Promise<void> {
  const own = branches.filter((ref) => ref.remote === null).map((ref) => ref.branch);
  const above = own.find((each) => name.startsWith(`${each}/`));
  const below = own.find((each) => each.startsWith(`${name}/`));
  const clash = above ?? below;
  if (clash !== undefined)
    throw new TallyError(
      "name-invalid",
      `There is a branch ${clash}, and git cannot have ${name} beside it: one would be a file and a folder at once. Choose another name.`,
    );
  const twin = own.find((each) => each.toLowerCase() === name.toLowerCase());
  if (twin !== undefined && (await configValue(commonDir, "core.ignorecase")) === "true")
    throw new TallyError(
      "name-invalid",
      `There is a branch ${twin}, and this file system does not tell capitals from small letters. Write it like that, or choose another name.`,
    );
}

function branchExists(name: string, from: string, where: string): TallyError {
  return new TallyError(
    "name-invalid",
    `The branch ${name} ${where}, and is not at ${from}. Leave --from out to take it up, or choose another name.`,
  );
}

function refuseCheckedOut(branch: string, checkouts: readonly Checkout[]): void {
  const there = checkouts.find((checkout) => checkout.branch === branch);
  if (!there) return;
  throw new TallyError(
    "branch-checked-out",
    there.isMissing
      ? `Git still has the branch ${branch} checked out in ${there.path}, which is gone. Run \`git worktree prune\`, then try again.`
      : `The branch ${branch} is checked out in ${there.path}. Work there, switch that to another branch, or choose another name.`,
    { path: there.path },
  );
}

/** @throws {TallyError} where a worktree can not come to lie */
async function refuseTakenPath(commonDir: string, path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  const isFree = found === null || (found.isDirectory() && (await readdir(path)).length === 0);
  if (!isFree)
    throw new TallyError(
      "folder-exists",
      found.isDirectory()
        ? `The folder ${path} exists already. Choose another name, or move it away. A checkout of git there can be taken over: tally adopt`
        : `There is a file at ${path}, where the worktree would be. Choose another name, or move it away.`,
      { path },
    );
  if (await recordOf(commonDir, path))
    throw new TallyError(
      "worktree-exists",
      `Git still has a worktree at ${path}, whose folder is gone. Run \`git worktree prune\` (\`git worktree unlock\` first, if it is locked), then try again.`,
      { path },
    );
}
