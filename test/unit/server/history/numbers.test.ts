import assert from "node:assert/strict";
import fc from "fast-check";
import { type Task, taskKindSchema } from "../../../../src/protocol/entities.ts";
import type { TallyEvent } from "../../../../src/protocol/events.ts";
import type { SessionStats } from "../../../../src/protocol/history.ts";
import { taskStateSchema } from "../../../../src/protocol/states.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { aProject, aSession } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";
import { applyStep, drawnTask, storeSteps } from "../../../support/store-steps.ts";

const sessionIds = ["session1", "session2", "session3"];
const sessionId = fc.constantFrom(...sessionIds);
const moment = fc.integer({ min: 0, max: 5_000 });

const task: fc.Arbitrary<Task> = fc
  .record({
    id: fc.constantFrom("task1", "task2", "task3", "task4", "task5"),
    sessionId: fc.option(sessionId),
    kind: fc.constantFrom(...taskKindSchema.options),
    via: fc.constantFrom("headless", "terminal", null),
    state: fc.constantFrom(...taskStateSchema.options),
    createdAt: moment,
    startedAt: fc.option(moment),
    endedAt: fc.option(moment),
  })
  .map(drawnTask);

const begun = (id: string) => aSession({ id });

const steps = storeSteps({ task, sessionId, begun, removals: 2 });

/** What the log says that each session's numbers are, from its last word on each task. */
function recomputed(events: readonly TallyEvent[]): Map<string, SessionStats> {
  const tasks = new Map<string, Task>();
  const sessions = new Set<string>();
  for (const { change } of events) {
    if (change.type === "task.changed") tasks.set(change.task.id, change.task);
    if (change.type === "task.removed") tasks.delete(change.id);
    if (change.type === "session.changed") sessions.add(change.session.id);
    if (change.type === "session.removed") sessions.delete(change.id);
  }
  return new Map(
    [...sessions].map((id) => [id, numbersOf([...tasks.values()].filter((each) => each.sessionId === id))]),
  );
}

function numbersOf(tasks: readonly Task[]): SessionStats {
  const counted = tasks.filter(({ kind, run }) => kind === "prompt" || run?.via === "headless");
  const count = (state: Task["state"]) => counted.filter((each) => each.state === state).length;
  const durations = counted.map(({ createdAt, startedAt, endedAt }) => (endedAt ?? 0) - (startedAt ?? createdAt));
  return {
    totalTasks: counted.length,
    completedTasks: count("DONE"),
    failedTasks: count("ERROR"),
    cancelledTasks: count("CANCELLED"),
    executionMs: durations.reduce(
      (sum, duration, index) => sum + (counted[index]!.endedAt === null ? 0 : Math.max(0, duration)),
      0,
    ),
  };
}

describe("the numbers of a session's history", () => {
  it("are those that the event log comes to, whatever happens", async () => {
    const folder = await tempFolder();
    let runs = 0;
    try {
      fc.assert(
        fc.property(steps, (all) => {
          const store = new Store(openDatabase(`${folder.path}/${(runs += 1)}.db`), () => 7);
          try {
            store.change((transaction) => {
              transaction.putProject(aProject(), { givenName: null });
              for (const id of sessionIds) transaction.putSession(begun(id));
            });
            for (const each of all) applyStep(store, each);
            const expected = recomputed(store.eventsSince(0) ?? []);
            const stored = new Map(store.sessionIds().map((id) => [id, store.sessionStats(id)]));
            assert.deepEqual(stored, new Map([...expected].toSorted()));
          } finally {
            store.close();
          }
        }),
        { numRuns: 60 },
      );
    } finally {
      await folder.dispose();
    }
  });
});
