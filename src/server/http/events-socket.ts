import type { WebSocket } from "ws";
import type { EventFrame } from "../../protocol/events.ts";
import type { Store } from "../store/store.ts";

/** A client that lets so much pile up is cut off; it comes back with the last event it saw. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Serves the event stream on one socket: a snapshot or what was missed, then everything as it happens. */
export function serveEvents(
  socket: WebSocket,
  store: Store,
  seen: { since?: number | undefined; store?: string | undefined },
): void {
  const send = (frame: EventFrame) => {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(JSON.stringify(frame));
  };
  const subscription = store.subscribe((events) => send({ type: "events", events: [...events] }));
  socket.on("close", () => subscription.dispose());
  // `close` follows.
  socket.on("error", () => undefined);
  const isOurs = seen.store === undefined || seen.store === store.id;
  const missed = seen.since === undefined || !isOurs ? null : store.eventsSince(seen.since);
  send(missed ? { type: "events", events: missed } : { type: "snapshot", snapshot: store.snapshot() });
}
