/** Does things one after the other for each key, and things of different keys beside each other. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Resolves or rejects as `act` does, which begins when what was to be done before it is over. */
  do<T>(key: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const done = before ? before.then(act, act) : act();
    this.#last.set(key, done);
    const forget = () => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    };
    done.then(forget, forget);
    return done;
  }
}
