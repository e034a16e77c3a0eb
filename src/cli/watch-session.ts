import { LiveModel } from "../client/live-model.ts";
import type { Session } from "../protocol/entities.ts";
import type { CliContext } from "./context.ts";

interface SessionWatcher {
  /** As it is now, then after each change; null when it has been removed. */
  readonly onSession: (session: Session | null) => void;
  /** It can be followed no further. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Follows one session by the gateway's event stream. A gateway that crashed is started again; for one that was stopped on
 * purpose it waits until somebody starts it.
 */
export function watchSession(
  { client, runningClient }: Pick<CliContext, "client" | "runningClient">,
  sessionId: string,
  { onSession, onFailure }: SessionWatcher,
): { dispose(): void } {
  let last: Session | null | undefined;
  const live = new LiveModel({
    client: runningClient,
    onModel({ sessions }) {
      const session = sessions.get(sessionId) ?? null;
      if (session === last) return;
      last = session;
      onSession(session);
    },
    onConnection(connection) {
      if (connection !== "absent") return;
      client.forgetEndpoint();
      client.endpoint().catch(onFailure);
    },
  });
  return live;
}
