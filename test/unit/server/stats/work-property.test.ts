import assert from "node:assert/strict";
import fc from "fast-check";
import { type Task, taskKindSchema, type Usage } from "../../../../src/protocol/entities.ts";
import type { TallyEvent } from "../../../../src/protocol/events.ts";
import { taskStateSchema } from "../../../../src/protocol/states.ts";
import { openDatabase } from "../../../../src/server/store/database.ts";
import { Store } from "../../../../src/server/store/store.ts";
import { aProject, aSession, aTask } from "../../../support/entities.ts";
import { tempFolder } from "../../../support/repositories.ts";
import { applyStep, drawnTask, storeSteps } from "../../../support/store-steps.ts";

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOURS = 4;
const SESSION_BEGAN = 60 * MINUTE_MS;

const sessionIds = ["session1", "session2"];
const sessionId = fc.constantFrom(...sessionIds);
const moment = fc.integer({ min: 0, max: HOURS * 60 }).map((minutes) => minutes * MINUTE_MS);
const count = fc.integer({ min: 0, max: 1_000 });
const cost = fc.option(fc.integer({ min: 0, max: 64 }).map((eighths) => eighths / 8));
const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  costUsd: cost,
});

const task: fc.Arbitrary<Task> = fc
  .record({
    id: fc.constantFrom("task1", "task2", "task3", "task4"),
    sessionId: fc.option(sessionId),
    projectId: fc.constantFrom("project1", "project2"),
    agent: fc.constantFrom("claude", "codex"),
    kind: fc.constantFrom("prompt", ...taskKindSchema.options),
    via: fc.constantFrom("headless", "terminal", null),
    state: fc.constantFrom(...taskStateSchema.options),
    createdAt: moment,
    updatedAt: moment,
    startedAt: fc.option(moment),
    endedAt: fc.option(moment),
    usage: fc.option(usage),
  })
  .map(drawnTask);

const begun = (id: string) => aSession({ id, createdAt: SESSION_BEGAN });

const steps = storeSteps({ task, sessionId, begun, removals: 1 });

/** What the log says was done: how each task ended last, wherever it went then, and what each of its words added to its usage. */
function recomputed(events: readonly TallyEvent[]): Map<string, number[]> {
  const work = new Map<string, number[]>();
  const tasks = new Map<string, Task>();
  const add = (at: number, { agent, projectId }: Task, numbers: readonly number[]) => {
    const key = `${Math.floor(at / QUARTER_MS)} ${agent} ${projectId}`;
    work.set(
      key,
      numbers.map((number, index) => number + (work.get(key)?.[index] ?? 0)),
    );
  };
  const over = (last: Task | undefined) => {
    if (!last || !isCounted(last) || last.endedAt === null) return;
    const outcome = ["DONE", "ERROR", "CANCELLED"].map((state) => Number(last.state === state));
    const tookMs = Math.max(0, last.endedAt - (last.startedAt ?? last.createdAt));
    if (outcome.includes(1)) add(last.endedAt, last, [...outcome, tookMs, 0, 0, 0, 0, 0]);
  };
  for (const { change } of events) {
    if (change.type === "task.changed") {
      const before = countsOf(tasks.get(change.task.id)?.usage ?? null);
      const more = countsOf(change.task.usage).map((number, index) => number - before[index]!);
      if (isCounted(change.task)) add(change.task.updatedAt, change.task, [0, 0, 0, 0, ...more]);
      tasks.set(change.task.id, change.task);
    }
    if (change.type === "task.removed") {
      over(tasks.get(change.id));
      tasks.delete(change.id);
    }
  }
  for (const last of tasks.values()) over(last);
  return withoutNothing(work);
}

function isCounted({ kind, run, sessionId: session, createdAt }: Task): boolean {
  if (session === null) return false;
  return kind === "prompt" ? createdAt >= SESSION_BEGAN : run?.via === "headless";
}

function countsOf(of: Usage | null): number[] {
  return [of?.inputTokens, of?.outputTokens, of?.cacheReadTokens, of?.cacheWriteTokens, of?.costUsd].map(
    (number) => number ?? 0,
  );
}

function stored(store: Store): Map<string, number[]> {
  const work = new Map<string, number[]>();
  for (let quarter = 0; quarter <= HOURS * 4; quarter++) {
    for (const row of store.workBetween(quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS)) {
      const { agent, projectId, done, failed, cancelled, executionMs } = row;
      work.set(`${quarter} ${agent} ${projectId}`, [done, failed, cancelled, executionMs, ...countsOf(row)]);
    }
  }
  return withoutNothing(work);
}

function withoutNothing(work: ReadonlyMap<string, number[]>): Map<string, number[]> {
  return new Map([...work].filter(([, numbers]) => numbers.some((number) => number !== 0)).toSorted());
}

describe("the work done", () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let runs = 0;
  before(async () => {
    folder = await tempFolder();
  });
  after(() => folder.dispose());

  function inStore(look: (store: Store) => void): void {
    const store = new Store(openDatabase(`${folder.path}/${(runs += 1)}.db`), () => 7);
    try {
      store.change((transaction) => {
        for (const id of ["project1", "project2"]) transaction.putProject(aProject({ id }), { givenName: null });
        for (const id of sessionIds) transaction.putSession(begun(id));
      });
      look(store);
    } finally {
      store.close();
    }
  }

  it("is what the event log comes to, whatever happens", () => {
    fc.assert(
      fc.property(steps, (all) => {
        inStore((store) => {
          for (const each of all) applyStep(store, each);
          assert.deepEqual(stored(store), recomputed(store.eventsSince(0) ?? []));
        });
      }),
      { numRuns: 40 },
    );
  });

  it("has cost the most that the session told, or its tasks where they tell of more", () => {
    const told = fc.oneof(
      fc.record({ session: fc.option(usage) }),
      fc.record({ task: fc.constantFrom("task1", "task2"), usage: fc.option(usage) }),
    );
    fc.assert(
      fc.property(fc.array(told, { maxLength: 20 }), (all) => {
        inStore((store) => {
          let ofSession = 0;
          const ofTasks = new Map<string, number>();
          for (const each of all) {
            store.change((transaction) => {
              if ("session" in each) transaction.putSession({ ...begun("session1"), usage: each.session });
              else transaction.putTask(prompt(each.task, each.usage));
            });
            if ("session" in each) ofSession = Math.max(ofSession, each.session?.costUsd ?? 0);
            else ofTasks.set(each.task, each.usage?.costUsd ?? 0);
          }
          const tasks = [...ofTasks.values()].reduce((sum, each) => sum + each, 0);
          const [row] = store.workBetween(0, Number.MAX_SAFE_INTEGER);
          assert.equal(row?.costUsd ?? 0, Math.max(ofSession, tasks));
        });
      }),
      { numRuns: 30 },
    );
  });

  it("has cost the same whenever the prompts are read that were before their session", () => {
    const told = fc.oneof(
      fc.record({ session: fc.option(usage) }),
      fc.record({ task: fc.constantFrom("task1", "task2"), usage: fc.option(usage) }),
      fc.record({ past: fc.constantFrom("past1", "past2"), usage: fc.option(usage) }),
    );
    const costOf = (all: readonly (typeof told extends fc.Arbitrary<infer Told> ? Told : never)[]) => {
      let costUsd = 0;
      inStore((store) => {
        for (const each of all) {
          store.change((transaction) => {
            if ("session" in each) transaction.putSession({ ...begun("session1"), usage: each.session });
            else if ("task" in each) transaction.putTask(prompt(each.task, each.usage));
            else transaction.putTask({ ...prompt(each.past, each.usage), createdAt: SESSION_BEGAN - 1 });
          });
        }
        costUsd = store.workBetween(0, Number.MAX_SAFE_INTEGER)[0]?.costUsd ?? 0;
      });
      return costUsd;
    };
    fc.assert(
      fc.property(fc.array(told, { maxLength: 12 }), (all) => {
        const isPast = (each: (typeof all)[number]) => "past" in each;
        const pastFirst = [...all.filter(isPast), ...all.filter((each) => !isPast(each))];
        assert.equal(costOf(all), costOf(pastFirst));
      }),
      { numRuns: 30 },
    );
  });

  const prompt = (id: string, used: Usage | null) =>
    aTask({ id, sessionId: "session1", kind: "prompt", agent: "claude", createdAt: SESSION_BEGAN, usage: used });
});
