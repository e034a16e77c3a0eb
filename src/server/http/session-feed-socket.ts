import type { WebSocket } from "ws";
import { FeedListener } from "../session-api/feed-listener.ts";
import type { Machine } from "../session-api/feed-session.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { SocketHandlers } from "./server.ts";

export interface SessionFeedSocketOptions {
  readonly store: Store;
  readonly machine: Machine;
  readonly log: Log;
}

/** `WS /ws`: every session, whoever made it, to whoever listens. */
export function sessionFeedSocket({ store, machine, log }: SessionFeedSocketOptions): SocketHandlers["sessionFeed"] {
  return async ({ query }, accept) => {
    const { since } = query as { since?: number };
    const socket = await accept();
    const listener = new FeedListener({ store, machine, since, send: (frame) => sent(socket, JSON.stringify(frame)) });
    const failed = (error: unknown) => {
      log.error("session feed failed", { error });
      socket.close(1011);
    };
    const subscription = store.subscribe((events) => void listener.happened(events).catch(failed));
    socket.on("close", () => {
      subscription.dispose();
      listener.gone();
    });
    // `close` follows.
    socket.on("error", () => undefined);
    await listener.begin().catch(failed);
  };
}

/** Resolves also when it could not be sent: then the socket closes. */
function sent(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => socket.send(text, () => resolve()));
}
