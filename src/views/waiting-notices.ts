import type { Model } from "../protocol/model.ts";
import type { Session } from "../protocol/entities.ts";
import type { NotificationPlace } from "../protocol/events.ts";
import { beginsToWait, isWaiting } from "../protocol/waiting.ts";
import type { PacerClock } from "./output-pacer.ts";
import { type Notice, noticeOf } from "../presentation/request-words.ts";
import { waitingSessions } from "../presentation/tree-model.ts";

/** A notification on the screen. */
export interface ShownNotice {
  update(notice: Notice): void;
  close(): void;
}

/** Where the person is, as far as this window knows. */
export interface Place {
  /** This window is the one that the person used last. */
  readonly isForemost: boolean;
  readonly frontSessionId: string | null;
  readonly notifications: NotificationPlace;
}

export interface WaitingNoticesOptions {
  /** @param onClosed the person closed it, or used it. */
  readonly show: (sessionId: string, notice: Notice, onClosed: () => void) => ShownNotice;
  readonly place: () => Place;
  readonly clock: PacerClock;
}

/** An answer that comes within this time needs no notification. */
export const GRACE_MS = 1_500;
/** As many as the editor shows at once; further ones follow in the order in which they came. */
export const MAX_NOTICES = 3;

/** Whether this window tells the person that the session waits. */
export function isToldHere(sessionId: string, { isForemost, frontSessionId, notifications }: Place): boolean {
  return isForemost && frontSessionId !== sessionId && (notifications === "editor" || notifications === "both");
}

/** Tells the person in this window that sessions wait for them, for as long as they do. */
export class WaitingNotices {
  readonly #options: WaitingNoticesOptions;
  /** Undefined before the first model: who waits already when the window opens is on the tree, and is not announced. */
  #sessions: ReadonlyMap<string, Session> | undefined;
  readonly #graces = new Map<string, () => void>();
  /** Told of as soon as there is room. */
  readonly #due = new Set<string>();
  readonly #shown = new Map<string, ShownNotice>();

  constructor(options: WaitingNoticesOptions) {
    this.#options = options;
  }

  /** After every change of the model. */
  update(model: Model): void {
    const before = this.#sessions;
    this.#sessions = model.sessions;
    for (const id of [...this.#graces.keys(), ...this.#due, ...this.#shown.keys()]) {
      const session = model.sessions.get(id);
      if (!session || !isWaiting(session)) this.#end(id);
    }
    if (!before) return;
    for (const session of waitingSessions(model)) {
      const old = before.get(session.id);
      if (beginsToWait(old, session)) this.#beginGrace(session.id);
      else if (old !== session) this.#shown.get(session.id)?.update(noticeOf(session));
    }
    this.#showDue();
  }

  /** The person has come before another terminal: what waits there needs no notification any more. */
  frontChanged(): void {
    const { frontSessionId } = this.#options.place();
    if (frontSessionId !== null) this.#end(frontSessionId);
    this.#showDue();
  }

  dispose(): void {
    for (const id of [...this.#graces.keys(), ...this.#shown.keys()]) this.#end(id);
  }

  #beginGrace(id: string): void {
    this.#end(id);
    this.#graces.set(
      id,
      this.#options.clock.schedule(GRACE_MS, () => {
        this.#graces.delete(id);
        if (isToldHere(id, this.#options.place())) this.#due.add(id);
        this.#showDue();
      }),
    );
  }

  #end(id: string): void {
    this.#graces.get(id)?.();
    this.#graces.delete(id);
    this.#due.delete(id);
    this.#shown.get(id)?.close();
    this.#shown.delete(id);
  }

  #showDue(): void {
    for (const id of [...this.#due]) {
      if (this.#shown.size >= MAX_NOTICES) return;
      this.#due.delete(id);
      const session = this.#sessions?.get(id);
      if (!session) continue;
      const onClosed = () => {
        this.#shown.delete(id);
        this.#showDue();
      };
      this.#shown.set(id, this.#options.show(id, noticeOf(session), onClosed));
    }
  }
}
