import type { RouteResult } from "../../protocol/routes.ts";
import { exitCodes } from "../exit-codes.ts";
import { pendingWords } from "../screen/continuation-words.ts";
import type { StyleName } from "../screen/style.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { portUrl } from "./worktree-words.ts";

export type ResumedWorktree = RouteResult<"resumeWorktree">;

type Outcome = ResumedWorktree["sessions"][number]["outcome"] | ResumedWorktree["processes"][number]["outcome"];

const outcomes: Record<Outcome, { readonly mark: string; readonly words: string; readonly style: StyleName }> = {
  resumed: { mark: "✓", words: "resumed", style: "green" },
  started: { mark: "✓", words: "started", style: "green" },
  running: { mark: "·", words: "runs already", style: "dim" },
  held: { mark: "–", words: "held", style: "magenta" },
  failed: { mark: "✗", words: "failed", style: "red" },
};

/** What came back in a worktree, what ran already, what is held until when and what failed why. */
export function formatResumed({ worktree, sessions, processes }: ResumedWorktree, surface: Surface): string[] {
  const { style, width } = surface;
  const row = (outcome: Outcome, name: string, detail: string): Cell[] => {
    const { mark, words, style: own } = outcomes[outcome];
    return [{ text: mark, style: own }, { text: name }, { text: words, style: own }, { text: detail }];
  };
  const rows = [
    ...processes.map(({ process, outcome, why }) =>
      row(outcome, process.name, why ?? (process.port === null ? "" : portUrl(process.port))),
    ),
    ...sessions.map(({ session, outcome, why }) =>
      row(outcome, session.title, (outcome === "held" ? pendingWords(session, surface) : null) ?? why ?? session.id),
    ),
  ];
  const nothing = rows.length === 0 ? `  ${style("dim", "nothing runs in it")}` : null;
  return [
    style("bold", worktree.name),
    ...(nothing === null ? formatTable(rows, { style, width, indent: "  " }) : [nothing]),
  ];
}

/** 1 when something failed, else 75 when all that should go on is held. */
export function exitCodeOfResumed(resumed: readonly ResumedWorktree[]): number {
  const all: Outcome[] = resumed.flatMap(({ sessions, processes }) =>
    [...sessions, ...processes].map(({ outcome }) => outcome),
  );
  if (all.includes("failed")) return exitCodes.failure;
  return all.length > 0 && all.every((outcome) => outcome === "held") ? exitCodes.held : exitCodes.ok;
}
