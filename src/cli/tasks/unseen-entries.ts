import type { OutputEntry } from "../../protocol/tasks.ts";

/**
 * Leaves out what was shown already: each connection tells from the start what a task has done. What Tally says of a run is counted
 * apart from what its agent did, as another gateway may say more or less of it.
 */
export class UnseenEntries {
  readonly #seen = { notes: 0, others: 0 };
  #told = { notes: 0, others: 0 };

  /** @param isAnew the entries are the first ones of a connection. */
  of(entries: readonly OutputEntry[], isAnew: boolean): OutputEntry[] {
    if (isAnew) this.#told = { notes: 0, others: 0 };
    return entries.filter(({ kind }) => {
      const sort = kind === "note" ? "notes" : "others";
      this.#told[sort] += 1;
      if (this.#told[sort] <= this.#seen[sort]) return false;
      this.#seen[sort] = this.#told[sort];
      return true;
    });
  }
}
