import type { Account, Pause } from "../../../protocol/limits.ts";
import { type PauseStatus, wrappedAgent } from "../../../protocol/wrapper-api.ts";

export interface AccountPauseOptions {
  readonly accounts: { defaultOf(agent: string): Account };
  readonly pauses: {
    open(): Pause[];
    holding(accountId: string, model: string | null): Pause | null;
    startByHand(account: Account, given: { until: number | null; reason: string | undefined }): Pause;
    lift(id: string): Pause;
  };
}

/** The pause of the account that wrappers mean. */
export class AccountPause {
  readonly #options: AccountPauseOptions;

  constructor(options: AccountPauseOptions) {
    this.#options = options;
  }

  status(): PauseStatus {
    const { pauses } = this.#options;
    const pause = pauses.holding(this.#account().id, null);
    return {
      isPaused: pause !== null,
      pausedAt: pause && isoTime(pause.since),
      resumeAt: pause?.until ? isoTime(pause.until) : null,
      reason: pause?.reason ?? null,
      daemonStatus: "running",
    };
  }

  /** Pauses it by hand. @throws {TallyError} `invalid-request` when `resumeAt` is over. */
  start(resumeAt: number | null, reason: string | undefined): PauseStatus {
    this.#options.pauses.startByHand(this.#account(), { until: resumeAt, reason });
    return this.status();
  }

  /** Lifts what was paused by hand. A usage limit is the agent's, and goes with its reset. */
  lift(): PauseStatus {
    const { id } = this.#account();
    const { pauses } = this.#options;
    for (const pause of pauses.open()) if (pause.kind === "manual" && pause.accountId === id) pauses.lift(pause.id);
    return this.status();
  }

  #account(): Account {
    return this.#options.accounts.defaultOf(wrappedAgent);
  }
}

/** What ISO 8601 can say with four digits for the year. */
const LAST_MS = Date.UTC(9999, 11, 31);

function isoTime(ms: number): string {
  return new Date(Math.min(ms, LAST_MS)).toISOString();
}
