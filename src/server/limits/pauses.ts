import { TallyError } from "../../protocol/errors.ts";
import type { Account, Pause } from "../../protocol/limits.ts";
import { newPauseId } from "../ids.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { holds, isOfPause, isSameLimit, type LimitHit, manualPause, newPause, withHit } from "./pause-rules.ts";

export interface PausesOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  /** A random time to wait after a reset. */
  readonly jitterMs: () => number;
}

/** The limits that are in force, and how they begin, change and end. All of it is in the store, so that none is lost. */
export class Pauses {
  readonly #options: PausesOptions;

  constructor(options: PausesOptions) {
    this.#options = options;
  }

  /** Those that have not ended, the oldest first. */
  open(): Pause[] {
    return this.#options.store.openPauses();
  }

  /** What holds a launch on this account that names this model; of several, the pause that ends last. */
  holding(accountId: string, model: string | null): Pause | null {
    const found = this.open().filter((pause) => holds(pause, accountId, model));
    return found.reduce<Pause | null>(
      (last, pause) => (last === null || (pause.until ?? Infinity) > (last.until ?? Infinity) ? pause : last),
      null,
    );
  }

  /**
   * An agent was stopped by a limit: a pause begins, or one that is open is told better, or goes on.
   * @param fallback stands for the hit's account where that is not kept.
   * @returns the pause; for old news the one that has ended since.
   */
  hit(hit: LimitHit, fallback: Account): Pause {
    const { store, log, now, jitterMs } = this.#options;
    const account = store.account(hit.accountId) ?? { ...fallback, id: hit.accountId };
    const timing = { now: now(), jitterMs: jitterMs() };
    const known = this.open().find((pause) => isOfPause(pause, hit));
    if (!known) {
      // A pause that ends in the time to come ended before the clock was set back.
      const isOld = (ended: Pause) =>
        isSameLimit(ended, hit) && ended.endedAt !== null && hit.at <= ended.endedAt && ended.endedAt <= timing.now;
      const ended = store.endedPauses(hit.accountId).find(isOld);
      if (ended) return ended;
      const pause = newPause(newPauseId(), account, hit, timing);
      log.info("pause begins", { id: pause.id, account: account.id, kind: pause.kind, until: pause.until });
      return this.#put(pause, account);
    }
    const pause = withHit(known, hit, timing);
    if (pause === known) return known;
    log.info("pause changed", { id: pause.id, until: pause.until, tries: pause.tries, isInForce: pause.isInForce });
    return this.#put(pause);
  }

  /** A person pauses an account; a pause of theirs that it has is set anew. */
  startByHand(account: Account, given: { until: number | null; reason: string | undefined }): Pause {
    const now = this.#options.now();
    if (given.until !== null && given.until <= now) {
      throw new TallyError("invalid-request", "That time is over already. Give one that is to come.");
    }
    const known = this.open().find((pause) => pause.kind === "manual" && pause.accountId === account.id);
    const pause = manualPause(known?.id ?? newPauseId(), account, given, now);
    return this.#put(known ? { ...pause, since: known.since, createdAt: known.createdAt } : pause, account);
  }

  /** A person lifts a pause. @throws {TallyError} `pause-not-found` */
  lift(id: string): Pause {
    const pause = this.#options.store.pause(id);
    if (pause?.endedAt === null) return this.#end(pause, "lifted");
    throw new TallyError("pause-not-found", `There is no pause ${id} in force. See them with: tally limits`);
  }

  /** The limit is there no longer. */
  reset(pause: Pause): Pause {
    return this.#end(pause, "reset");
  }

  #end(pause: Pause, endedBy: "reset" | "lifted"): Pause {
    const { log, now } = this.#options;
    log.info("pause ended", { id: pause.id, endedBy });
    return this.#put({ ...pause, endedAt: now(), endedBy, nextTryAt: null, updatedAt: now() });
  }

  /** @param account kept with it, where it is not yet. */
  #put(pause: Pause, account?: Account): Pause {
    const { store } = this.#options;
    store.change((transaction) => {
      if (account && !store.account(account.id)) transaction.putAccount(account);
      transaction.putPause(pause);
    });
    return pause;
  }
}
