import * as vscode from "vscode";
import type { Session, Task, Worktree } from "../protocol/entities.ts";
import type { Pause } from "../protocol/limits.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import * as icons from "../presentation/state-icons.ts";

/** An icon as the editor draws it. */
export function themeIcon([icon, color]: icons.StateIcon): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

export function stateIcon(state: icons.ShownState): vscode.ThemeIcon {
  return themeIcon(icons.stateIcons[state]);
}

export function runIcon(task: Task): vscode.ThemeIcon {
  return stateIcon(icons.runState(task));
}

export function pauseIcon(pause: Pause): vscode.ThemeIcon {
  return themeIcon(icons.pauseIcon(pause));
}

/** A terminal tab's icon is set once, so it says what the tab is, not what its session does. */
export function sessionIcon(session: Session): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icons.sessionIconName(session));
}

export function worktreeIcon(worktree: Worktree): vscode.ThemeIcon {
  return themeIcon(icons.worktreeIcon(worktree));
}

export function processIcon(process: HelperProcess): vscode.ThemeIcon {
  return themeIcon(icons.processIcon(process));
}
