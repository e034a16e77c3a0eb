import type { WebSocket } from "ws";
import { type EventFrame, presenceSchema } from "../../protocol/events.ts";
import { parseJson } from "../../protocol/json.ts";
import type { Presence } from "../notifications/presence.ts";
import type { Store } from "../store/store.ts";

/** A client that lets so much pile up is cut off; it comes back with the last event it saw. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/**
 * Serves the event stream on one socket: a snapshot or what was missed, then everything as it happens. A window says on it
 * where the person is.
 */
export function serveEvents(
  socket: WebSocket,
  store: Store,
  seen: { since?: number | undefined; store?: string | undefined },
  presence: Presence,
): void {
  const send = (frame: EventFrame) => {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(JSON.stringify(frame));
  };
  const subscription = store.subscribe((events) => send({ type: "events", events: [...events] }));
  const connection = { tellForemost: (isForemost: boolean) => send({ type: "foremost", isForemost }) };
  socket.on("message", (data) => {
    const said = presenceSchema.safeParse(parseJson((data as Buffer).toString("utf8")));
    if (said.success) presence.set(connection, said.data);
  });
  socket.on("close", () => {
    subscription.dispose();
    presence.remove(connection);
  });
  // `close` follows.
  socket.on("error", () => undefined);
  const isOurs = seen.store === undefined || seen.store === store.id;
  const missed = seen.since === undefined || !isOurs ? null : store.eventsSince(seen.since);
  send(missed ? { type: "events", events: missed } : { type: "snapshot", snapshot: store.snapshot() });
}
