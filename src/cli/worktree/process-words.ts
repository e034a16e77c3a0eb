import type { HelperProcess, ProcessState } from "../../protocol/worktrees.ts";
import type { StyleName } from "../screen/style.ts";
import type { Cell } from "../screen/table.ts";
import { portUrl } from "./worktree-words.ts";

export const processWords: Record<ProcessState, { readonly word: string; readonly style: StyleName }> = {
  STOPPED: { word: "stopped", style: "dim" },
  STARTING: { word: "starting", style: "green" },
  RUNNING: { word: "running", style: "green" },
  DONE: { word: "done", style: "dim" },
  ERROR: { word: "failed", style: "red" },
};

/** Its name, its state, and where it answers or why it is so. */
export function processRow({ name, state, port, reason }: HelperProcess): Cell[] {
  const { word, style } = processWords[state];
  const answers = state === "RUNNING" && port !== null;
  const more = answers ? portUrl(port) : state === "RUNNING" ? "" : reason;
  return [{ text: name }, { text: word, style }, { text: more, isWhole: state === "ERROR" }];
}

/** Those that are to run all the time, and of the others those that failed. */
export function processesToShow(processes: readonly HelperProcess[], worktreeId: string): HelperProcess[] {
  return processes.filter(
    (process) => process.worktreeId === worktreeId && (process.kind === "process" || process.state === "ERROR"),
  );
}

export function isRunning({ state }: Pick<HelperProcess, "state">): boolean {
  return state === "RUNNING" || state === "STARTING";
}
