import type { ProcessState } from "../../../protocol/worktrees.ts";

/** Why Tally ended a process, where it did. */
export type EndedBy = "person" | "worktree" | "time-limit" | "cancel" | "gateway-gone";

/** What is known of a process. */
export type ProcessFacts =
  | { readonly life: "never-started" | "starting" | "lost" | "cut-off" }
  | { readonly life: "refused"; readonly why: string }
  /** The host of its terminal cannot be asked just now. */
  | { readonly life: "unreachable"; readonly state: ProcessState; readonly isListening: boolean | null }
  | { readonly life: "running"; readonly port: number | null; readonly listening: Listening }
  | {
      readonly life: "ended";
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly spawnError: string | null;
      readonly endedBy: EndedBy | null;
    };

/** What was seen of its port. */
export interface Listening {
  readonly is: boolean;
  readonly was: boolean;
  /** It has been silent for longer than a start may take. */
  readonly isOverdue: boolean;
}

export interface Conclusion {
  readonly state: ProcessState;
  /** A sentence for a person. */
  readonly reason: string;
  readonly isListening: boolean | null;
}

/** What state a process is in, and why. */
export function concludeProcess(facts: ProcessFacts): Conclusion {
  switch (facts.life) {
    case "never-started":
      return { state: "STOPPED", reason: "It has not been started yet.", isListening: null };
    case "starting":
      return { state: "STARTING", reason: "It is being started.", isListening: null };
    case "lost":
      return failed("It ended with the process that held its terminal. Start it again.");
    case "cut-off":
      return failed("Tally ended before it could start it. Start it again.");
    case "refused":
      return failed(facts.why);
    case "unreachable": {
      const reason = "unknown, because the process that holds its terminal cannot be reached just now.";
      return { state: facts.state, reason, isListening: facts.isListening };
    }
    case "running":
      return whileRunning(facts.port, facts.listening);
    case "ended":
      return { ...afterEnd(facts), isListening: null };
  }
}

function whileRunning(port: number | null, { is, was, isOverdue }: Listening): Conclusion {
  if (port === null) return { state: "RUNNING", reason: "It runs.", isListening: null };
  if (is) return { state: "RUNNING", reason: `It answers on port ${port}.`, isListening: true };
  const silence = `It runs, and nothing answers on port ${port} ${was ? "any more" : "yet"}.`;
  return isOverdue
    ? { state: "ERROR", reason: `${silence} Look into its terminal.`, isListening: false }
    : { state: "STARTING", reason: silence, isListening: false };
}

function afterEnd({
  exitCode,
  signal,
  spawnError,
  endedBy,
}: Extract<ProcessFacts, { life: "ended" }>): Omit<Conclusion, "isListening"> {
  if (spawnError !== null) return { state: "ERROR", reason: `It could not be started: ${spawnError}.` };
  switch (endedBy) {
    case "person":
      return { state: "STOPPED", reason: "You stopped it." };
    case "worktree":
      return { state: "STOPPED", reason: "It was stopped with its worktree." };
    case "cancel":
      return { state: "STOPPED", reason: "It was cancelled." };
    case "time-limit":
      return { state: "ERROR", reason: "It took longer than its timeout in tally.json, and was ended." };
    case "gateway-gone":
      return { state: "ERROR", reason: "Tally ended while it ran, so it was ended too." };
    case null:
      if (exitCode === 0) return { state: "DONE", reason: "It ended with exit code 0." };
      if (signal !== null) return { state: "ERROR", reason: `It was ended by ${signal}.` };
      return { state: "ERROR", reason: `It ended with exit code ${exitCode ?? "unknown"}.` };
  }
}

function failed(reason: string): Conclusion {
  return { state: "ERROR", reason, isListening: null };
}
