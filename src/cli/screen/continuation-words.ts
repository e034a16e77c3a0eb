import type { Session } from "../../protocol/entities.ts";
import type { Continuation } from "../../protocol/limits.ts";
import { wasStarted } from "../../protocol/limit-outcomes.ts";
import { isEnded } from "../../protocol/states.ts";
import { oneLine } from "./request-text.ts";
import { clockWords, momentWords, type TimeSense } from "./time-words.ts";

/** A launch that waits for a reset: a session that has had no process yet, and not one whose process was lost meanwhile. */
export function isHeld({ state, pid, mode, endedAt, promptCount }: Session): boolean {
  return state === "PAUSED" && mode === "pty" && pid === null && endedAt === null && promptCount === 0;
}

/** Whether it goes on by itself once a limit resets. */
export function isToContinue({ continuation }: Pick<Session, "continuation">): boolean {
  return continuation?.status === "scheduled" || continuation?.status === "resuming";
}

/** What happens to a session because of a limit, or did: `resumes at 15:00, in 2 h`; null when there was none. */
export function continuationWords(session: Session, time: TimeSense): string | null {
  const { continuation } = session;
  if (continuation === null) return null;
  const sentence = oneLine(continuation.text).replace(/\.$/, "");
  switch (continuation.status) {
    case "scheduled":
      return scheduledWords(session, continuation, time);
    case "resuming":
      return isHeld(session) ? "is being started" : "is being resumed";
    case "resumed": {
      const words = wasStarted(session) ? "started" : sentence;
      return continuation.at === null ? words : `${words} at ${clockWords(continuation.at, time)}`;
    }
    case "not-resumed":
    case "cancelled":
      return sentence;
  }
}

/** The same with why, which the time alone does not tell: `resumes any moment now · You are typing in its terminal`. */
export function continuationInFull(session: Session, time: TimeSense): string | null {
  const words = continuationWords(session, time);
  const { continuation } = session;
  if (continuation?.status !== "scheduled" || continuation.owner === "person" || continuation.at === null) return words;
  return [words, oneLine(continuation.text)].join(" · ");
}

function scheduledWords(session: Session, { at, owner, text }: Continuation, time: TimeSense): string {
  if (owner === "person") return oneLine(text);
  if (session.mode === "external" && session.state !== "PAUSED" && !isEnded(session)) {
    return `its wrapper is told to wait${at === null ? "" : ` until ${momentWords(at, time)}`}`;
  }
  const does = isHeld(session) ? "starts" : owner === "agent" ? "its agent resumes" : "resumes";
  if (at === null) return `${does} when the pause ends`;
  return at <= time.nowMs ? `${does} any moment now` : `${does} at ${momentWords(at, time)}`;
}

/** The same where there is little room: only of what does not work now and is going to, or should have. */
export function pendingWords(session: Session, time: TimeSense): string | null {
  const { state, continuation } = session;
  const isStopped = isEnded(session) ? isToContinue(session) : state === "PAUSED";
  return isStopped || continuation?.status === "resuming" ? continuationWords(session, time) : null;
}
