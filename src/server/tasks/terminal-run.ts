import type { Session, Task } from "../../protocol/entities.ts";
import type { RunOutcome } from "./run-outcome.ts";

/** An agent may date a prompt a little before it was seen to start. */
const SAME_MOMENT_MS = 1_000;

export type TerminalOutcome =
  Exclude<RunOutcome, { outcome: "again" | "limited" }> | { readonly outcome: "blocked" } | null;

/**
 * What has become of a task that its session's agent got as a prompt in its terminal; null while it goes on. A limit that stops it blocks
 * it, and the session's own resuming goes on with it.
 * @param prompts of the session, the oldest first. Null: its agent does not tell of them, and only its state says something.
 */
export function terminalOutcome(
  session: Session,
  task: Task,
  prompts: readonly Task[] | null,
  { now, stuckAfterMs }: { readonly now: number; readonly stuckAfterMs: number },
): TerminalOutcome {
  if (prompts === null) return outcomeOfState(session, task);
  const since = (task.startedAt ?? task.createdAt) - SAME_MOMENT_MS;
  const last = prompts.filter(({ createdAt }) => createdAt >= since).at(-1);
  if (session.endedAt !== null) {
    if (last?.state === "DONE" || (last === undefined && session.exitCode === 0))
      return { outcome: "done", result: "" };
    return last?.state === "CANCELLED" ? { outcome: "cancelled" } : { outcome: "failed", error: session.reason.text };
  }
  if (session.state === "PAUSED") return { outcome: "blocked" };
  // Where nobody knows what it does, nothing is concluded.
  if (session.reason.isUnknown) return null;
  if (last === undefined) {
    const isStuck = session.state === "IDLE" && now >= (task.startedAt ?? 0) + stuckAfterMs;
    return isStuck ? { outcome: "failed", error: "Its agent has not begun a turn. Look at its terminal." } : null;
  }
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

function outcomeOfState({ state, stateSince, reason, endedAt, exitCode }: Session, task: Task): TerminalOutcome {
  const isSince = stateSince > (task.startedAt ?? 0) && reason.source !== "gateway";
  if (endedAt !== null) {
    return exitCode === 0 ? { outcome: "done", result: "" } : { outcome: "failed", error: reason.text };
  }
  if (state === "PAUSED") return { outcome: "blocked" };
  if (!isSince || reason.isUnknown) return null;
  if (state === "ERROR") return { outcome: "failed", error: reason.text };
  return state === "IDLE" ? { outcome: "done", result: "" } : null;
}
