import { notAttachable } from "../sessions/session-errors.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SocketHandlers } from "./server.ts";
import { joinTerminal, serveEndedTerminal } from "./terminal-socket.ts";

/** A viewer of a session's terminal; of one that has ended and was dropped by its pty host, of its last screen. */
export function sessionTerminal(sessions: Sessions): SocketHandlers["terminal"] {
  return async ({ params: { id = "" } }, accept) => {
    // All windows learn that it starts before its terminal is there.
    await sessions.untilSpawned(id);
    const session = sessions.get(id);
    if (session.ptyId === null) throw notAttachable(session);
    if (session.endedAt !== null && !sessions.ptyHosts.has(session.ptyId)) {
      serveEndedTerminal(await accept(), session, sessions.outputs.kept(session.id));
    } else {
      const host = sessions.ptyHosts.hostOf(session.ptyId);
      joinTerminal(await accept(), host.openTerminal(session.ptyId));
    }
  };
}
