import type { WatchedStream, Whereabouts } from "../adapter.ts";
import { headersFor, serverAt } from "./server.ts";
import { OpencodeSessions } from "./sessions.ts";

/** The events of opencode's server, and what is asked of it to catch up with what was missed. */
export function opencodeStreams(
  whereabouts: Whereabouts,
  now: () => number,
  timeZone: string,
): readonly WatchedStream[] {
  const server = serverAt(whereabouts);
  if (!server) return [];
  const { url } = server;
  const sessions = new OpencodeSessions(whereabouts.conversationId, now, timeZone);
  return [
    {
      source: "event-stream",
      url: `${url}/event`,
      headers: headersFor(server),
      reader: () => sessions.event,
      // Made anew for every connection: the person may be in another conversation by then.
      get catchUp() {
        const session = sessions.followed && `${url}/session/${encodeURIComponent(sessions.followed)}`;
        const conversation = session
          ? [
              { url: session, read: sessions.info },
              { url: `${session}/children`, read: sessions.children },
              { url: `${session}/message`, read: sessions.messages },
            ]
          : [];
        return [
          ...conversation,
          { url: `${url}/session/status`, read: sessions.statuses(now()) },
          { url: `${url}/permission`, read: sessions.permissions },
          { url: `${url}/question`, read: sessions.questions },
        ];
      },
    },
  ];
}
