import type { TaskWait } from "../../protocol/tasks.ts";

/** A task that waits in the queue. */
export interface WaitingTask {
  readonly id: string;
  readonly title: string;
  readonly accountId: string;
  /** The account's label, for a person. */
  readonly label: string;
  /** The worktree that it writes in, or the folder. */
  readonly place: string;
  /** What keeps it back whatever the others do; null: nothing. */
  readonly wait: TaskWait | null;
}

export interface QueueSituation {
  /** In the order of the queue. */
  readonly waiting: readonly WaitingTask[];
  readonly running: readonly Pick<WaitingTask, "accountId" | "place" | "title">[];
  /** Places where something else works, and who, in words. */
  readonly busyPlaces: ReadonlyMap<string, string>;
  /** Accounts whose limits have only just reset: nothing has shown yet that they are gone. */
  readonly unproven: ReadonlySet<string>;
  readonly maxTasks: number;
  readonly maxTasksPerAccount: number;
  readonly hasMemory: boolean;
}

export interface QueuePlan {
  readonly start: readonly string[];
  /** Why each of the others waits. */
  readonly waits: ReadonlyMap<string, TaskWait>;
}

/**
 * Who begins now. The queue's order counts: in one worktree a task never overtakes an earlier one, unless that waits for a person; elsewhere
 * it does where that one cannot begin.
 */
export function planQueue(situation: QueueSituation): QueuePlan {
  const { maxTasks, maxTasksPerAccount, unproven, busyPlaces } = situation;
  const start: string[] = [];
  const waits = new Map<string, TaskWait>();
  const running = [...situation.running];
  const writers = new Map(running.map(({ place, title }) => [place, worksThere(title)]));
  for (const [place, text] of busyPlaces) if (!writers.has(place)) writers.set(place, text);
  for (const task of situation.waiting) {
    const ofAccount = running.filter(({ accountId }) => accountId === task.accountId).length;
    const wait = ((): TaskWait | null => {
      const writer = writers.get(task.place);
      if (task.wait) return task.wait;
      if (writer !== undefined) return waitFor("writer", writer);
      if (running.length >= maxTasks) return waitFor("slots", `${maxTasks} tasks run already, as many as may.`);
      if (unproven.has(task.accountId) && ofAccount > 0) {
        return waitFor("trial", `Another task tries out whether the limit of ${task.label} is gone.`);
      }
      if (ofAccount >= maxTasksPerAccount) {
        return waitFor("slots", `${maxTasksPerAccount} tasks of ${task.label} run already, as many as may.`);
      }
      return situation.hasMemory ? null : waitFor("memory", "Too little memory is free.");
    })();
    if (wait) {
      waits.set(task.id, wait);
      const isSkipped = wait.kind === "person" || wait.kind === "writer";
      if (!isSkipped) writers.set(task.place, `Task ${task.title} comes first in its worktree.`);
    } else {
      start.push(task.id);
      running.push(task);
      writers.set(task.place, worksThere(task.title));
    }
  }
  return { start, waits };
}

function worksThere(title: string): string {
  return `Task ${title} works in its worktree.`;
}

function waitFor(kind: TaskWait["kind"], text: string): TaskWait {
  return { kind, text, until: null };
}
