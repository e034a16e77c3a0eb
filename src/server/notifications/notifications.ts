import { notificationPlaceSchema } from "../../protocol/events.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { type Clock, type Desktop, DesktopNotifications } from "./desktop.ts";
import { Presence } from "./presence.ts";

/** Under which the person's setting is kept for when no window is open. */
const PLACE_KEY = "notifications.place";

export interface NotificationsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly desktop: Desktop;
}

/** What tells the person that sessions wait, and where they are. */
export interface Notifications {
  /** Hears what the windows say. */
  readonly presence: Presence;
  stop(): void;
}

const systemClock: Clock = {
  now: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Tells the person on the desktop from now on; call it once the sessions are known. */
export function startNotifications({ store, log, desktop }: NotificationsOptions): Notifications {
  const remembered = notificationPlaceSchema.safeParse(store.value(PLACE_KEY));
  const presence = new Presence({
    remembered: remembered.success ? remembered.data : null,
    remember: (place) => store.change((transaction) => transaction.putValue(PLACE_KEY, place)),
  });
  const notifications = new DesktopNotifications({
    desktop,
    presence,
    sessions: store.liveSessions(),
    subscribe: (listener) => store.subscribe(listener),
    clock: systemClock,
    onUnavailable: (error) => log.warn("no desktop notifications here", { error }),
  });
  return { presence, stop: () => notifications.dispose() };
}
