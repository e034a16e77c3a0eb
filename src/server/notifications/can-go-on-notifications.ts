import type { Session } from "../../protocol/entities.ts";
import type { Change } from "../../protocol/events.ts";
import type { Account } from "../../protocol/limits.ts";
import { LIMIT_GATHER_MS, type LimitNotificationsOptions } from "./limit-notifications.ts";
import { canGoOnNote } from "./limit-notes.ts";

export interface CanGoOnNotificationsOptions extends LimitNotificationsOptions {
  /** The sessions as they are now: those that can go on already have been told of. */
  readonly sessions: readonly Session[];
  readonly accounts: readonly Account[];
}

const SUBJECT = "can-go-on";

/** Tells the person on the desktop of sessions whose limit has reset, in terminals that are not ours to write to. */
export class CanGoOnNotifications {
  readonly #options: CanGoOnNotificationsOptions;
  readonly #sessions: Map<string, Session>;
  /** By account. */
  readonly #labels: Map<string, string>;
  readonly #subscription: { dispose(): void };
  /** Those that the notification tells of, or is about to. */
  readonly #told = new Set<string>();
  #cancelShow: (() => void) | undefined;
  #isShown = false;

  constructor(options: CanGoOnNotificationsOptions) {
    this.#options = options;
    this.#sessions = new Map(options.sessions.map((session) => [session.id, session]));
    this.#labels = new Map(options.accounts.map(({ id, label }) => [id, label]));
    this.#subscription = options.subscribe((events) => {
      for (const { change } of events) this.#changed(change);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#cancelShow?.();
  }

  #changed(change: Change): void {
    if (change.type === "account.changed") this.#labels.set(change.account.id, change.account.label);
    else if (change.type === "session.removed") this.#forget(change.id);
    else if (change.type === "session.changed") this.#sessionChanged(change.session);
  }

  #sessionChanged(session: Session): void {
    const before = this.#sessions.get(session.id);
    if (!isForPerson(session)) {
      this.#forget(session.id);
      return;
    }
    this.#sessions.set(session.id, session);
    if (before && isForPerson(before)) return;
    this.#told.add(session.id);
    this.#cancelShow ??= this.#options.clock.schedule(LIMIT_GATHER_MS, () => this.#show());
  }

  #forget(id: string): void {
    this.#sessions.delete(id);
    if (!this.#told.delete(id) || this.#told.size > 0) return;
    this.#cancelShow?.();
    this.#cancelShow = undefined;
    if (this.#isShown) this.#options.desktop.withdraw(SUBJECT);
    this.#isShown = false;
  }

  #show(): void {
    const { desktop, isTold } = this.#options;
    this.#cancelShow = undefined;
    const sessions = [...this.#told].flatMap((id) => this.#sessions.get(id) ?? []);
    if (!sessions.some(({ id }) => isTold(id))) return;
    this.#isShown = true;
    desktop.show(canGoOnNote(sessions.map((session) => ({ ...session, label: this.#labelOf(session) }))), SUBJECT);
  }

  #labelOf({ accountId, agent }: Session): string {
    return (accountId === null ? undefined : this.#labels.get(accountId)) ?? agent;
  }
}

/** Whether its limit has reset, and only the person can go on with it, who has not yet. */
function isForPerson({ continuation, endedAt, state }: Session): boolean {
  return (
    continuation?.owner === "person" && continuation.status === "not-resumed" && endedAt === null && state !== "RUNNING"
  );
}
