import fc from "fast-check";
import type { Session, Task } from "../../src/protocol/entities.ts";
import type { TaskRun } from "../../src/protocol/tasks.ts";
import type { Store, Transaction } from "../../src/server/store/store.ts";
import { aRun, aTask } from "./entities.ts";

type Change = (transaction: Transaction) => void;

/** A few changes that happen together, or not at all. */
export interface StoreStep {
  readonly changes: readonly Change[];
  readonly fails: boolean;
}

interface Drawn {
  readonly task: fc.Arbitrary<Task>;
  readonly sessionId: fc.Arbitrary<string>;
  /** The session of that id, as it begins. */
  readonly begun: (id: string) => Session;
  /** How often a task is removed, where eight are put. */
  readonly removals: number;
}

/** What happens to a store one after the other, with sessions that come and go under their tasks. */
export function storeSteps({ task, sessionId, begun, removals }: Drawn): fc.Arbitrary<StoreStep[]> {
  const change: fc.Arbitrary<Change> = fc.oneof(
    { weight: 8, arbitrary: task.map((each) => (transaction: Transaction) => transaction.putTask(each)) },
    {
      weight: removals,
      arbitrary: task.map(
        ({ id }) =>
          (transaction: Transaction) =>
            transaction.removeTask(id),
      ),
    },
    { weight: 1, arbitrary: sessionId.map((id) => (transaction: Transaction) => transaction.removeSession(id)) },
    { weight: 1, arbitrary: sessionId.map((id) => (transaction: Transaction) => transaction.putSession(begun(id))) },
  );
  const step = fc.record({
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
    fails: fc.constantFrom(false, false, true),
  });
  return fc.array(step, { maxLength: 25 });
}

/** Only a task of the queue has a way in which it is done: of any other, what was drawn for it is left out. */
export function drawnTask({ via, ...fields }: Partial<Task> & Pick<TaskRun, "via">): Task {
  return fields.kind === "run" ? aRun({ ...fields, run: { ...aRun().run!, via } }) : aTask(fields);
}

/** Tasks of a session that is not there any more are refused by the database, and then nothing has happened. */
export function applyStep(store: Store, { changes, fails }: StoreStep): void {
  try {
    store.change((transaction) => {
      for (const each of changes) each(transaction);
      if (fails) throw new Error("half-way");
    });
  } catch (error) {
    if (!/half-way|FOREIGN KEY/.test(String(error))) throw error;
  }
}
