import type { Session, Task, Worktree } from "../protocol/entities.ts";
import type { Pause } from "../protocol/limits.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import type { HelperProcess, ProcessState } from "../protocol/worktrees.ts";
import { isRunning } from "./operation-words.ts";
import { needsPerson, waitsForPause } from "./run-words.ts";

/** A codicon, and the theme's name of its colour; without one it has the colour of the text. */
export type StateIcon = readonly [icon: string, color?: string];
export type ShownState = SessionState | TaskState | "UNKNOWN";

/** How each state looks, in the tree and on the dashboard. */
export const stateIcons: Record<ShownState, StateIcon> = {
  STARTING: ["loading~spin"],
  RUNNING: ["loading~spin", "charts.blue"],
  WAITING_USER: ["bell-dot", "charts.yellow"],
  IDLE: ["circle-outline"],
  PAUSED: ["debug-pause", "list.warningForeground"],
  BLOCKED: ["debug-pause", "list.warningForeground"],
  QUEUED: ["watch"],
  DONE: ["pass", "charts.green"],
  ERROR: ["error", "charts.red"],
  CANCELLED: ["circle-slash"],
  UNKNOWN: ["question", "charts.purple"],
};

/** A task of the queue as the state that it looks like: one that a limit keeps back looks as a session does that a limit stopped. */
export function runState(task: Task): ShownState {
  if (needsPerson(task)) return "WAITING_USER";
  if (waitsForPause(task)) return "PAUSED";
  return task.state === "QUEUED" && task.run?.waitsFor === null ? "STARTING" : task.state;
}

/** What a session is, whatever it does. */
export function sessionIconName({ agent }: Session): string {
  return agent === "command" ? "terminal" : "sparkle";
}

/** One that only looks like a limit is no more than a hint. */
export function pauseIcon({ isInForce }: Pause): StateIcon {
  return isInForce ? stateIcons.PAUSED : ["question", "charts.yellow"];
}

export function worktreeIcon({ status, operation }: Worktree): StateIcon {
  if (isRunning(operation)) return ["loading~spin"];
  if (status === "broken") return ["warning", "list.warningForeground"];
  return ["git-branch"];
}

/** How each state of a helper process looks. */
export const processIcons: Record<ProcessState, StateIcon> = {
  STOPPED: ["circle-slash"],
  STARTING: ["loading~spin"],
  RUNNING: ["server-process", "charts.green"],
  DONE: ["pass"],
  ERROR: ["error", "charts.red"],
};

export function processIcon({ state }: HelperProcess): StateIcon {
  return processIcons[state];
}
