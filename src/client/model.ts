import type { Project, Session, Task, Worktree } from "../protocol/entities.ts";
import type { Change, Snapshot } from "../protocol/events.ts";
import type { Account, Pause } from "../protocol/limits.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";

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

function put<T extends { id: string }>(map: ReadonlyMap<string, T>, item: T): ReadonlyMap<string, T> {
  return new Map(map).set(item.id, item);
}

function without<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  const copy = new Map(map);
  copy.delete(id);
  return copy;
}

/** The model after one event. */
export function applyChange(model: Model, seq: number, change: Change): Model {
  switch (change.type) {
    case "project.changed":
      return { ...model, seq, projects: put(model.projects, change.project) };
    case "project.removed":
      return { ...model, seq, projects: without(model.projects, change.id) };
    case "worktree.changed":
      return { ...model, seq, worktrees: put(model.worktrees, change.worktree) };
    case "worktree.removed":
      return { ...model, seq, worktrees: without(model.worktrees, change.id) };
    case "process.changed":
      return { ...model, seq, processes: put(model.processes, change.process) };
    case "process.removed":
      return { ...model, seq, processes: without(model.processes, change.id) };
    case "session.changed":
      return { ...model, seq, sessions: put(model.sessions, change.session) };
    case "session.removed":
      return { ...model, seq, sessions: without(model.sessions, change.id) };
    case "task.changed":
      return { ...model, seq, tasks: put(model.tasks, change.task) };
    case "task.removed":
      return { ...model, seq, tasks: without(model.tasks, change.id) };
    case "account.changed":
      return { ...model, seq, accounts: put(model.accounts, change.account) };
    case "pause.changed": {
      const { pause } = change;
      const pauses = pause.endedAt === null ? put(model.pauses, pause) : without(model.pauses, pause.id);
      return { ...model, seq, pauses };
    }
  }
}
