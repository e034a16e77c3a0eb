import type { CommandName } from "../command-table.ts";
import { groupings } from "../stats/grouped-work.ts";
import { shells } from "./scripts.ts";

/** What can stand at a place of a command line. */
export type Kind =
  | "command"
  | "agent"
  | "persona"
  | "session"
  /** One that has not ended. */
  | "live-session"
  | "waiting-session"
  /** One that was put away. */
  | "archived-session"
  | "worktree"
  /** A snapshot of one. */
  | "removed-worktree"
  | "process"
  | "task"
  | "pause"
  | "project"
  | "state"
  | "task-type"
  /** A file or a folder: the shell knows them. */
  | "file";

/** Any of these kinds or words; nothing where only the person knows. */
export interface Place {
  readonly kinds: readonly Kind[];
  readonly words: readonly string[];
}

/** What a command takes besides its options. */
export interface Operands {
  readonly places: readonly Place[];
  /** More of the last one may follow. */
  readonly isOpen: boolean;
  /** What the first word may be instead, each with operands of its own. */
  readonly actions: Readonly<Record<string, Operands>>;
}

const any = (...kinds: readonly Kind[]): Place => ({ kinds, words: [] });
const oneOf = (...words: readonly string[]): Place => ({ kinds: [], words });
const free = any();

const takes = (...places: readonly Place[]): Operands => ({ places, isOpen: false, actions: {} });
const takesMany = (...places: readonly Place[]): Operands => ({ ...takes(...places), isOpen: true });
const actions = (named: Operands["actions"], otherwise = takes()): Operands => ({ ...otherwise, actions: named });

const nothing = takes();
const processOf = takes(any("worktree"), any("process"));

/** Of every command; one that is added to the table has to say here what it takes. */
export const operands: Readonly<Record<CommandName, Operands>> = {
  list: nothing,
  status: nothing,
  show: takes(any("worktree", "session")),
  add: takes(free),
  remove: takes(any("worktree", "session")),
  resume: takes(any("worktree", "session")),
  restore: takes(any("removed-worktree")),
  repair: takes(any("worktree")),
  adopt: takes(any("file")),
  prune: nothing,
  init: nothing,
  process: actions({ start: processOf, stop: processOf, restart: processOf, logs: processOf, attach: processOf }),
  path: takes(any("worktree")),
  wait: takes(any("live-session")),
  answer: takes(any("waiting-session")),
  run: takes(free),
  queue: actions({
    list: nothing,
    add: takes(free),
    move: takes(any("task"), oneOf("first", "last", "up", "down", "before", "after"), any("task")),
    remove: takesMany(any("task")),
    retry: takesMany(any("task")),
  }),
  task: actions({ follow: takes(any("task")), cancel: takes(any("task")) }, takes(any("task"))),
  history: nothing,
  stats: nothing,
  limits: nothing,
  pause: takes(any("agent", "persona")),
  unpause: takes(any("agent", "persona", "pause")),
  attach: takes(any("live-session")),
  logs: takes(any("session")),
  end: takes(any("live-session")),
  rename: takes(any("session"), free),
  archive: takesMany(any("session")),
  unarchive: takesMany(any("archived-session")),
  link: takes(any("session")),
  gateway: actions({ start: nothing, stop: nothing, restart: nothing, status: nothing, logs: nothing, url: nothing }),
  api: actions({ docs: nothing, openapi: nothing }, takes(oneOf("GET", "POST", "PUT", "PATCH", "DELETE"), free)),
  doctor: nothing,
  completion: takes(oneOf(...shells)),
};

const valuesByFlag: Readonly<Record<string, Place>> = {
  "--session": any("session"),
  "--worktree": any("worktree"),
  "--agent": any("agent"),
  "--persona": any("persona"),
  "--project": any("project"),
  "--type": any("task-type"),
  "--file": any("file"),
  "--by": oneOf(...groupings),
  "--scheme": oneOf("vscode", "vscode-insiders", "vscodium"),
};

/** What the value of an option may be. @param shown what the help writes for it. */
export function placeOfValue(flag: string, shown: string): Place {
  return shown.startsWith("STATE") ? any("state") : (valuesByFlag[flag] ?? free);
}
