/** The sessions whose files do not tell the latest yet, and since which event each. */
export class SessionsBehind {
  readonly #since = new Map<string, number>();
  #heard: number;

  /** @param heard the last event that is known of */
  constructor(heard: number) {
    this.#heard = heard;
  }

  get isEmpty(): boolean {
    return this.#since.size === 0;
  }

  /** The events up to this one are in the files. */
  get written(): number {
    let written = this.#heard;
    for (const seq of this.#since.values()) written = Math.min(written, seq - 1);
    return Math.max(0, written);
  }

  heard(seq: number): void {
    this.#heard = Math.max(this.#heard, seq);
  }

  /** Event `seq` has changed a session; one that is behind already is so since an earlier one. */
  add(sessionId: string, seq: number): void {
    this.#since.set(sessionId, Math.min(seq, this.#since.get(sessionId) ?? seq));
  }

  /** So many of them, those that have waited longest first; they are not behind any more. */
  take(count: number): string[] {
    const taken = [...this.#since.keys()].slice(0, count);
    for (const sessionId of taken) this.#since.delete(sessionId);
    return taken;
  }
}
