import { copyFile, lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import type { WorkAtRisk } from "../../protocol/worktrees.ts";
import { gitItems, gitLines, type GitOptions, runGit } from "./git.ts";

export interface WorkAtRiskOptions {
  readonly path: string;
  readonly commonDir: string;
  /** The branch that would go with the worktree. */
  readonly branch: string | null;
  /** What the worktree began from: a branch, a remote one, or a commit. */
  readonly base: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** Git looks at the files themselves, whatever watches them; and runs nothing of the person's. */
const THOROUGH_GIT = [
  "core.fsmonitor=false",
  "core.untrackedCache=false",
  "core.hooksPath=/dev/null",
  "core.quotePath=false",
].flatMap((setting) => ["-c", setting]);

/** What a partial clone lacks would be fetched by a command that its own configuration names. */
const FETCH_NOTHING = { GIT_NO_LAZY_FETCH: "1", GIT_ALLOW_PROTOCOL: "none" };

/** What git is in the middle of, by what is in its folder of the worktree then. The first that fits counts. */
const UNDER_WAY: readonly (readonly [name: string, what: string])[] = [
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase"],
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["sequencer", "a cherry-pick"],
  ["BISECT_LOG", "a bisect"],
];

/** How deep a submodule of a submodule of a submodule is looked into. */
const MAX_SUBMODULE_DEPTH = 8;

/**
 * What of a worktree exists nowhere else. Ignored files do not count, but repositories in ignored folders do when they have work of
 * their own. Nothing is changed by looking.
 * @throws {TallyError} `git-failed` where git can not say, `cancelled`
 */
export function workAtRisk({ path, branch, base, signal }: WorkAtRiskOptions): Promise<WorkAtRisk> {
  return riskIn({ path, branch, base, signal, depth: 0 });
}

interface Place extends Pick<WorkAtRiskOptions, "path" | "branch" | "base" | "signal"> {
  /** In how many repositories this one is. */
  readonly depth: number;
}

async function riskIn(place: Place): Promise<WorkAtRisk> {
  const { path, signal, depth } = place;
  const isInner = depth > 0;
  const options: GitOptions = { cwd: path, ...(signal ? { signal } : {}), ...(isInner ? { env: FETCH_NOTHING } : {}) };
  // Anybody who may write into the worktree may have made it. Its folder stands for all that is in it.
  if (isInner && (await hasOwnFilters(options))) {
    return { uncommitted: [], untracked: [""], unpushed: [], inside: [], underWay: null };
  }
  const gitDir = (await gitLines(["rev-parse", "--absolute-git-dir"], options))[0] ?? "";
  const { uncommitted, untracked, ignoredFolders } = await changedFiles(options, gitDir);
  const unpushed = await unpushedCommits(place, options);
  const inside: string[] = [];
  for (const repository of await repositoriesIn(path, ignoredFolders)) {
    if (await hasOwnWork(join(path, repository), place)) untracked.push(`${repository}/`);
  }
  if (depth < MAX_SUBMODULE_DEPTH) {
    for (const submodule of await submodulesOf(options)) {
      const inner = await riskIn({ path: join(path, submodule), branch: null, base: null, signal, depth: depth + 1 });
      uncommitted.push(...inner.uncommitted.map((file) => `${submodule}/${file}`));
      untracked.push(...inner.untracked.map((file) => `${submodule}/${file}`));
      inside.push(...[...inner.unpushed, ...inner.inside].map((commit) => `${commit} (in ${submodule})`));
    }
  }
  return { uncommitted, untracked, unpushed, inside, underWay: await underWay(gitDir) };
}

/** Whether a repository's own configuration names commands that git would run to compare its files. */
async function hasOwnFilters(options: GitOptions): Promise<boolean> {
  const command = ["config", "--show-scope", "--null", "--name-only", "--get-regexp", "^filter\\."];
  const { stdout } = await runGit(command, { ...options, okCodes: [0, 1] });
  return /(?:^|\0)(?:local|worktree)\0/.test(stdout.toString("latin1"));
}

interface ChangedFiles {
  readonly uncommitted: string[];
  readonly untracked: string[];
  readonly ignoredFolders: string[];
}

/** Asked of a copy of the index in which no file is hidden from git: by `update-index --assume-unchanged` or `--skip-worktree`. */
async function changedFiles(options: GitOptions, gitDir: string): Promise<ChangedFiles> {
  const folder = await mkdtemp(join(tmpdir(), "tally-index-"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    const isThere = await copyFile(join(gitDir, "index"), env.GIT_INDEX_FILE).then(
      () => true,
      () => false,
    );
    const shown = isThere ? { ...options, env: { ...options.env, ...env } } : options;
    if (isThere) {
      await gitLines(["ls-files", "--unmerged"], shown).catch(damagedIndex(options.cwd));
      await showHidden(shown);
    }
    const format = [
      "status",
      "--porcelain=v2",
      "-z",
      "--untracked-files=all",
      "--ignored=matching",
      "--ignore-submodules=dirty",
      "--no-renames",
    ];
    return sorted(await gitItems([...THOROUGH_GIT, ...format], shown));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function damagedIndex(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof TallyError) || error.code !== "git-failed") throw error;
    throw new TallyError(
      "git-failed",
      `Git's index of ${path} is damaged, so git cannot say what would be lost. Make it anew with git reset in there, or use --force: a snapshot keeps all files, the index too.`,
    );
  };
}

/** Paths are bytes here (latin1): the index may name what is no text. */
async function showHidden(options: GitOptions): Promise<void> {
  const { stdout } = await runGit([...THOROUGH_GIT, "ls-files", "-v", "-z"], options);
  const tagged = stdout
    .toString("latin1")
    .split("\0")
    .map((item) => ({ tag: item.slice(0, 1), path: item.slice(2) }));
  const assumed = tagged.filter(({ tag }) => tag !== tag.toUpperCase());
  const skipped = tagged.filter(({ tag }) => tag.toUpperCase() === "S");
  // Where a sparse checkout has left a file out, there is nothing to lose.
  const present: typeof skipped = [];
  for (const entry of skipped) {
    const place = Buffer.concat([Buffer.from(options.cwd + sep), Buffer.from(entry.path, "latin1")]);
    if (await exists(place)) present.push(entry);
  }
  for (const [flag, entries] of [
    ["--no-assume-unchanged", assumed],
    ["--no-skip-worktree", present],
  ] as const) {
    if (entries.length === 0) continue;
    const input = Buffer.from(entries.map(({ path }) => `${path}\0`).join(""), "latin1");
    await runGit([...THOROUGH_GIT, "update-index", flag, "-z", "--stdin"], { ...options, input });
  }
}

function sorted(items: readonly string[]): ChangedFiles {
  const changed: ChangedFiles = { uncommitted: [], untracked: [], ignoredFolders: [] };
  for (const item of items) {
    const fields = item.split(" ");
    switch (fields[0]) {
      case "1":
        changed.uncommitted.push(fields.slice(8).join(" "));
        break;
      case "u":
        changed.uncommitted.push(fields.slice(10).join(" "));
        break;
      case "?":
        changed.untracked.push(item.slice(2));
        break;
      case "!":
        if (item.endsWith("/")) changed.ignoredFolders.push(item.slice(2, -1));
        break;
      default:
        break;
    }
  }
  return changed;
}

async function unpushedCommits({ branch, base, depth }: Place, options: GitOptions): Promise<string[]> {
  const own = branch === null ? null : `refs/heads/${branch}`;
  const from = await existing(["HEAD", ...(own === null ? [] : [own])], options);
  if (from.length === 0) return [];
  const known = base === null ? [] : await existing([base], options);
  // A submodule's branches are its own: they go with it.
  const others = depth > 0 ? [] : [...(branch === null ? [] : [`--exclude=${branch}`]), "--branches"];
  const all = depth > 0 ? ["--branches"] : [];
  const log = [
    "log",
    "--format=%h %s",
    "--no-show-signature",
    "--no-color",
    ...from,
    ...all,
    "--not",
    "--remotes",
    ...others,
    ...known,
    "--",
  ];
  return gitLines([...THOROUGH_GIT, ...log], options);
}

/** Those of these names that stand for a commit, as its id. */
async function existing(names: readonly string[], options: GitOptions): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const answer = await runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`], {
      ...options,
      okCodes: [0, 1, 128],
    });
    if (answer.code === 0) found.push(answer.stdout.toString("latin1").trim());
  }
  return found;
}

async function submodulesOf(options: GitOptions): Promise<string[]> {
  const staged = await gitItems(["ls-files", "--stage", "-z"], options);
  const paths = staged.flatMap((item) => (item.startsWith("160000 ") ? [item.slice(item.indexOf("\t") + 1)] : []));
  const present: string[] = [];
  for (const path of new Set(paths)) if (await exists(join(options.cwd, path, ".git"))) present.push(path);
  return present;
}

/** Repositories in folders that git ignores: the folder itself, and what is directly in it. */
async function repositoriesIn(root: string, ignoredFolders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ignoredFolders) {
    const inside = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    const children = inside
      .filter((entry) => entry.isDirectory() && entry.name !== ".git")
      .map(({ name }) => `${folder}/${name}`);
    for (const path of [folder, ...children]) if (await exists(join(root, path, ".git"))) found.push(path);
  }
  return found;
}

/** Whether a repository has something that is on no remote of its own. Where git cannot say, it has. */
async function hasOwnWork(path: string, { signal, depth }: Place): Promise<boolean> {
  try {
    const risk = await riskIn({ path, branch: null, base: null, signal, depth: depth + 1 });
    return risk.uncommitted.length + risk.untracked.length + risk.unpushed.length > 0 || risk.underWay !== null;
  } catch (error) {
    if (signal?.aborted) throw error;
    return true;
  }
}

async function underWay(gitDir: string): Promise<string | null> {
  for (const [name, what] of UNDER_WAY) if (await exists(join(gitDir, name))) return what;
  return null;
}

function exists(path: string | Buffer): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
