export interface IdleOptions {
  readonly idleMs: number;
  /** Whether anything needs the gateway: a client, a live session, queued work. */
  readonly isNeeded: () => boolean;
  readonly onIdle: () => void;
}

/** Calls `onIdle` once nothing has needed the gateway, and nobody has asked anything of it, for `idleMs`. */
export class IdleWatch {
  readonly #options: IdleOptions;
  #timer: NodeJS.Timeout;

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#timer = this.#arm();
  }

  /** Something happened: the time starts anew. */
  touch(): void {
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): NodeJS.Timeout {
    return setTimeout(() => {
      if (this.#options.isNeeded()) this.#timer = this.#arm();
      else this.#options.onIdle();
    }, this.#options.idleMs);
  }
}
