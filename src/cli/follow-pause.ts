import { type Connection, LiveModel } from "../client/live-model.ts";
import type { Pause } from "../protocol/limits.ts";
import type { CliContext } from "./context.ts";

interface PauseWatcher {
  /** As it is now, then after each change; null when it has ended. */
  readonly onPause: (pause: Pause | null) => void;
  readonly onConnection: (connection: Connection) => void;
  /** It can be followed no further. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Follows one pause by the gateway's event stream. A gateway that crashed is started again; for one that was stopped on purpose it
 * waits until somebody starts it.
 */
export function followPause(
  { client, runningClient }: Pick<CliContext, "client" | "runningClient">,
  pauseId: string,
  { onPause, onConnection, onFailure }: PauseWatcher,
): { dispose(): void } {
  return new LiveModel({
    client: runningClient,
    onModel({ pauses }) {
      const pause = pauses.get(pauseId);
      onPause(pause && pause.endedAt === null ? pause : null);
    },
    onConnection(connection) {
      onConnection(connection);
      if (connection !== "absent") return;
      client.forgetEndpoint();
      client.endpoint().catch(onFailure);
    },
  });
}
