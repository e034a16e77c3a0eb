import * as vscode from "vscode";
import { showFailure } from "../views/failure.ts";
import type { TaskMove } from "../presentation/queue-drop.ts";
import { addTask, addTaskFromEditor } from "./add-task.ts";
import { addWorktree } from "./add-worktree.ts";
import { adoptWorktree } from "./adopt-worktree.ts";
import { archiveEnded, archiveSession, unarchiveSession } from "./archive.ts";
import type { CommandName } from "./command-names.ts";
import { createTallyJson } from "./create-tally-json.ts";
import { copyDoctorReport, doctor } from "./doctor.ts";
import { restartGateway, showGatewayLog, startGateway } from "./gateway.ts";
import { showDashboard } from "./dashboard.ts";
import { installCli } from "./install-cli.ts";
import { changePause, dismissPause, liftPause, pauseAgent, pauseSuggested } from "./limits.ts";
import { copySessionLink } from "./links.ts";
import { newSession, newSessionTab } from "./new-session.ts";
import { openPort } from "./open-port.ts";
import { openProject } from "./open-project.ts";
import { openWalkthrough } from "./open-walkthrough.ts";
import { restartProcess, showProcess, startProcess, stopProcess } from "./processes.ts";
import { pruneWorktrees } from "./prune-worktrees.ts";
import { orSelected } from "./remove-selected.ts";
import { removeWorktree } from "./remove-worktree.ts";
import { repairWorktree } from "./repair-worktree.ts";
import { restoreWorktree } from "./restore-worktree.ts";
import { resumeAllWorktrees, resumeWorktree } from "./resume-worktrees.ts";
import { cancelAutoResume, resumeSession, resumeWhenItResets } from "./resume.ts";
import { showLimits } from "./show-limits.ts";
import { allow, answerQuestion, deny, nextWaitingSession, reviewRequest } from "./waiting.ts";
import { copySessionId, endSession, removeSession, removeTask, renameSession, showTerminal } from "./sessions.ts";
import { clearFilter, filterSessions, groupSessions, hideArchived, showArchived, sortSessions } from "./tree-view.ts";
import { copyWorktreePath, openWorktree, openWorktreeTerminal, revealWorktree } from "./worktree-places.ts";
import {
  cancelTask,
  copyTaskPrompt,
  emptyQueue,
  moveTasks,
  moveTaskDown,
  moveTaskUp,
  retryTask,
  runNext,
  showTaskOutput,
  showTaskSession,
} from "./tasks.ts";
import { SELECTION } from "./several.ts";
import type { Command, Tally } from "./tally.ts";

const commands: Record<CommandName, Command> = {
  newSession,
  showTerminal,
  nextWaitingSession,
  allow,
  deny,
  reviewRequest,
  answerQuestion,
  endSession,
  renameSession,
  removeSession: orSelected(removeSession),
  removeTask,
  archiveSession,
  unarchiveSession,
  archiveEnded,
  showArchived,
  hideArchived,
  filterSessions,
  clearFilter,
  groupSessions,
  sortSessions,
  copySessionId,
  copySessionLink,
  resumeSession,
  // The same under the names that fit a session which a limit stopped, and one that has not begun.
  resumeNow: resumeSession,
  startNow: resumeSession,
  cancelAutoResume,
  resumeWhenItResets,
  showDashboard,
  showLimits,
  pauseAgent,
  changePause,
  pauseSuggested,
  liftPause,
  dismissPause,
  addWorktree,
  removeWorktree: orSelected(removeWorktree),
  restoreWorktree,
  adoptWorktree,
  resumeWorktree,
  resumeAllWorktrees,
  repairWorktree,
  pruneWorktrees,
  createTallyJson,
  openWorktree,
  openWorktreeTerminal,
  revealWorktree,
  copyWorktreePath,
  openPort,
  startProcess,
  stopProcess,
  restartProcess,
  showProcess,
  addTask,
  // The same under the name that fits a session which a limit stopped.
  addTaskWhenItResets: addTask,
  addTaskFromEditor,
  runNext,
  // The same under the name that fits a task which a limit keeps back.
  runNextWhenItResets: runNext,
  moveTaskUp,
  moveTaskDown,
  cancelTask,
  emptyQueue,
  retryTask,
  showTaskOutput,
  copyTaskPrompt,
  showTaskSession,
  openProject,
  doctor,
  copyDoctorReport,
  openWalkthrough,
  showGatewayLog,
  startGateway,
  restartGateway,
  installCli,
};

/** Runs a command; a failure is shown with what can be done about it, and goes no further. */
export async function runCommand(
  name: CommandName,
  tally: Tally,
  { target, selected }: { readonly target: unknown; readonly selected: unknown },
): Promise<void> {
  try {
    if (target === SELECTION) await tally.tree.untilSelected();
    await commands[name](tally, target, selected);
  } catch (error) {
    // Not awaited: the message stays until the person closes it, and the command is over.
    void showFailure(error);
  }
}

/** Somebody opened a link of ours. */
export async function openLink(tally: Tally, uri: vscode.Uri): Promise<void> {
  try {
    await tally.links.open(uri);
  } catch (error) {
    void showFailure(error);
  }
}

/** Tasks were dropped elsewhere in the queue. */
export async function dropTasks(tally: Tally, moves: readonly TaskMove[]): Promise<void> {
  try {
    await moveTasks(tally, moves);
  } catch (error) {
    void showFailure(error);
  }
}

/** A tab for the terminal profile "Tally"; undefined when the person went away or it failed, which is shown. */
export async function openProfileTab(tally: Tally): Promise<vscode.TerminalProfile | undefined> {
  try {
    const options = await newSessionTab(tally);
    return options === null ? undefined : new vscode.TerminalProfile(options);
  } catch (error) {
    void showFailure(error);
    return undefined;
  }
}
