import { oneLine } from "../protocol/visible.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";

const MAX_NAME_LENGTH = 60;

/** What is done once has no name of a person's. */
export function processName({ kind, name, command }: HelperProcess): string {
  if (kind === "process") return oneLine(name, MAX_NAME_LENGTH);
  return `${kind}: ${oneLine(command, MAX_NAME_LENGTH)}`;
}

/** What stands behind its name: `:8000 · running`. */
export function processDescription(process: HelperProcess): string {
  const port = process.isListening === true && process.port !== null ? `:${process.port}` : "";
  return [port, processState(process)].filter(Boolean).join(" · ");
}

/** What a screen reader says of its row. */
export function processLabel(process: HelperProcess): string {
  const port = process.isListening === true && process.port !== null ? [`on port ${process.port}`] : [];
  const kind = process.kind === "process" ? "Process " : "";
  return [`${kind}${processName(process)}`, processState(process), ...port].join(", ");
}

export function processState({ state, exitCode, exitSignal, kind }: HelperProcess): string {
  switch (state) {
    case "STOPPED":
      return "stopped";
    case "STARTING":
      return "starting";
    case "RUNNING":
      return "running";
    case "DONE":
      return kind === "process" ? "ended" : "done";
    case "ERROR":
      return `failed${endInShort({ exitCode, exitSignal })}`;
  }
}

function endInShort({ exitCode, exitSignal }: Pick<HelperProcess, "exitCode" | "exitSignal">): string {
  if (exitSignal !== null) return ` (${exitSignal})`;
  return exitCode === null ? "" : ` (exit code ${exitCode})`;
}

/** "Process backend of feature-x ended with exit code 1." */
export function processFailure(process: HelperProcess, worktreeName: string): string {
  const { name, exitCode, exitSignal, reason } = process;
  const what = `Process ${oneLine(name, MAX_NAME_LENGTH)} of ${oneLine(worktreeName, MAX_NAME_LENGTH)}`;
  if (exitSignal !== null) return `${what} was ended by ${exitSignal}.`;
  return exitCode === null ? `${what} failed: ${reason}` : `${what} ended with exit code ${exitCode}.`;
}

/** Whether a program runs in its terminal. */
export function isProcessLive({ state, endedAt, pid }: HelperProcess): boolean {
  return state === "STARTING" || state === "RUNNING" || (state === "ERROR" && pid !== null && endedAt === null);
}
