import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Store } from "../store/store.ts";
import { type Journal, readJournal } from "./journal.ts";

/** The worktrees of the store: read, and written with their journals. */
export class WorktreeRows {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  all(): Worktree[] {
    return this.#store.worktrees();
  }

  /** @throws {TallyError} `worktree-not-found` */
  get(id: string): Worktree {
    const worktree = this.#store.worktree(id);
    if (worktree) return worktree;
    throw new TallyError("worktree-not-found", "There is no such worktree any more. See them all with: tally list");
  }

  find(id: string): Worktree | null {
    return this.#store.worktree(id);
  }

  /** @throws {TallyError} `worktree-not-ready` for one that Tally neither made nor adopted */
  journal(id: string): Journal {
    const journal = readJournal(this.#store.worktreeJournal(id));
    if (journal) return journal;
    const { name, path } = this.get(id);
    throw new TallyError(
      "worktree-not-ready",
      `Worktree ${name} was not made by Tally. Adopt it first: tally adopt ${path}`,
    );
  }

  put(worktree: Worktree, journal?: Journal): Worktree {
    const internals = journal === undefined ? undefined : { journal: JSON.stringify(journal) };
    this.#store.change((transaction) => transaction.putWorktree(worktree, internals));
    return this.get(worktree.id);
  }

  /** Changes some of it, and of its journal, if it is still there. */
  update(id: string, change: Partial<Worktree>, journal: Partial<Journal> = {}): void {
    const worktree = this.#store.worktree(id);
    if (!worktree) return;
    const kept = Object.keys(journal).length === 0 ? undefined : { ...this.journal(id), ...journal };
    this.put({ ...worktree, ...change, updatedAt: this.#now() }, kept);
  }
}

/** Whether Tally made or adopted it: what is only seen is neither changed nor removed. */
export function isManaged({ status }: Pick<Worktree, "status">): boolean {
  return status !== "seen";
}
