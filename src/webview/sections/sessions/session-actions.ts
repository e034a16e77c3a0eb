import { isHeld, isResumable } from "../../../presentation/continuation-words.ts";
import type { DashboardCommand } from "../../../protocol/dashboard.ts";
import type { Session } from "../../../protocol/entities.ts";

/** A command of the editor that a row offers, with the title and the icon that it has there. */
export interface SessionAction {
  readonly command: DashboardCommand;
  readonly label: string;
  readonly icon: string;
}

/** What can be done about a session, as in the tree. */
export function sessionActions(session: Session): readonly SessionAction[] {
  const { endedAt, mode } = session;
  const isOver = endedAt !== null;
  return [
    ...(isResumable(session) ? [goOn(session)] : []),
    ...(mode === "pty" ? [{ command: "showTerminal", label: "Show Terminal", icon: "terminal" } as const] : []),
    ...(mode === "headless" ? [{ command: "showTerminal", label: "Show Output", icon: "output" } as const] : []),
    ...(isOver
      ? [{ command: "archiveSession", label: "Archive Session", icon: "archive" } as const]
      : [{ command: "endSession", label: "End Session", icon: "debug-stop" } as const]),
  ];
}

function goOn(session: Session): SessionAction {
  if (isHeld(session)) return { command: "startNow", label: "Start Now", icon: "play" };
  if (session.endedAt === null) return { command: "resumeNow", label: "Resume Now", icon: "debug-continue" };
  return { command: "resumeSession", label: "Resume Session", icon: "debug-continue" };
}
