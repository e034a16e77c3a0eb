import { notificationPlaceSchema } from "../../protocol/events.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { CanGoOnNotifications } from "./can-go-on-notifications.ts";
import { type Clock, type Desktop, DesktopNotifications } from "./desktop.ts";
import { ForgivingDesktop } from "./forgiving-desktop.ts";
import type { LimitNotificationsOptions } from "./limit-notifications.ts";
import { PauseNotifications } from "./pause-notifications.ts";
import { Presence } from "./presence.ts";
import { isToldOnDesktop } from "./should-notify.ts";
import { UsageNotifications } from "./usage-notifications.ts";

/** Under which the person's setting is kept for when no window is open. */
const PLACE_KEY = "notifications.place";

export interface NotificationsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly desktop: Desktop;
  readonly settings: () => Settings;
}

/** What tells the person that sessions wait and what limits do, and where they are. */
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
export function startNotifications({ store, log, desktop, settings }: NotificationsOptions): Notifications {
  const remembered = notificationPlaceSchema.safeParse(store.value(PLACE_KEY));
  const presence = new Presence({
    remembered: remembered.success ? remembered.data : null,
    remember: (place) => store.change((transaction) => transaction.putValue(PLACE_KEY, place)),
  });
  const subscribe: LimitNotificationsOptions["subscribe"] = (listener) => store.subscribe(listener);
  const onUnavailable = (error: unknown) => log.warn("no desktop notifications here", { error });
  const waiting = new DesktopNotifications({
    desktop,
    presence,
    sessions: store.liveSessions(),
    subscribe,
    clock: systemClock,
    onUnavailable,
  });
  const limits = limitNotifications(store, settings, {
    desktop: new ForgivingDesktop(desktop, onUnavailable),
    isTold: (sessionId) => isToldOnDesktop(sessionId, presence, presence.place),
    subscribe,
    clock: systemClock,
    now: Date.now,
  });
  return {
    presence,
    stop: () => {
      for (const notifications of [waiting, ...limits]) notifications.dispose();
    },
  };
}

function limitNotifications(store: Store, settings: () => Settings, options: LimitNotificationsOptions) {
  const pauses = store.openPauses();
  const accounts = store.accounts();
  // Also one that has ended may be brought back.
  const sessions = store.sessions().filter(({ continuation }) => continuation !== null);
  return [
    new PauseNotifications({ ...options, pauses, sessions }),
    new CanGoOnNotifications({ ...options, sessions, accounts }),
    new UsageNotifications({ ...options, accounts, pauses, warnAtPercent: () => settings().warnAtPercent }),
  ];
}
