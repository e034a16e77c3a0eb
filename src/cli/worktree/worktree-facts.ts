import type { Project, Session, Worktree } from "../../protocol/entities.ts";
import type { HelperProcess } from "../../protocol/worktrees.ts";
import { formatAge } from "../screen/age.ts";
import { type Fact, formatFacts } from "../screen/session-facts.ts";
import { sessionHeader, sessionRow } from "../screen/session-table.ts";
import { commandLine } from "../screen/shell-words.ts";
import type { Surface } from "../screen/surface.ts";
import { type Cell, formatTable } from "../screen/table.ts";
import { processRow } from "./process-words.ts";
import { stepLines } from "./step-lines.ts";
import { brokenWords, placeFacts, underWayWords } from "./worktree-words.ts";

interface Known {
  readonly worktree: Worktree;
  readonly project: Project;
  readonly processes: readonly HelperProcess[];
  readonly sessions: readonly Session[];
}

/** All that is known of a worktree: one line a fact, then what is done to it, its processes and its sessions. */
export function formatWorktree({ worktree, project, processes, sessions }: Known, surface: Surface): string[] {
  const { style, width, nowMs } = surface;
  const { name, id, status, standing, shared, operation, createdAt } = worktree;
  const [where, ...others] = placeFacts(worktree);
  const facts: Fact[] = [
    { name: "worktree", value: name },
    { name: "id", value: id },
    statusFact(worktree),
    { name: "why", value: status === "broken" ? (operation?.error?.message ?? null) : null },
    { name: "project", value: project.name },
    ...(where ? [where] : []),
    ...others,
    { name: "changed", value: standing === null || standing.dirty === 0 ? null : `${standing.dirty} files` },
    { name: "shared", value: shared.length === 0 ? null : `${shared.join(", ")} (links to the main checkout)` },
    { name: "created", value: status === "seen" ? null : `${formatAge(nowMs - createdAt)} ago` },
  ];
  const isTold = operation !== null && operation.state !== "done" && status !== "seen";
  const steps = isTold ? stepLines(operation.steps, { style, width, frame: 0, elapsedMs: () => null }) : [];
  const processHeader = ["PROCESS", "STATE", ""].map((text): Cell => ({ text, style: "dim" }));
  return [
    ...formatFacts(facts, surface),
    ...(steps.length === 0 ? [] : ["", ...steps]),
    ...(processes.length === 0
      ? []
      : ["", ...formatTable([processHeader, ...processes.map(processRow)], { style, width })]),
    ...(sessions.length === 0
      ? []
      : ["", ...formatTable([sessionHeader, ...sessions.map((each) => sessionRow(each, surface))], { style, width })]),
  ];
}

function statusFact(worktree: Worktree): Fact {
  switch (worktree.status) {
    case "seen":
      return { name: "status", value: "not Tally's own: a session runs in it" };
    case "ready":
      return { name: "status", value: "ready", style: "green" };
    case "adding":
    case "removing":
      return { name: "status", value: underWayWords(worktree), style: "cyan" };
    case "broken":
      return {
        name: "status",
        value: `broken: ${brokenWords(worktree)} · ${commandLine(["tally", "repair", worktree.name])}`,
        style: "red",
      };
  }
}
