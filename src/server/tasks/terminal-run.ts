import type { Session, Task } from "../../protocol/entities.ts";
import type { RunOutcome } from "./run-outcome.ts";

/** An agent may date a prompt a little before it was seen to start. */
const SAME_MOMENT_MS = 1_000;

export type TerminalOutcome =
  Exclude<RunOutcome, { outcome: "again" | "limited" }> | { readonly outcome: "blocked" } | null;

/** The prompts of its session, the oldest first; where its agent does not tell of them, whether it was seen to work since. */
export type TerminalEvidence = { readonly prompts: readonly Task[] } | { readonly hasWorked: boolean };

interface Timing {
  readonly now: number;
  readonly stuckAfterMs: number;
}

/**
 * What has become of a task that its session's agent got as a prompt in its terminal; null while it goes on. A limit that stops it blocks
 * it, and the session's own resuming goes on with it.
 */
export function terminalOutcome(
  session: Session,
  task: Task,
  evidence: TerminalEvidence,
  { now, stuckAfterMs }: Timing,
): TerminalOutcome {
  if ("hasWorked" in evidence) return outcomeOfState(session, evidence.hasWorked, task, { now, stuckAfterMs });
  const since = (task.startedAt ?? task.createdAt) - SAME_MOMENT_MS;
  const isOwn = ({ createdAt, endedAt }: Task) =>
    createdAt >= since && (endedAt === null || endedAt > (task.startedAt ?? 0));
  const last = evidence.prompts.filter(isOwn).at(-1);
  if (session.endedAt !== null) {
    if (last?.state === "DONE" || (last === undefined && session.exitCode === 0))
      return { outcome: "done", result: "" };
    return last?.state === "CANCELLED" ? { outcome: "cancelled" } : { outcome: "failed", error: session.reason.text };
  }
  if (session.state === "PAUSED") return { outcome: "blocked" };
  // Where nobody knows what it does, nothing is concluded.
  if (session.reason.isUnknown) return null;
  if (last === undefined) return session.state === "IDLE" && isStuck(task, { now, stuckAfterMs }) ? stuck : null;
  switch (last.state) {
    case "DONE":
      return session.state === "IDLE" ? { outcome: "done", result: "" } : null;
    case "CANCELLED":
      return { outcome: "cancelled" };
    case "ERROR":
      return { outcome: "failed", error: last.details ?? session.reason.text };
    case "BLOCKED":
      return { outcome: "blocked" };
    default:
      return null;
  }
}

function outcomeOfState(
  { state, reason, endedAt, exitCode }: Session,
  hasWorked: boolean,
  task: Task,
  { now, stuckAfterMs }: Timing,
): TerminalOutcome {
  if (endedAt !== null) {
    return exitCode === 0 ? { outcome: "done", result: "" } : { outcome: "failed", error: reason.text };
  }
  if (state === "PAUSED") return { outcome: "blocked" };
  if (reason.isUnknown) return null;
  if (!hasWorked) return state === "IDLE" && isStuck(task, { now, stuckAfterMs }) ? stuck : null;
  if (state === "ERROR") return { outcome: "failed", error: reason.text };
  return state === "IDLE" ? { outcome: "done", result: "" } : null;
}

const stuck = { outcome: "failed", error: "Its agent has not begun a turn. Look at its terminal." } as const;

function isStuck({ startedAt }: Task, { now, stuckAfterMs }: Timing): boolean {
  return now >= (startedAt ?? 0) + stuckAfterMs;
}
