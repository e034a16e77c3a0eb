import type { Session } from "../../protocol/entities.ts";
import type { NotificationPlace } from "../../protocol/events.ts";
import { beginsToWait } from "../../protocol/waiting.ts";
import type { Whereabouts } from "./presence.ts";

/** Whether the desktop tells the person that a session, which was `before`, waits for them. */
export function shouldNotify(
  before: Session | undefined,
  after: Session,
  whereabouts: Whereabouts,
  place: NotificationPlace,
): boolean {
  return beginsToWait(before, after) && isToldOnDesktop(after.id, whereabouts, place);
}

/** Whether the desktop tells the person something of a session, or of none. */
export function isToldOnDesktop(
  sessionId: string | null,
  { anyFocused, frontSessions }: Whereabouts,
  place: NotificationPlace,
): boolean {
  switch (place) {
    // The window that has the focus tells it itself.
    case "both":
      return !anyFocused;
    case "desktop":
      return sessionId === null || !frontSessions.has(sessionId);
    case "editor":
    case "off":
      return false;
  }
}
