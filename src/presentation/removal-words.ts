import { oneLine } from "../protocol/visible.ts";
import type { HelperProcess, WorkAtRisk } from "../protocol/worktrees.ts";
import type { Session, Worktree } from "../protocol/entities.ts";
import { worktreeName } from "./worktree-words.ts";

/** A dialog cannot be scrolled. */
const MAX_LISTED = 5;
const MAX_LINE_LENGTH = 100;

export function isAtRisk({ uncommitted, untracked, unpushed, inside, underWay }: WorkAtRisk): boolean {
  return uncommitted.length + untracked.length + unpushed.length + inside.length > 0 || underWay !== null;
}

/** What would be lost, as lines of a dialog. */
export function riskLines({ uncommitted, untracked, unpushed, inside, underWay }: WorkAtRisk): readonly string[] {
  return [
    ...(underWay === null ? [] : [`In the middle of ${oneLine(underWay, MAX_LINE_LENGTH)}.`]),
    ...listed(["1 file with changes that are not committed", "files with changes that are not committed"], uncommitted),
    ...listed(["1 file that git does not know", "files that git does not know"], untracked),
    ...listed(["1 commit that is nowhere else", "commits that are nowhere else"], unpushed),
    ...listed(
      ["1 commit in a repository inside that is nowhere else", "commits in repositories inside that are nowhere else"],
      inside,
    ),
  ];
}

function listed([one, many]: readonly [string, string], items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - MAX_LISTED;
  return [
    `${items.length === 1 ? one : `${items.length} ${many}`}:`,
    ...items.slice(0, MAX_LISTED).map((item) => `    ${oneLine(item, MAX_LINE_LENGTH)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

export interface RemovalQuestion {
  readonly message: string;
  readonly detail: string;
}

export interface RunningInside {
  readonly sessions: readonly Session[];
  readonly processes: readonly HelperProcess[];
}

/** What is asked before a worktree is removed. */
export function removalQuestion(worktree: Worktree, risk: WorkAtRisk, running: RunningInside): RemovalQuestion {
  const atRisk = isAtRisk(risk) ? ["Work that exists nowhere else:", ...riskLines(risk), ""] : [];
  const ends = runningLines(running);
  return {
    message: `Remove worktree ${worktreeName(worktree)}?`,
    detail: [
      worktree.path,
      "",
      ...atRisk,
      ...(ends === null ? [] : [ends, ""]),
      "All that is in it is kept as a snapshot first, except what can be made again, such as node_modules. Tally: Restore Worktree brings it back.",
    ].join("\n"),
  };
}

/** "2 sessions and 1 process will be ended." */
function runningLines({ sessions, processes }: RunningInside): string | null {
  const parts = [count(sessions.length, "session"), count(processes.length, "process", "processes")].filter(Boolean);
  const total = sessions.length + processes.length;
  return total === 0 ? null : `${parts.join(" and ")} will be ended.`;
}

function count(many: number, one: string, more = `${one}s`): string {
  return many === 0 ? "" : many === 1 ? `1 ${one}` : `${many} ${more}`;
}
