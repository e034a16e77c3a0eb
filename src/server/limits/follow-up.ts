import type { Session } from "../../protocol/entities.ts";
import type { Continuation } from "../../protocol/limits.ts";
import type { TaskState } from "../../protocol/states.ts";

export interface FollowUpTiming {
  readonly now: number;
  /** A turn that goes on for so long has not met the limit again: that is told within seconds. */
  readonly movesAfterMs: number;
  /** One that has not begun a turn for so long will not. */
  readonly stuckAfterMs: number;
}

/** The state of the prompt that a session goes on with; null while it has none, `held` where its launch was held, so that there is none. */
export type Turn = TaskState | "held" | null;

export interface FollowUp {
  /** The same object when nothing is new. */
  readonly continuation: Continuation;
  /** When to look again, without a further change of the session. */
  readonly lookAt: number | null;
}

/**
 * What has become of a session that a limit stopped, from what it does now.
 * @param turn what has become of the prompt that it was given to go on with.
 */
export function followUp(session: Session, continuation: Continuation, turn: Turn, timing: FollowUpTiming): FollowUp {
  switch (continuation.status) {
    case "scheduled":
      return { continuation: whenScheduled(session, continuation, timing), lookAt: settlesAt(session, timing.now) };
    case "resuming":
      return whenResuming(session, continuation, turn, timing);
    case "resumed":
    case "not-resumed":
    case "cancelled":
      return { continuation, lookAt: null };
  }
}

/** How a turn ended may be told after that it ended. */
const TOLD_WITHIN_MS = 1_000;

function settlesAt({ state, stateSince }: Session, now: number): number | null {
  const at = stateSince + SETTLES_MS;
  return state === "PAUSED" || state === "STARTING" || now >= at ? null : at;
}

/** Words of one moment may come in any order: what a session does right after it was stopped is not yet what it does. */
const SETTLES_MS = 3_000;

/** Nobody has done anything yet, as far as we know: the agent or the person may have. */
function whenScheduled(session: Session, continuation: Continuation, { now }: FollowUpTiming): Continuation {
  const owner = continuation.owner === "agent" ? "agent" : "person";
  if (now < session.stateSince + SETTLES_MS) return continuation;
  switch (session.state) {
    case "RUNNING":
      return session.reason.isUnknown
        ? continuation
        : { ...continuation, owner, status: "resuming", at: now, text: "It goes on." };
    case "IDLE":
    case "WAITING_USER":
      return resumed({ ...continuation, owner }, now);
    case "ERROR":
      return notResumed(continuation, session.reason.text, now);
    case "DONE":
    case "PAUSED":
    case "STARTING":
      return continuation;
  }
}

function whenResuming(
  session: Session,
  continuation: Continuation,
  turn: Turn,
  { now, movesAfterMs, stuckAfterMs }: FollowUpTiming,
): FollowUp {
  const done = (next: Continuation): FollowUp => ({ continuation: next, lookAt: null });
  // Only Tally gives a new prompt: before that is seen, an agent that was just started is merely ready.
  const needsTurn = continuation.owner === "tally" && turn !== "held";
  // A clock that was set back makes no time of the past one to come.
  const startedAt = Math.min(continuation.at ?? now, now);
  const stuckAt = startedAt + stuckAfterMs;
  switch (session.state) {
    case "RUNNING": {
      const movedAt = Math.max(Math.min(session.stateSince, now), startedAt) + movesAfterMs;
      if (!session.reason.isUnknown) {
        return now >= movedAt ? done(resumed(continuation, now)) : { continuation, lookAt: movedAt };
      }
      break;
    }
    case "IDLE":
      if (!needsTurn || turn === "DONE" || turn === "CANCELLED") {
        const settledAt = session.stateSince + TOLD_WITHIN_MS;
        return now >= settledAt ? done(resumed(continuation, now)) : { continuation, lookAt: settledAt };
      }
      break;
    case "WAITING_USER":
      if (!needsTurn || turn === "WAITING_USER" || session.request !== null) return done(resumed(continuation, now));
      break;
    case "ERROR":
    case "DONE":
      return done(notResumed(continuation, session.reason.text, now));
    case "PAUSED":
    case "STARTING":
      break;
  }
  if (now < stuckAt) return { continuation, lookAt: stuckAt };
  const text = "it has not begun a turn. Look at its terminal: it may be showing a dialog.";
  return done(notResumed(continuation, text, now));
}

function resumed(continuation: Continuation, now: number): Continuation {
  return { ...continuation, status: "resumed", at: now, text: resumedText[continuation.owner] };
}

const resumedText: Record<Continuation["owner"], string> = {
  tally: "Tally resumed it.",
  agent: "It went on by itself.",
  person: "You went on with it.",
};

/** @param why a sentence, or one that begins in lower case. */
export function notResumed(continuation: Continuation, why: string, now: number): Continuation {
  return { ...continuation, status: "not-resumed", at: now, text: `Not resumed: ${why}` };
}
