import type { StoredSession } from "../store/store.ts";
import type { ExternalSessions } from "./external/external-sessions.ts";

/** Whether a session's process lives where only the person can go on with it. */
export function runsElsewhere(session: StoredSession, external: Pick<ExternalSessions, "standing">): boolean {
  switch (session.mode) {
    case "pty":
      return false;
    case "pipes":
      return session.endedAt === null;
    case "external":
      return external.standing(session).isAlive;
    case "headless":
      // What works in it without a terminal is nowhere to be shown.
      return session.state === "RUNNING";
  }
}
