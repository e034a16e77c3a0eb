import type { Model } from "../protocol/model.ts";
import type { Session } from "../protocol/entities.ts";
import { isProlonged } from "../protocol/limit-outcomes.ts";
import type { Account, Pause, QuotaWindow } from "../protocol/limits.ts";
import { goesOnByItself } from "../presentation/continuation-words.ts";
import { beganText, endedText, prolongedText, usageText } from "../presentation/limit-notice-words.ts";
import type { PacerClock } from "./output-pacer.ts";
import type { Place } from "./waiting-notices.ts";

/** What the person is told of a limit, once. */
export interface LimitNotice {
  readonly kind: "began" | "prolonged" | "ended" | "usage";
  readonly text: string;
  /** The pause that began and can be lifted without meeting the limit again. */
  readonly liftable: string | null;
}

export interface LimitNoticesOptions {
  readonly tell: (notice: LimitNotice) => void;
  readonly place: () => Pick<Place, "isForemost" | "notifications">;
  /** Tells of a window of which so much is used; 0: never. */
  readonly warnAtPercent: () => number;
  readonly clock: PacerClock;
  /** Milliseconds since the epoch, for what is said. */
  readonly now: () => number;
}

/** Sessions that one limit stops become paused one after the other; they are told of together. */
export const GATHER_MS = 1_500;
/** Whatever has not gone on by then is said to be still to come. */
export const OUTCOME_MS = 5 * 60_000;

/** Tells the person in this window that a pause begins, is prolonged or has ended, and that much is used: each once. */
export class LimitNotices {
  readonly #options: LimitNoticesOptions;
  /** Undefined before the first model: what is paused already when the window opens is on the tree, and is not announced. */
  #model: Model | undefined;
  /** Begun, and not told yet. */
  readonly #beginning = new Map<string, () => void>();
  /** Prolonged, and not told yet. */
  readonly #prolonging = new Map<string, () => void>();
  /** Ended, and waiting to hear what became of its sessions. */
  readonly #ending = new Map<string, { readonly pause: Pause; isGathered: boolean; readonly cancel: (() => void)[] }>();
  /** Windows that are known to be above the threshold. */
  readonly #warned = new Set<string>();
  /** Pauses that were made from this window: the person knows. */
  readonly #silenced = new Set<string>();

  constructor(options: LimitNoticesOptions) {
    this.#options = options;
  }

  /** The person has made, or lifted, this pause here. */
  silence(pauseId: string): void {
    this.#silenced.add(pauseId);
  }

  /** After every change of the model. */
  update(model: Model): void {
    const before = this.#model?.storeId === model.storeId ? this.#model : undefined;
    this.#model = model;
    this.#updateUsage(model, before === undefined);
    if (!before) return;
    for (const pause of model.pauses.values()) {
      const known = before.pauses.get(pause.id);
      if (pause.isInForce && !known?.isInForce) this.#begin(pause.id);
      else if (known && isProlonged(known, pause)) this.#prolong(pause.id);
    }
    for (const pause of before.pauses.values()) {
      if (pause.isInForce && !model.pauses.has(pause.id)) this.#end(pause);
    }
    this.#tellOutcomes();
  }

  dispose(): void {
    for (const cancel of [...this.#beginning.values(), ...this.#prolonging.values()]) cancel();
    for (const { cancel } of this.#ending.values()) cancel.forEach((call) => call());
    this.#beginning.clear();
    this.#prolonging.clear();
    this.#ending.clear();
  }

  #begin(id: string): void {
    this.#beginning.get(id)?.();
    const cancel = this.#options.clock.schedule(GATHER_MS, () => {
      this.#beginning.delete(id);
      const pause = this.#model?.pauses.get(id);
      if (!pause?.isInForce || this.#silenced.has(id)) return;
      const text = beganText(pause, this.#stoppedBy(id), this.#options.now());
      this.#tell({ kind: "began", text, liftable: pause.kind === "manual" ? id : null });
    });
    this.#beginning.set(id, cancel);
  }

  #prolong(id: string): void {
    // Who is still to be told of it hears how it is then.
    if (this.#beginning.has(id) || this.#prolonging.has(id)) return;
    const cancel = this.#options.clock.schedule(GATHER_MS, () => {
      this.#prolonging.delete(id);
      const pause = this.#model?.pauses.get(id);
      if (!pause) return;
      const text = prolongedText(pause, this.#stoppedBy(id), this.#options.now());
      this.#tell({ kind: "prolonged", text, liftable: null });
    });
    this.#prolonging.set(id, cancel);
  }

  #end(pause: Pause): void {
    this.#prolonging.get(pause.id)?.();
    this.#prolonging.delete(pause.id);
    const untold = this.#beginning.get(pause.id);
    untold?.();
    this.#beginning.delete(pause.id);
    // It came and went before anybody was told of it.
    if (untold) return;
    const { clock } = this.#options;
    const ending = { pause, isGathered: false, cancel: [] as (() => void)[] };
    this.#ending.set(pause.id, ending);
    ending.cancel.push(
      clock.schedule(GATHER_MS, () => {
        ending.isGathered = true;
        this.#tellOutcomes();
      }),
      clock.schedule(OUTCOME_MS, () => this.#tellEnd(pause)),
    );
  }

  /** Tells of the pauses of which all sessions have gone on, or will not. */
  #tellOutcomes(): void {
    for (const { pause, isGathered } of [...this.#ending.values()]) {
      if (isGathered && !this.#stoppedBy(pause.id).some(goesOnByItself)) this.#tellEnd(pause);
    }
  }

  #tellEnd(pause: Pause): void {
    this.#ending.get(pause.id)?.cancel.forEach((call) => call());
    this.#ending.delete(pause.id);
    const stopped = this.#stoppedBy(pause.id);
    if (stopped.length === 0 && this.#silenced.has(pause.id)) return;
    this.#tell({ kind: "ended", text: endedText(pause, stopped), liftable: null });
  }

  #updateUsage({ accounts }: Model, isFirst: boolean): void {
    const threshold = this.#options.warnAtPercent();
    for (const account of accounts.values()) {
      for (const quota of account.quotas) this.#updateQuota(account, quota, { threshold, isFirst });
    }
  }

  #updateQuota(
    account: Account,
    quota: QuotaWindow,
    { threshold, isFirst }: { threshold: number; isFirst: boolean },
  ): void {
    const key = JSON.stringify([account.id, quota.kind, quota.model]);
    if (threshold === 0 || quota.usedPercent < threshold) {
      this.#warned.delete(key);
      return;
    }
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    // All of it used is a limit, which has a notice of its own.
    if (isFirst || quota.usedPercent >= 100) return;
    this.#tell({ kind: "usage", text: usageText(account, quota, this.#options.now()), liftable: null });
  }

  #stoppedBy(pauseId: string): readonly Session[] {
    return [...(this.#model?.sessions.values() ?? [])].filter(({ continuation }) => continuation?.pauseId === pauseId);
  }

  #tell(notice: LimitNotice): void {
    const { isForemost, notifications } = this.#options.place();
    if (isForemost && (notifications === "editor" || notifications === "both")) this.#options.tell(notice);
  }
}
