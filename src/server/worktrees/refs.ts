import { inRepository } from "./checkouts.ts";
import { gitLines, runGit } from "./git.ts";

/** A branch of the repository itself or of a remote. */
export interface Ref {
  /** As a person says it: `main`, `origin/main`. */
  readonly name: string;
  /** Without its remote's name. */
  readonly branch: string;
  /** Null: the repository's own. */
  readonly remote: string | null;
  readonly commit: string;
  readonly committedAt: number;
}

export interface Refs {
  /** The latest first. */
  readonly branches: readonly Ref[];
  /** The branch that `origin/HEAD` names, without `origin/`. */
  readonly originHead: string | null;
  readonly remotes: readonly string[];
}

const format = "%(refname)%00%(objectname)%00%(committerdate:unix)%00%(symref)";

/** All branches. @throws {TallyError} `git-failed` */
export async function readRefs(commonDir: string): Promise<Refs> {
  const [lines, remotes] = await Promise.all([
    gitLines(
      inRepository(
        commonDir,
        "for-each-ref",
        `--format=${format}`,
        "--sort=-committerdate",
        "refs/heads",
        "refs/remotes",
      ),
      { cwd: commonDir },
    ),
    gitLines(inRepository(commonDir, "remote"), { cwd: commonDir }),
  ]);
  return parseRefs(lines, remotes);
}

/** What `git for-each-ref` says. */
export function parseRefs(lines: readonly string[], remotes: readonly string[]): Refs {
  // A remote may be called `team/fork`, and another one `team`.
  const longestFirst = remotes.toSorted((one, other) => other.length - one.length);
  const branches: Ref[] = [];
  let originHead: string | null = null;
  for (const line of lines) {
    const [refname = "", commit = "", committedAt = "0", symref = ""] = line.split("\0");
    if (refname === "refs/remotes/origin/HEAD") originHead = symref.replace(/^refs\/remotes\/origin\//, "") || null;
    const name = refname.replace(/^refs\/(?:heads|remotes)\//, "");
    const isOwn = refname.startsWith("refs/heads/");
    const remote = isOwn ? null : longestFirst.find((each) => name.startsWith(`${each}/`));
    // What a remote left behind that is configured no more can not be taken up.
    if (remote === undefined || (!isOwn && symref !== "")) continue;
    const branch = remote === null ? name : name.slice(remote.length + 1);
    branches.push({ name, branch, remote, commit, committedAt: Number(committedAt) * 1000 });
  }
  return { branches, originHead, remotes };
}

/** The commit that each of these means, null for one that means none. @throws {TallyError} `git-failed` */
export async function commitsOf(commonDir: string, revisions: readonly string[]): Promise<(string | null)[]> {
  // Read from stdin: there a revision that begins with a dash is no option.
  const input = revisions.map((revision) => `${revision}^{commit}\n`).join("");
  const answers = await gitLines(inRepository(commonDir, "cat-file", "--batch-check"), { cwd: commonDir, input });
  return revisions.map((_, at) => /^([0-9a-f]{40,64}) commit /.exec(answers[at] ?? "")?.[1] ?? null);
}

/** The branch that the main checkout, or the bare repository, is on, also when it has no commit yet; null: detached. */
export async function mainBranch(commonDir: string): Promise<string | null> {
  const args = inRepository(commonDir, "symbolic-ref", "--quiet", "HEAD");
  const { stdout } = await runGit(args, { cwd: commonDir, okCodes: [0, 1] });
  return (
    stdout
      .toString("utf8")
      .trim()
      .replace(/^refs\/heads\//, "") || null
  );
}

/** Whether every commit of `descendant` that is not its own began with `ancestor`: all of that is in it. @throws {TallyError} `git-failed` */
export async function isAncestor(commonDir: string, ancestor: string, descendant: string): Promise<boolean> {
  const args = inRepository(commonDir, "merge-base", "--is-ancestor", ancestor, descendant);
  return (await runGit(args, { cwd: commonDir, okCodes: [0, 1] })).code === 0;
}

/** One value of git's configuration. @throws {TallyError} `git-failed` */
export async function configValue(commonDir: string, key: string): Promise<string | null> {
  const args = inRepository(commonDir, "config", "--get", key);
  const { stdout, code } = await runGit(args, { cwd: commonDir, okCodes: [0, 1] });
  return code === 0 ? stdout.toString("utf8").replace(/\n$/, "") : null;
}
