import type { Session } from "../../protocol/entities.ts";
import type { Change } from "../../protocol/events.ts";
import { isProlonged, wasStarted } from "../../protocol/limit-outcomes.ts";
import { isHolding, type Pause } from "../../protocol/limits.ts";
import { LIMIT_GATHER_MS, type LimitNotificationsOptions } from "./limit-notifications.ts";
import { type Outcome, pauseBegunNote, pauseEndedNote, pauseProlongedNote } from "./limit-notes.ts";

export interface PauseNotificationsOptions extends LimitNotificationsOptions {
  /** The pauses as they are now: those that hold already have been told of. */
  readonly pauses: readonly Pause[];
  /** The sessions as they are now. */
  readonly sessions: readonly Session[];
}

/** Sessions are brought back one after the other; longer than this the person is not kept waiting for what became of them. */
export const SETTLE_MS = 60_000;

const subjectOf = (pauseId: string) => `pause:${pauseId}`;

/** Tells the person on the desktop that a pause begins, that it is prolonged, and that it has ended and what became of the sessions. */
export class PauseNotifications {
  readonly #options: PauseNotificationsOptions;
  readonly #pauses: Map<string, Pause>;
  /** Those that have to do with a pause. */
  readonly #sessions: Map<string, Session>;
  readonly #subscription: { dispose(): void };
  /** What calls off what is about to be told of a pause. */
  readonly #pending = new Map<string, () => void>();
  /** Prolonged, and still to be told of that. */
  readonly #prolonging = new Set<string>();
  /** Ended, and still to be told of. */
  readonly #ending = new Set<string>();
  readonly #shown = new Set<string>();

  constructor(options: PauseNotificationsOptions) {
    this.#options = options;
    this.#pauses = new Map(options.pauses.map((pause) => [pause.id, pause]));
    this.#sessions = new Map(options.sessions.map((session) => [session.id, session]));
    this.#subscription = options.subscribe((events) => {
      for (const { change } of events) this.#changed(change);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #changed(change: Change): void {
    if (change.type === "pause.changed") this.#pauseChanged(change.pause);
    else if (change.type === "session.changed") this.#sessionChanged(change.session);
    else if (change.type === "session.removed") this.#sessions.delete(change.id);
  }

  #pauseChanged(pause: Pause): void {
    const before = this.#pauses.get(pause.id);
    const held = before !== undefined && isHolding(before);
    this.#pauses.set(pause.id, pause);
    if (!held && isHolding(pause)) this.#tellAfter(pause.id, LIMIT_GATHER_MS, () => this.#tellBegun(pause.id));
    else if (held && !isHolding(pause)) this.#ended(pause);
    // Who is still to be told of it hears how it is then.
    else if (before && isProlonged(before, pause) && !this.#pending.has(pause.id)) this.#prolonged(pause.id);
  }

  #sessionChanged(session: Session): void {
    const before = this.#sessions.get(session.id);
    if (session.continuation) this.#sessions.set(session.id, session);
    else this.#sessions.delete(session.id);
    for (const changed of [before, session]) {
      const pauseId = changed?.continuation?.pauseId;
      if (pauseId !== undefined && this.#ending.has(pauseId)) this.#tellOnceSettled(pauseId);
    }
  }

  #prolonged(pauseId: string): void {
    this.#prolonging.add(pauseId);
    this.#tellAfter(pauseId, LIMIT_GATHER_MS, () => this.#tellProlonged(pauseId));
  }

  #ended(pause: Pause): void {
    const isToldToBegin = this.#pending.has(pause.id) && !this.#prolonging.delete(pause.id);
    this.#calledOff(pause.id);
    this.#withdraw(pause.id);
    // Over before anybody was told of it, and nothing was stopped by it.
    if (isToldToBegin && this.#sessionsOf(pause.id).length === 0) {
      this.#pauses.delete(pause.id);
      return;
    }
    this.#ending.add(pause.id);
    this.#tellAfter(pause.id, SETTLE_MS, () => this.#tellEnded(pause.id));
    this.#tellOnceSettled(pause.id);
  }

  #tellOnceSettled(pauseId: string): void {
    if (this.#outcomeOf(pauseId).open > 0) return;
    this.#tellAfter(pauseId, LIMIT_GATHER_MS, () => this.#tellEnded(pauseId));
  }

  #tellBegun(pauseId: string): void {
    const pause = this.#pauses.get(pauseId);
    if (!pause) return;
    this.#show(pauseId, pauseBegunNote(pause, this.#outcomeOf(pauseId).open, this.#options.now()));
  }

  #tellProlonged(pauseId: string): void {
    const pause = this.#pauses.get(pauseId);
    this.#prolonging.delete(pauseId);
    if (!pause) return;
    this.#show(pauseId, pauseProlongedNote(pause, this.#outcomeOf(pauseId).open, this.#options.now()));
  }

  #tellEnded(pauseId: string): void {
    const pause = this.#pauses.get(pauseId);
    this.#ending.delete(pauseId);
    this.#pauses.delete(pauseId);
    if (pause) this.#show(pauseId, pauseEndedNote(pause, this.#outcomeOf(pauseId)));
    this.#shown.delete(pauseId);
  }

  #show(pauseId: string, note: ReturnType<typeof pauseBegunNote>): void {
    const { desktop, isTold } = this.#options;
    if (!isTold(null)) return;
    this.#shown.add(pauseId);
    desktop.show(note, subjectOf(pauseId));
  }

  #withdraw(pauseId: string): void {
    if (this.#shown.delete(pauseId)) this.#options.desktop.withdraw(subjectOf(pauseId));
  }

  /** In place of what was about to be told of this pause. */
  #tellAfter(pauseId: string, delayMs: number, tell: () => void): void {
    this.#calledOff(pauseId);
    const cancel = this.#options.clock.schedule(delayMs, () => {
      this.#pending.delete(pauseId);
      tell();
    });
    this.#pending.set(pauseId, cancel);
  }

  #calledOff(pauseId: string): void {
    this.#pending.get(pauseId)?.();
    this.#pending.delete(pauseId);
  }

  /** Those that go on by themselves, or should have. What only a person can go on with is told of by itself. */
  #sessionsOf(pauseId: string): Session[] {
    return [...this.#sessions.values()].filter(
      ({ continuation }) => continuation?.pauseId === pauseId && continuation.owner !== "person",
    );
  }

  #outcomeOf(pauseId: string): Outcome {
    const sessions = this.#sessionsOf(pauseId);
    const continuations = sessions.flatMap(({ continuation }) => continuation ?? []);
    const started = sessions.filter(wasStarted).length;
    const having = (...wanted: string[]) => continuations.filter(({ status }) => wanted.includes(status));
    return {
      resumed: having("resumed").length - started,
      started,
      notResumed: having("not-resumed").map(({ text }) => text),
      open: having("scheduled", "resuming").length,
    };
  }
}
