import type { Session } from "../protocol/entities.ts";
import { wasStarted } from "../protocol/limit-outcomes.ts";
import { clockTime } from "./limit-times.ts";

/** So long its row says that a session was resumed; after that, it is history. */
const RESUMED_SHOWN_MS = 60 * 60_000;

/** Whether it is a launch that a limit holds: it has not begun yet, though which conversation it will be may be known. */
export function isHeld({ state, pid, endedAt, promptCount, mode }: Session): boolean {
  const isOurs = mode === "pty" || mode === "pipes";
  return state === "PAUSED" && endedAt === null && pid === null && promptCount === 0 && isOurs;
}

/** Whether a limit has stopped it and it could be made to go on by itself. One without a terminal does: its task waits in the queue. */
export function isStopped(session: Session): boolean {
  return session.state === "PAUSED" && session.mode !== "headless" && !goesOnByItself(session);
}

/** Whether it was such a launch, and has been ended before it began. */
export function wasCalledOff({ pid, endedAt, promptCount, mode, continuation }: Session): boolean {
  const neverRan = pid === null && promptCount === 0 && mode === "pty";
  return (
    endedAt !== null && neverRan && (continuation?.status === "cancelled" || continuation?.status === "not-resumed")
  );
}

/** Whether a person can go on with it: a limit stopped it in a terminal of ours, or it has ended and its conversation is known. */
export function isResumable({ state, endedAt, mode, conversationId }: Session): boolean {
  return endedAt === null ? state === "PAUSED" && mode === "pty" : conversationId !== null;
}

/** Whether it goes on by itself when its limit resets. */
export function goesOnByItself({ continuation, autoResume }: Session): boolean {
  return autoResume && (continuation?.status === "scheduled" || continuation?.status === "resuming");
}

/**
 * What happens to a session because of a limit, or last did, in few words; null where there is nothing to tell any more.
 * @param isPauseOver whether the pause that stopped it is known to have ended
 */
export function continuationInShort(session: Session, now: number, isPauseOver = false): string | null {
  const { continuation, state, endedAt } = session;
  if (continuation === null) return isHeld(session) ? "held" : null;
  const { status, at } = continuation;
  switch (status) {
    case "scheduled": {
      // It goes on already, or heeds the pause in a terminal that is not ours.
      if (endedAt === null && state !== "PAUSED") return null;
      const verb = isHeld(session) ? "starts" : "resumes";
      return at === null ? `${verb} when the pause ends` : `${verb} ${clockTime(at, now)}`;
    }
    case "resuming":
      return isHeld(session) ? "starting" : "resuming";
    case "resumed":
      // Of one that has ended since, how it ended says more.
      if (endedAt !== null || at === null || now - at > RESUMED_SHOWN_MS) return null;
      return `${wasStarted(session) ? "started" : "resumed"} ${clockTime(at, now)}`;
    case "not-resumed":
      // One that has ended well, or was ended, needs it no more.
      return state === "PAUSED" || (endedAt !== null && state === "ERROR") ? "not resumed" : null;
    case "cancelled":
      if (state !== "PAUSED") return null;
      if (isHeld(session)) return isPauseOver ? "start it yourself" : "no auto-start";
      return isPauseOver ? "resume it yourself" : "no auto-resume";
  }
}

/** The same in full, for a tooltip. */
export function continuationInFull(session: Session, now: number, isPauseOver = false): string | null {
  const { continuation } = session;
  if (continuation === null) return null;
  if (wasCalledOff(session)) return "called off; it was never started";
  if (continuation.status === "resumed" && continuation.at !== null) {
    // Who did it is said of a conversation only.
    if (wasStarted(session)) return `started ${clockTime(continuation.at, now)}`;
    return `resumed ${clockTime(continuation.at, now)}. ${continuation.text}`;
  }
  const short = continuationInShort(session, now, isPauseOver);
  // It says itself that it was not.
  if (continuation.status === "not-resumed") return continuation.text;
  if (isPauseOver && continuation.status === "cancelled" && short !== null) {
    return `its pause is over, and it does not go on by itself: ${short}`;
  }
  return short === null ? continuation.text : `${short}. ${continuation.text}`;
}

/** What the terminal of a launch that a limit holds says. */
export function heldWords(session: Session): string {
  const next = goesOnByItself(session)
    ? "It starts by itself then, in this terminal. To call it off, end the session."
    : "It does not start by itself: see its row in the Sessions view.";
  return `Nothing runs here yet. ${session.reason.text}\n${next}`;
}

/** What is said of a launch that a limit holds when its terminal is closed. */
export function staysHeldWords(session: Session, now: number): string {
  const { title, continuation } = session;
  if (!goesOnByItself(session)) return `"${title}" stays held. It does not start by itself.`;
  const at = continuation?.at ?? null;
  return `"${title}" stays held, and starts ${at === null ? "when the pause ends" : clockTime(at, now)}.`;
}
