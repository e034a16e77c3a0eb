import type { RouteResult } from "../protocol/routes.ts";
import { oneLine } from "../protocol/visible.ts";
import { processName } from "./process-words.ts";
import { worktreeName } from "./worktree-words.ts";

const MAX_TITLE_LENGTH = 60;
const MAX_WHY_LENGTH = 150;
/** A notification holds no list. */
const MAX_PROBLEMS = 3;

type Resumed = RouteResult<"resumeWorktree">;

/** What came of resuming: what is there again, and what is not and why. */
export function resumedWords(resumed: readonly Resumed[]): { readonly text: string; readonly hasFailed: boolean } {
  const sessions = resumed.flatMap((each) => each.sessions);
  const processes = resumed.flatMap((each) => each.processes);
  const [first] = resumed;
  const where = resumed.length === 1 && first ? worktreeName(first.worktree) : `${resumed.length} worktrees`;
  const back = [
    count(sessions.filter(({ outcome }) => outcome === "resumed").length, "session", "sessions"),
    count(processes.filter(({ outcome }) => outcome === "started").length, "process", "processes"),
  ].filter(Boolean);
  const problems = [
    ...sessions.flatMap(({ session, outcome, why }) =>
      outcome === "failed" || outcome === "held"
        ? [problem(oneLine(session.title, MAX_TITLE_LENGTH), outcome, why)]
        : [],
    ),
    ...processes.flatMap(({ process, outcome, why }) =>
      outcome === "failed" ? [problem(processName(process), outcome, why)] : [],
    ),
  ];
  const said =
    back.length > 0
      ? `${where}: ${back.join(" and ")} resumed.`
      : problems.length > 0
        ? `${where}:`
        : `${where}: nothing was missing.`;
  const more = problems.length - MAX_PROBLEMS;
  const told = [...problems.slice(0, MAX_PROBLEMS), ...(more > 0 ? [`And ${more} more.`] : [])];
  const hasFailed = [...sessions, ...processes].some(({ outcome }) => outcome === "failed");
  return { text: [said, ...told].join(" "), hasFailed };
}

function problem(name: string, outcome: "failed" | "held", why: string | null): string {
  const reason = why === null || why === "" ? "" : `: ${oneLine(why, MAX_WHY_LENGTH)}`;
  const said = `${name} ${outcome === "held" ? "is held" : "failed"}${reason}`;
  return said.endsWith(".") ? said : `${said}.`;
}

function count(many: number, one: string, more: string): string {
  return many === 0 ? "" : `${many} ${many === 1 ? one : more}`;
}
