import type { Standing } from "../../protocol/worktrees.ts";
import { gitItems, runGit } from "./git.ts";

/** What `git status` says, as far as it counts. */
export interface Status {
  readonly branch: string | null;
  readonly head: string | null;
  /** Also of one that is there no more. */
  readonly upstream: string | null;
  /** Null where there is nothing to count against. */
  readonly counts: { readonly ahead: number; readonly behind: number } | null;
  readonly dirty: number;
}

/**
 * What git says of the worktree at `path`: counted against the branch's upstream, else against `base`, else against nothing.
 * @throws {TallyError} `git-failed`, `cancelled`
 */
export async function readStanding(
  path: string,
  base: string | null,
  { now = Date.now, signal }: { readonly now?: () => number; readonly signal?: AbortSignal } = {},
): Promise<Standing> {
  const args = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal", "--ahead-behind"];
  const { branch, head, upstream, counts, dirty } = parseStatus(await gitItems(args, { cwd: path, signal }));
  const found = { branch, head, dirty, at: now() };
  if (upstream !== null && counts) return { ...found, against: upstream, ...counts };
  const counted = base === null || head === null ? null : await countAgainst(path, base, signal);
  return counted ? { ...found, against: base, ...counted } : { ...found, against: null, ahead: 0, behind: 0 };
}

/** What `git status --porcelain=v2 --branch -z` says, split at its NULs. */
export function parseStatus(items: readonly string[]): Status {
  const headers = new Map<string, string>();
  let dirty = 0;
  for (let at = 0; at < items.length; at++) {
    const [, name, value] = /^# (\S+) (.*)$/s.exec(items[at] ?? "") ?? [];
    if (name !== undefined && value !== undefined) headers.set(name, value);
    else dirty += 1;
    // Where the file was before follows as an item of its own.
    if (items[at]?.startsWith("2 ")) at += 1;
  }
  const head = headers.get("branch.oid") ?? "(initial)";
  const branch = headers.get("branch.head") ?? "(detached)";
  const [, ahead, behind] = /^\+(\d+) -(\d+)$/.exec(headers.get("branch.ab") ?? "") ?? [];
  return {
    branch: branch === "(detached)" ? null : branch,
    head: head === "(initial)" ? null : head,
    upstream: headers.get("branch.upstream") ?? null,
    counts: ahead === undefined || behind === undefined ? null : { ahead: Number(ahead), behind: Number(behind) },
    dirty,
  };
}

/** Exit code of git for a base that is there no more. */
const NO_SUCH = 128;

async function countAgainst(
  path: string,
  base: string,
  signal: AbortSignal | undefined,
): Promise<{ ahead: number; behind: number } | null> {
  const args = ["rev-list", "--left-right", "--count", "--end-of-options", `${base}...HEAD`];
  const { code, stdout } = await runGit([...args, "--"], { cwd: path, signal, okCodes: [0, NO_SUCH] });
  const [behind, ahead] = stdout.toString("utf8").trim().split("\t").map(Number);
  return code !== 0 || ahead === undefined || behind === undefined ? null : { ahead, behind };
}
