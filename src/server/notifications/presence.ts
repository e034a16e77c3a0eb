import type { NotificationPlace, Presence as Said } from "../../protocol/events.ts";

/** One window's connection, for as long as it lasts. */
export interface WindowConnection {
  /** Tells the window whether it is the one that the person used last: what is shown in one window only is shown there. */
  tellForemost(isForemost: boolean): void;
}

/** What the decision on a notification asks of the windows. */
export interface Whereabouts {
  readonly anyFocused: boolean;
  /** The sessions whose terminal is in front of the person: in front in a window that has the focus. */
  readonly frontSessions: ReadonlySet<string>;
}

export interface PresenceOptions {
  /** What {@link PresenceOptions.remember} was last given, by this gateway or the one before it. */
  readonly remembered: NotificationPlace | null;
  /** Keeps the person's setting for when no window is open. */
  readonly remember: (place: NotificationPlace) => void;
}

interface Window {
  readonly said: Said;
  /** Grows with every window that comes to have the focus; 0 for one that never had it. */
  readonly focusedAs: number;
}

/** Where the person is, as the open windows say. */
export class Presence implements Whereabouts {
  readonly #windows = new Map<WindowConnection, Window>();
  readonly #remember: PresenceOptions["remember"];
  #place: NotificationPlace;
  #focusCount = 0;
  #foremost: WindowConnection | undefined;

  constructor({ remembered, remember }: PresenceOptions) {
    this.#place = remembered ?? "both";
    this.#remember = remember;
  }

  /** A window says where the person is, for the first time or anew. */
  set(connection: WindowConnection, said: Said): void {
    const before = this.#windows.get(connection);
    const gainsFocus = said.isFocused && !before?.said.isFocused;
    if (gainsFocus) this.#focusCount += 1;
    this.#windows.set(connection, { said, focusedAs: gainsFocus ? this.#focusCount : (before?.focusedAs ?? 0) });
    if (said.notifications !== this.#place) {
      this.#place = said.notifications;
      this.#remember(said.notifications);
    }
    if (!before) connection.tellForemost(false);
    this.#electForemost();
  }

  /** A window is gone; what it said holds no longer, but for the setting. */
  remove(connection: WindowConnection): void {
    this.#windows.delete(connection);
    this.#electForemost();
  }

  get anyFocused(): boolean {
    return this.#focused().length > 0;
  }

  get frontSessions(): ReadonlySet<string> {
    return new Set(this.#focused().flatMap(({ said }) => (said.frontSessionId === null ? [] : [said.frontSessionId])));
  }

  /** The setting that a window said last. */
  get place(): NotificationPlace {
    return this.#place;
  }

  #focused(): Window[] {
    return [...this.#windows.values()].filter(({ said }) => said.isFocused);
  }

  #electForemost(): void {
    const [elected] = [...this.#windows].sort(([, a], [, b]) => b.focusedAs - a.focusedAs)[0] ?? [];
    if (elected === this.#foremost) return;
    if (this.#foremost && this.#windows.has(this.#foremost)) this.#foremost.tellForemost(false);
    this.#foremost = elected;
    elected?.tellForemost(true);
  }
}
