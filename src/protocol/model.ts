import type { Project, Session, Task, Worktree } from "./entities.ts";
import type { Change, Snapshot } from "./events.ts";
import type { Account, Pause } from "./limits.ts";
import type { HelperProcess } from "./worktrees.ts";

/** What a client knows, as of event `seq`. Replaced, never mutated, so a view can compare by identity. */
export interface Model {
  /** Of which store, empty before the first snapshot. */
  readonly storeId: string;
  readonly seq: number;
  readonly projects: ReadonlyMap<string, Project>;
  readonly worktrees: ReadonlyMap<string, Worktree>;
  readonly processes: ReadonlyMap<string, HelperProcess>;
  readonly sessions: ReadonlyMap<string, Session>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly accounts: ReadonlyMap<string, Account>;
  /** Those that have not ended. */
  readonly pauses: ReadonlyMap<string, Pause>;
}

export const emptyModel: Model = {
  storeId: "",
  seq: 0,
  projects: new Map(),
  worktrees: new Map(),
  processes: new Map(),
  sessions: new Map(),
  tasks: new Map(),
  accounts: new Map(),
  pauses: new Map(),
};

function byId<T extends { id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

export function modelFromSnapshot(snapshot: Snapshot): Model {
  return {
    storeId: snapshot.storeId,
    seq: snapshot.seq,
    projects: byId(snapshot.projects),
    worktrees: byId(snapshot.worktrees),
    processes: byId(snapshot.processes),
    sessions: byId(snapshot.sessions),
    tasks: byId(snapshot.tasks),
    accounts: byId(snapshot.accounts),
    pauses: byId(snapshot.pauses),
  };
}

/** What a client knows, for one that begins to follow it. */
export function snapshotFromModel(model: Model): Snapshot {
  const { storeId, seq } = model;
  return {
    storeId,
    seq,
    projects: [...model.projects.values()],
    worktrees: [...model.worktrees.values()],
    processes: [...model.processes.values()],
    sessions: [...model.sessions.values()],
    tasks: [...model.tasks.values()],
    accounts: [...model.accounts.values()],
    pauses: [...model.pauses.values()],
  };
}

/** The model after one event. */
export function applyChange(model: Model, seq: number, change: Change): Model {
  return applyChanges(model, seq, [change]);
}

/**
 * The model after events in a row. What none of them is about stays the same object.
 * @param seq of the last of them
 */
export function applyChanges(model: Model, seq: number, changes: readonly Change[]): Model {
  const copies = new Copies(model);
  for (const change of changes) apply(copies, change);
  return { ...model, ...copies.all, seq };
}

interface Entities {
  readonly projects: Project;
  readonly worktrees: Worktree;
  readonly processes: HelperProcess;
  readonly sessions: Session;
  readonly tasks: Task;
  readonly accounts: Account;
  readonly pauses: Pause;
}
type MapsOf<K extends keyof Entities> = { [Each in K]?: Map<string, Entities[Each]> };

/** The maps of a model that are changed, each copied once. */
class Copies {
  readonly all: MapsOf<keyof Entities> = {};
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  of<K extends keyof Entities>(name: K): Map<string, Entities[K]> {
    const all: MapsOf<K> = this.all;
    return (all[name] ??= new Map(this.#model[name] as ReadonlyMap<string, Entities[K]>));
  }
}

function apply(copies: Copies, change: Change): void {
  switch (change.type) {
    case "project.changed":
      copies.of("projects").set(change.project.id, change.project);
      return;
    case "project.removed":
      copies.of("projects").delete(change.id);
      return;
    case "worktree.changed":
      copies.of("worktrees").set(change.worktree.id, change.worktree);
      return;
    case "worktree.removed":
      copies.of("worktrees").delete(change.id);
      return;
    case "process.changed":
      copies.of("processes").set(change.process.id, change.process);
      return;
    case "process.removed":
      copies.of("processes").delete(change.id);
      return;
    case "session.changed":
      copies.of("sessions").set(change.session.id, change.session);
      return;
    case "session.removed":
      copies.of("sessions").delete(change.id);
      return;
    case "task.changed":
      putTask(copies.of("tasks"), change.task);
      return;
    case "task.removed":
      copies.of("tasks").delete(change.id);
      return;
    case "account.changed":
      copies.of("accounts").set(change.account.id, change.account);
      return;
    case "pause.changed": {
      const { pause } = change;
      if (pause.endedAt === null) copies.of("pauses").set(pause.id, pause);
      else copies.of("pauses").delete(pause.id);
    }
  }
}

/** How many of the tasks that have ended a client knows of each kind: the latest. The others are asked for by pages. */
export const ENDED_TASKS_KEPT = 300;

function putTask(tasks: Map<string, Task>, task: Task): void {
  tasks.set(task.id, task);
  if (task.endedAt === null) return;
  let count = 0;
  let oldest = task;
  for (const each of tasks.values()) {
    if (each.kind !== task.kind || each.endedAt === null) continue;
    count++;
    if (endedBefore(each, oldest)) oldest = each;
  }
  if (count > ENDED_TASKS_KEPT) tasks.delete(oldest.id);
}

function endedBefore(one: Task, other: Task): boolean {
  const [end, otherEnd] = [one.endedAt ?? Infinity, other.endedAt ?? Infinity];
  return end < otherEnd || (end === otherEnd && one.id < other.id);
}
