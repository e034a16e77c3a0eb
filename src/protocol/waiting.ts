import type { Session } from "./entities.ts";

/** Whether the session's agent waits for a person. */
export function isWaiting(session: Session): boolean {
  return session.state === "WAITING_USER" && session.endedAt === null;
}

/**
 * Whether a session that was `before` waits for something else than it did, if it did: a person is to be told of it. That
 * more becomes known of what it waits for is nothing new.
 */
export function beginsToWait(before: Session | undefined, after: Session): boolean {
  if (!isWaiting(after)) return false;
  if (!before || !isWaiting(before)) return true;
  return before.request !== null && after.request !== null && before.request.id !== after.request.id;
}
