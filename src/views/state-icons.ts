import * as vscode from "vscode";
import type { Session, Task, Worktree } from "../protocol/entities.ts";
import type { Pause } from "../protocol/limits.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import type { HelperProcess, ProcessState } from "../protocol/worktrees.ts";
import { isRunning } from "./operation-words.ts";
import { needsPerson, waitsForPause } from "./run-words.ts";

/** Codicon and theme colour of each state; no colour means the text's own. */
const icons: Record<SessionState | TaskState | "UNKNOWN", readonly [icon: string, color?: string]> = {
  STARTING: ["loading~spin"],
  RUNNING: ["loading~spin", "charts.blue"],
  WAITING_USER: ["bell-dot", "charts.yellow"],
  IDLE: ["circle-outline"],
  PAUSED: ["debug-pause", "list.warningForeground"],
  BLOCKED: ["debug-pause", "list.warningForeground"],
  QUEUED: ["clock"],
  DONE: ["pass", "charts.green"],
  ERROR: ["error", "charts.red"],
  CANCELLED: ["circle-slash"],
  UNKNOWN: ["question", "charts.purple"],
};

export function stateIcon(state: SessionState | TaskState | "UNKNOWN"): vscode.ThemeIcon {
  const [icon, color] = icons[state];
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** One that a limit keeps back looks as a session does that a limit stopped. */
export function runIcon(task: Task): vscode.ThemeIcon {
  if (needsPerson(task)) return stateIcon("WAITING_USER");
  if (waitsForPause(task)) return stateIcon("PAUSED");
  return stateIcon(task.state === "QUEUED" && task.run?.waitsFor === null ? "STARTING" : task.state);
}

/** One that only looks like a limit is no more than a hint. */
export function pauseIcon({ isInForce }: Pause): vscode.ThemeIcon {
  return isInForce ? stateIcon("PAUSED") : new vscode.ThemeIcon("question", new vscode.ThemeColor("charts.yellow"));
}

/** A terminal tab's icon is set once, so it says what the tab is, not what its session does. */
export function sessionIcon(session: Session): vscode.ThemeIcon {
  return new vscode.ThemeIcon(session.agent === "command" ? "terminal" : "sparkle");
}

export function worktreeIcon({ status, operation }: Worktree): vscode.ThemeIcon {
  if (isRunning(operation)) return new vscode.ThemeIcon("loading~spin");
  if (status === "broken") return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
  return new vscode.ThemeIcon("git-branch");
}

const processIcons: Record<ProcessState, readonly [icon: string, color?: string]> = {
  STOPPED: ["circle-slash"],
  STARTING: ["loading~spin"],
  RUNNING: ["server-process", "charts.green"],
  DONE: ["pass"],
  ERROR: ["error", "charts.red"],
};

export function processIcon({ state }: HelperProcess): vscode.ThemeIcon {
  const [icon, color] = processIcons[state];
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}
