import { isDeepStrictEqual } from "node:util";
import { TallyError } from "../../../protocol/errors.ts";
import type { HelperProcess } from "../../../protocol/worktrees.ts";
import type { Store } from "../../store/store.ts";
import { type KeptProcess, readKeptProcess } from "./kept-process.ts";

/** The processes of the store: read, and written with what is kept of them. */
export class ProcessRows {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  all(): HelperProcess[] {
    return this.#store.processes();
  }

  of(worktreeId: string): HelperProcess[] {
    return this.#store.processesOf(worktreeId);
  }

  find(id: string): HelperProcess | null {
    return this.#store.process(id);
  }

  /** @throws {TallyError} `process-not-found` */
  get(id: string): HelperProcess {
    const process = this.#store.process(id);
    if (process) return process;
    throw new TallyError("process-not-found", `There is no process ${id} any more. See them all with: tally list`);
  }

  kept(id: string): KeptProcess {
    return readKeptProcess(this.#store.processInternals(id));
  }

  /** Writes what has changed, if anything has. */
  put(process: HelperProcess, kept?: KeptProcess): HelperProcess {
    const before = this.find(process.id);
    const keeps = kept !== undefined && !(before && isDeepStrictEqual(this.kept(process.id), kept));
    if (before && !keeps && isDeepStrictEqual({ ...process, updatedAt: before.updatedAt }, before)) return before;
    const internals = keeps ? { internals: JSON.stringify(kept) } : undefined;
    this.#store.change((transaction) => {
      transaction.putProcess({ ...process, updatedAt: this.#now() }, internals);
    });
    return this.get(process.id);
  }

  remove(id: string): void {
    if (this.find(id)) this.#store.change((transaction) => transaction.removeProcess(id));
  }
}

/** Whether its program runs, or is just being started. */
export function isLive({ startedAt, endedAt }: HelperProcess): boolean {
  return startedAt !== null && endedAt === null;
}
