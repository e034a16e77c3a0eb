import type { Session } from "../protocol/entities.ts";
import { clockTime } from "./limit-times.ts";

/** So long its row says that a session was resumed; after that, it is history. */
const RESUMED_SHOWN_MS = 60 * 60_000;

/** Whether it is a launch that a limit holds: it has not begun yet, though which conversation it will be may be known. */
export function isHeld({ state, pid, endedAt, promptCount, mode }: Session): boolean {
  return state === "PAUSED" && endedAt === null && pid === null && promptCount === 0 && mode !== "external";
}

/** Whether a person can go on with it: a limit stopped it in a terminal of ours, or it has ended and its conversation is known. */
export function isResumable({ state, endedAt, mode, conversationId }: Session): boolean {
  return endedAt === null ? state === "PAUSED" && mode === "pty" : conversationId !== null;
}

/** Whether it goes on by itself when its limit resets. */
export function goesOnByItself({ continuation, autoResume }: Session): boolean {
  return autoResume && (continuation?.status === "scheduled" || continuation?.status === "resuming");
}

/** What happens to a session because of a limit, or last did, in few words; null where there is nothing to tell any more. */
export function continuationInShort(session: Session, now: number): string | null {
  const { continuation, state, endedAt } = session;
  if (continuation === null) return isHeld(session) ? "held" : null;
  const { status, at } = continuation;
  switch (status) {
    case "scheduled": {
      if (isHeld(session)) return at === null ? "held until the limit ends" : `held: starts ${clockTime(at, now)}`;
      return at === null ? "resumes when the limit ends" : `resumes ${clockTime(at, now)}`;
    }
    case "resuming":
      return isHeld(session) ? "starting" : "resuming";
    case "resumed":
      // Of one that has ended since, how it ended says more.
      if (endedAt !== null || at === null || now - at > RESUMED_SHOWN_MS) return null;
      return `resumed ${clockTime(at, now)}`;
    case "not-resumed":
      return state === "PAUSED" || endedAt !== null ? "not resumed" : null;
    case "cancelled":
      return state === "PAUSED" ? "no auto-resume" : null;
  }
}

/** The same in full, for a tooltip. */
export function continuationInFull(session: Session, now: number): string | null {
  const { continuation } = session;
  if (continuation === null) return null;
  if (continuation.status === "resumed" && continuation.at !== null) {
    return `resumed ${clockTime(continuation.at, now)}. ${continuation.text}`;
  }
  const short = continuationInShort(session, now);
  // It says itself that it was not.
  if (continuation.status === "not-resumed") return continuation.text;
  return short === null ? continuation.text : `${short}. ${continuation.text}`;
}

/** What the terminal of a launch that a limit holds says. */
export function heldWords(session: Session): string {
  const next = goesOnByItself(session)
    ? "It starts by itself then, in this terminal. To call it off, end the session."
    : "It does not start by itself: see its row in the Sessions view.";
  return `Nothing runs here yet. ${session.reason.text}\n${next}`;
}
