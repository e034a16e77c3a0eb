import type { Session } from "../../protocol/entities.ts";
import type { NotificationPlace } from "../../protocol/events.ts";
import { beginsToWait } from "../../protocol/waiting.ts";
import type { Whereabouts } from "./presence.ts";

/** Whether the desktop tells the person that a session, which was `before`, waits for them. */
export function shouldNotify(
  before: Session | undefined,
  after: Session,
  { anyFocused, frontSessions }: Whereabouts,
  place: NotificationPlace,
): boolean {
  if (!beginsToWait(before, after)) return false;
  switch (place) {
    // The window that has the focus tells it itself.
    case "both":
      return !anyFocused;
    case "desktop":
      return !frontSessions.has(after.id);
    case "editor":
    case "off":
      return false;
  }
}
