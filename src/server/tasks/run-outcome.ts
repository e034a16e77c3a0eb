import type { Session, Task, Usage } from "../../protocol/entities.ts";
import { sumUsage } from "../../protocol/usage.ts";
import type { HeadlessEnd } from "../agents/headless.ts";
import type { LimitReport } from "../agents/reading.ts";
import { reasonOf } from "../sessions/session-state.ts";
import type { KeptOrder } from "./kept-order.ts";
import type { RunExit } from "./run-programs.ts";

/** What becomes of a run that is over. */
export type RunOutcome =
  | { readonly outcome: "done"; readonly result: string }
  | { readonly outcome: "failed"; readonly error: string }
  | { readonly outcome: "cancelled" }
  | { readonly outcome: "limited"; readonly limit: LimitReport }
  /** It had done nothing, and is begun again. */
  | { readonly outcome: "again"; readonly error: string; readonly at: number };

const RETRY_AFTER_MS = [15_000, 60_000, 300_000];

/** How long what had done nothing yet waits for its next try; undefined: it was tried often enough. @param retries so far */
export function retryAfterMs(retries: number): number | undefined {
  return RETRY_AFTER_MS[retries];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

export interface OverWith {
  readonly end: HeadlessEnd;
  /** Nobody saw how its process ended. */
  readonly isVanished: boolean;
  /** It had said something. */
  readonly hasSpoken: boolean;
}

/** Decides what comes of a run. A person's word counts first, then what the agent said last. */
export function outcomeOf(
  task: Task,
  order: KeptOrder,
  { end, isVanished, hasSpoken }: OverWith,
  now: number,
): RunOutcome {
  if (end.outcome === "done") return { outcome: "done", result: end.result };
  if (order.stop === "cancelled") return { outcome: "cancelled" };
  if (order.stop === "time-limit") {
    return {
      outcome: "failed",
      error: `It took longer than ${timeInWords(task.run?.timeLimitMs ?? 0)}, so Tally stopped it.`,
    };
  }
  if (end.outcome === "limited") return { outcome: "limited", limit: end.limit };
  if (isVanished && hasSpoken) {
    return {
      outcome: "failed",
      error: "Its process was lost while it worked. Look at what it has done, then queue it again.",
    };
  }
  // A machine that was restarted is ready again; one whose memory the agent has taken is not.
  const waitMs = isVanished && order.retries === 0 ? 0 : retryAfterMs(order.retries);
  const mayRetry = (isVanished || end.mayRetry) && waitMs !== undefined;
  return mayRetry ? { outcome: "again", error: end.error, at: now + waitMs } : { outcome: "failed", error: end.error };
}

function timeInWords(ms: number): string {
  return ms < MINUTE_MS ? `${Math.round(ms / SECOND_MS)} s` : `${Math.round(ms / MINUTE_MS)} min`;
}

/** The task after its run. */
export function taskAfter(task: Task, outcome: RunOutcome, exit: RunExit, now: number): Task {
  const run = task.run && { ...task.run, pid: null, exitCode: exit.exitCode, exitSignal: exit.signal };
  const ended = { ...task, run, position: null, updatedAt: now, endedAt: now };
  switch (outcome.outcome) {
    case "done":
      return { ...ended, state: "DONE", result: outcome.result, error: null, details: null };
    case "failed":
      return { ...ended, state: "ERROR", error: outcome.error, details: outcome.error };
    case "cancelled":
      return { ...ended, state: "CANCELLED", details: "You cancelled it." };
    case "limited":
      return { ...task, run, state: "BLOCKED", details: outcome.limit.text, updatedAt: now };
    case "again":
      return { ...task, run, state: "QUEUED", details: outcome.error, updatedAt: now };
  }
}

/** The session after a run in it; one that is not kept open ends with its task. */
export function sessionAfter(
  session: Session,
  outcome: RunOutcome,
  isKeptOpen: boolean,
  exit: RunExit,
  now: number,
): Session {
  const { state, text } = sessionWords(outcome);
  const isOver = outcome.outcome !== "limited" && outcome.outcome !== "again" && !isKeptOpen;
  return {
    ...session,
    state: isOver && state === "IDLE" ? "DONE" : state,
    stateSince: now,
    reason: reasonOf({ text, source: outcome.outcome === "limited" ? "event-stream" : "gateway", at: now }),
    pid: null,
    exitCode: isOver ? exit.exitCode : null,
    exitSignal: isOver ? exit.signal : null,
    endedAt: isOver ? now : null,
    updatedAt: now,
  };
}

function sessionWords(outcome: RunOutcome): { state: Session["state"]; text: string } {
  switch (outcome.outcome) {
    case "done":
      return { state: "IDLE", text: "It has finished its task." };
    case "failed":
      return { state: "ERROR", text: outcome.error };
    case "cancelled":
      return { state: "IDLE", text: "You cancelled its task." };
    case "limited":
      return { state: "PAUSED", text: outcome.limit.text };
    case "again":
      return { state: "IDLE", text: `Its task is begun again: ${outcome.error}` };
  }
}

/** Of two runs, or of a session and a run, together. */
export function addUsage(one: Usage | null, other: Usage | null): Usage | null {
  return one === null || other === null ? (one ?? other) : sumUsage(one, other);
}
