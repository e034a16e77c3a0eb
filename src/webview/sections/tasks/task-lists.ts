import { isQueued } from "../../../presentation/queue-rows.ts";
import type { Task } from "../../../protocol/entities.ts";
import { isTaskEnded } from "../../../protocol/states.ts";

/** Which tasks are shown. */
export const taskViews = ["all", "queue", "failed", "done", "prompts"] as const;
export type TaskView = (typeof taskViews)[number];

export interface TaskLists {
  /** What agents work on, those that Tally began first. */
  readonly underWay: readonly Task[];
  /** What waits, in the order in which it is going to run. */
  readonly waiting: readonly Task[];
  /** What is over, and in the view of prompts those that are not too; the latest first. */
  readonly past: readonly Task[];
}

const nothing: readonly Task[] = [];

/** The tasks of a view in their order. */
export function taskLists(tasks: Iterable<Task>, view: TaskView): TaskLists {
  const shown = [...tasks].filter((task) => isOfView(task, view));
  if (view === "prompts") return { underWay: nothing, waiting: nothing, past: shown.sort(byCreation) };
  return {
    underWay: shown.filter((task) => !isTaskEnded(task.state) && !isQueued(task)).sort(byBeginning),
    waiting: shown.filter(isQueued).sort(byPosition),
    past: shown.filter(({ state }) => isTaskEnded(state)).sort(byEnd),
  };
}

/** How many tasks each view has. */
export function countTasks(tasks: Iterable<Task>): Readonly<Record<TaskView, number>> {
  const counts = { all: 0, queue: 0, failed: 0, done: 0, prompts: 0 };
  for (const task of tasks) {
    for (const view of taskViews) if (isOfView(task, view)) counts[view] += 1;
  }
  return counts;
}

/** How many tasks of the queue run, and how many wait. */
export function countQueue(tasks: Iterable<Task>): { readonly running: number; readonly waiting: number } {
  const counts = { running: 0, waiting: 0 };
  for (const task of tasks) {
    if (isQueued(task)) counts.waiting += 1;
    else if (task.kind === "run" && !isTaskEnded(task.state)) counts.running += 1;
  }
  return counts;
}

function isOfView({ kind, state }: Task, view: TaskView): boolean {
  // What stands for a whole session is the session's own row.
  if (kind === "root") return false;
  if (kind === "prompt") return view === "prompts";
  switch (view) {
    case "all":
      return true;
    case "queue":
      return !isTaskEnded(state);
    case "failed":
      return state === "ERROR";
    case "done":
      return state === "DONE";
    case "prompts":
      return false;
  }
}

/** Those that wait behind another task which is done in the same place. */
export function behindOthers({ underWay, waiting }: TaskLists): ReadonlySet<string> {
  const places = new Set(underWay.filter(({ kind }) => kind === "run").map(placeOf));
  const behind = new Set<string>();
  for (const task of waiting) {
    if (places.has(placeOf(task))) behind.add(task.id);
    places.add(placeOf(task));
  }
  return behind;
}

function placeOf({ worktreeId, projectId }: Task): string {
  return worktreeId ?? projectId;
}

function byBeginning(a: Task, b: Task): number {
  return (
    Number(b.kind === "run") - Number(a.kind === "run") ||
    (a.startedAt ?? a.createdAt) - (b.startedAt ?? b.createdAt) ||
    compareIds(a, b)
  );
}

function byPosition(a: Task, b: Task): number {
  return (a.position ?? 0) - (b.position ?? 0) || a.createdAt - b.createdAt || compareIds(a, b);
}

function byEnd(a: Task, b: Task): number {
  return (b.endedAt ?? b.updatedAt) - (a.endedAt ?? a.updatedAt) || compareIds(a, b);
}

function byCreation(a: Task, b: Task): number {
  return b.createdAt - a.createdAt || compareIds(a, b);
}

function compareIds(a: Task, b: Task): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
