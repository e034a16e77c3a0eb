import type { Change } from "../../protocol/events.ts";
import { type Account, isHolding, type Pause, type QuotaWindow } from "../../protocol/limits.ts";
import { isLaterWindow, newlyWarned } from "../limits/usage-warning.ts";
import { LIMIT_GATHER_MS, type LimitNotificationsOptions } from "./limit-notifications.ts";
import { usageNote } from "./limit-notes.ts";

export interface UsageNotificationsOptions extends LimitNotificationsOptions {
  /** The accounts as they are now: what is much already has been told of. */
  readonly accounts: readonly Account[];
  readonly pauses: readonly Pause[];
  /** The person's setting. */
  readonly warnAtPercent: () => number;
}

const subjectOf = (accountId: string) => `usage:${accountId}`;
const keyOf = (accountId: string, { kind, model }: QuotaWindow) => JSON.stringify([accountId, kind, model]);

/** Tells the person on the desktop that much of an account's allowance is used, before it is used up. */
export class UsageNotifications {
  readonly #options: UsageNotificationsOptions;
  readonly #accounts: Map<string, Account>;
  /** The pauses that hold, with their accounts. */
  readonly #holding = new Map<string, string>();
  readonly #subscription: { dispose(): void };
  /** The windows that are about to be told of, by account, and what calls that off. */
  readonly #pending = new Map<string, { windows: QuotaWindow[]; cancel: () => void }>();
  /** Every window as it was when it was last told of: an agent's sessions do not all know as much as the latest one. */
  readonly #warned = new Map<string, QuotaWindow>();

  constructor(options: UsageNotificationsOptions) {
    this.#options = options;
    this.#accounts = new Map(options.accounts.map((account) => [account.id, account]));
    for (const pause of options.pauses) this.#pauseChanged(pause);
    this.#subscription = options.subscribe((events) => {
      for (const { change } of events) this.#changed(change);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const { cancel } of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #changed(change: Change): void {
    if (change.type === "account.changed") this.#accountChanged(change.account);
    else if (change.type === "pause.changed") this.#pauseChanged(change.pause);
  }

  #accountChanged(account: Account): void {
    const before = this.#accounts.get(account.id);
    this.#accounts.set(account.id, account);
    const windows = newlyWarned(before, account, this.#options.warnAtPercent()).filter((window) => {
      const last = this.#warned.get(keyOf(account.id, window));
      return !last || isLaterWindow(last, window);
    });
    if (windows.length === 0 || this.#isPaused(account.id)) return;
    for (const window of windows) this.#warned.set(keyOf(account.id, window), window);
    const pending = this.#pending.get(account.id);
    if (pending) {
      pending.windows.push(...windows);
      return;
    }
    const cancel = this.#options.clock.schedule(LIMIT_GATHER_MS, () => this.#tell(account.id));
    this.#pending.set(account.id, { windows, cancel });
  }

  /** Who hears of a pause needs no warning of it. */
  #pauseChanged(pause: Pause): void {
    if (!isHolding(pause)) {
      this.#holding.delete(pause.id);
      return;
    }
    this.#holding.set(pause.id, pause.accountId);
    this.#pending.get(pause.accountId)?.cancel();
    this.#pending.delete(pause.accountId);
  }

  #isPaused(accountId: string): boolean {
    return [...this.#holding.values()].includes(accountId);
  }

  #tell(accountId: string): void {
    const { desktop, isTold, now } = this.#options;
    const windows = this.#pending.get(accountId)?.windows ?? [];
    const account = this.#accounts.get(accountId);
    this.#pending.delete(accountId);
    if (account && isTold(null)) desktop.show(usageNote(account, windows, now()), subjectOf(accountId));
  }
}
