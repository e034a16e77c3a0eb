import type { Session } from "../../protocol/entities.ts";
import type { Change, TallyEvent } from "../../protocol/events.ts";
import { beginsToWait, isWaiting } from "../../protocol/waiting.ts";
import { ForgivingDesktop } from "./forgiving-desktop.ts";
import { type DesktopNote, noteOf } from "./note.ts";
import type { Presence } from "./presence.ts";
import { shouldNotify } from "./should-notify.ts";

/** The desktop of the machine that the gateway runs on. */
export interface Desktop {
  /** Shows the note in place of the one before it on the same subject. */
  show(note: DesktopNote, subject: string): Promise<void>;
  /** Takes back what is shown on the subject, where the system can. */
  withdraw(subject: string): Promise<void>;
}

/** Time, which a test moves by hand. */
export interface Clock {
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function calls it off. */
  schedule(delayMs: number, task: () => void): () => void;
}

export interface DesktopNotificationsOptions {
  readonly desktop: Desktop;
  readonly presence: Presence;
  /** The sessions as they are now: those that wait already have been told of. */
  readonly sessions: readonly Session[];
  /** Hears every committed change. */
  readonly subscribe: (listener: (events: readonly TallyEvent[]) => void) => { dispose(): void };
  readonly clock: Clock;
  /** The desktop does not take notifications; said once. */
  readonly onUnavailable: (error: unknown) => void;
}

/** An answer that comes within this time needs no notification. */
export const GRACE_MS = 1_500;
/** Several that begin to wait at once are told of together. */
export const GATHER_MS = 300;
/** After a notification, further ones wait this long and are then told of in one, which takes the other's place. */
export const PACE_MS = 5_000;

const WAITING = "waiting";

/** Before a session began to wait, and what calls its grace off. */
interface Pending {
  readonly before: Session | undefined;
  readonly cancel: () => void;
}

/** Tells the person on the desktop that sessions wait for them: at most one notification at a time, for all that wait. */
export class DesktopNotifications {
  readonly #options: DesktopNotificationsOptions;
  readonly #desktop: ForgivingDesktop;
  readonly #sessions: Map<string, Session>;
  readonly #subscription: { dispose(): void };
  readonly #pending = new Map<string, Pending>();
  /** Those that the notification tells of, or will when the pace allows it. */
  readonly #told = new Set<string>();
  #lastShownAt = -Infinity;
  #cancelShow: (() => void) | undefined;
  #isShown = false;

  constructor(options: DesktopNotificationsOptions) {
    this.#options = options;
    this.#desktop = new ForgivingDesktop(options.desktop, options.onUnavailable);
    this.#sessions = new Map(options.sessions.map((session) => [session.id, session]));
    this.#subscription = options.subscribe((events) => {
      for (const { change } of events) this.#changed(change);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#cancelShow?.();
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #changed(change: Change): void {
    if (change.type === "session.removed") {
      this.#sessions.delete(change.id);
      this.#noLongerWaits(change.id);
    }
    if (change.type !== "session.changed") return;
    const { session } = change;
    const before = this.#sessions.get(session.id);
    this.#sessions.set(session.id, session);
    if (!isWaiting(session)) this.#noLongerWaits(session.id);
    else if (beginsToWait(before, session)) this.#beginGrace(before, session.id);
  }

  #beginGrace(before: Session | undefined, id: string): void {
    this.#noLongerWaits(id);
    this.#pending.set(id, { before, cancel: this.#options.clock.schedule(GRACE_MS, () => this.#graceEnds(id)) });
  }

  #graceEnds(id: string): void {
    const pending = this.#pending.get(id);
    const session = this.#sessions.get(id);
    this.#pending.delete(id);
    if (!pending || !session) return;
    const { presence } = this.#options;
    if (!shouldNotify(pending.before, session, presence, presence.place)) return;
    this.#told.add(id);
    this.#showSoon();
  }

  #noLongerWaits(id: string): void {
    this.#pending.get(id)?.cancel();
    this.#pending.delete(id);
    if (!this.#told.delete(id) || this.#told.size > 0) return;
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    if (this.#isShown) this.#desktop.withdraw(WAITING);
    this.#isShown = false;
  }

  #showSoon(): void {
    const { clock } = this.#options;
    this.#cancelShow ??= clock.schedule(Math.max(GATHER_MS, this.#lastShownAt + PACE_MS - clock.now()), () =>
      this.#show(),
    );
  }

  #show(): void {
    this.#cancelShow = undefined;
    this.#lastShownAt = this.#options.clock.now();
    this.#isShown = true;
    const waiting = [...this.#told].flatMap((id) => this.#sessions.get(id) ?? []);
    this.#desktop.show(noteOf(waiting), WAITING);
  }
}
