import type { TallyEvent } from "../../protocol/events.ts";
import type { Clock } from "./desktop.ts";
import type { ForgivingDesktop } from "./forgiving-desktop.ts";

/** What every kind of notification on limits needs. */
export interface LimitNotificationsOptions {
  readonly desktop: ForgivingDesktop;
  /** Whether the desktop tells the person something of a session, or of none, now. */
  readonly isTold: (sessionId: string | null) => boolean;
  /** Hears every committed change. */
  readonly subscribe: (listener: (events: readonly TallyEvent[]) => void) => { dispose(): void };
  readonly clock: Clock;
  /** The wall clock. */
  readonly now: () => number;
}

/** Several sessions meet one limit, or are told of one reset, within moments: they are told of together. */
export const LIMIT_GATHER_MS = 3_000;
