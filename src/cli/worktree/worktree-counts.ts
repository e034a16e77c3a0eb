import type { Worktree } from "../../protocol/entities.ts";
import type { HelperProcess, ProcessState, WorktreeStatus } from "../../protocol/worktrees.ts";
import type { Style } from "../screen/style.ts";
import { processWords } from "./process-words.ts";

type WorktreeCounts = Partial<Record<Exclude<WorktreeStatus, "seen">, number>>;
type ProcessCounts = Partial<Record<ProcessState, number>>;

/** How many of Tally's worktrees are how; what none is is absent. */
export function countWorktrees(worktrees: readonly Worktree[]): WorktreeCounts {
  const counts: WorktreeCounts = {};
  for (const { status } of worktrees) {
    if (status !== "seen") counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/** Of those that are to run all the time. */
export function countProcesses(processes: readonly HelperProcess[]): ProcessCounts {
  const counts: ProcessCounts = {};
  for (const { kind, state } of processes) {
    if (kind === "process") counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** A line each, where there are any; what is broken comes first. */
export function describeWorktrees(
  { worktrees, processes }: { readonly worktrees: WorktreeCounts; readonly processes: ProcessCounts },
  style: Style,
): string[] {
  const { broken = 0, adding = 0, removing = 0, ready = 0 } = worktrees;
  const ofWorktrees = [
    ...(broken > 0 ? [style("red", `${broken} broken`)] : []),
    ...(adding > 0 ? [style("cyan", `${adding} being made`)] : []),
    ...(removing > 0 ? [style("cyan", `${removing} being removed`)] : []),
    ...(ready > 0 ? [`${ready} ready`] : []),
  ];
  const order = ["ERROR", "STARTING", "RUNNING", "STOPPED", "DONE"] as const;
  const ofProcesses = order.flatMap((state) => {
    const count = processes[state] ?? 0;
    return count > 0 ? [style(processWords[state].style, `${count} ${processWords[state].word}`)] : [];
  });
  return [
    ...(ofWorktrees.length === 0 ? [] : [`worktrees  ${ofWorktrees.join(", ")}`]),
    ...(ofProcesses.length === 0 ? [] : [`processes  ${ofProcesses.join(", ")}`]),
  ];
}
