import type { TallyEvent } from "../../protocol/events.ts";
import type { Store } from "../store/store.ts";
import type { RunPrograms } from "./run-programs.ts";
import type { TaskOrders } from "./task-orders.ts";

export interface TaskLeftoversOptions {
  readonly store: Store;
  readonly programs: Pick<RunPrograms, "removeFiles" | "prune">;
  readonly orders: Pick<TaskOrders, "forget">;
}

/** How many tasks' output stays to be looked at after they have ended. */
const OUTPUTS_KEPT = 500;
/** So many may end before that is looked at again. */
const PRUNE_EVERY = 100;

/** Clears away what a task needs no more once it has ended, or was removed: its environment, and after a while what it wrote. */
export class TaskLeftovers {
  readonly #options: TaskLeftoversOptions;
  #subscription: { dispose(): void } | undefined;
  #endedSincePrune = 0;

  constructor(options: TaskLeftoversOptions) {
    this.#options = options;
  }

  start(): void {
    this.#prune();
    this.#subscription = this.#options.store.subscribe((events) => this.#heard(events));
  }

  stop(): void {
    this.#subscription?.dispose();
  }

  #heard(events: readonly TallyEvent[]): void {
    const { orders, programs } = this.#options;
    for (const { change } of events) {
      if (change.type === "task.removed") {
        orders.forget(change.id);
        programs.removeFiles(change.id);
      } else if (change.type === "task.changed" && change.task.kind === "run" && change.task.endedAt !== null) {
        orders.forget(change.task.id);
        this.#endedSincePrune += 1;
      }
    }
    if (this.#endedSincePrune >= PRUNE_EVERY) this.#prune();
  }

  #prune(): void {
    const { store, programs } = this.#options;
    this.#endedSincePrune = 0;
    const latest = store.tasksPage({ kind: "run", limit: OUTPUTS_KEPT }).tasks;
    programs.prune(new Set([...latest, ...store.openRuns()].map(({ id }) => id)));
  }
}
