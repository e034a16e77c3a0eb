import * as vscode from "vscode";
import type { Session, Task } from "../protocol/entities.ts";
import { oneLine } from "../protocol/visible.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { continuationInShort } from "./continuation-words.ts";
import { pauseDescription, pauseLabel, pauseRowTitle, usageInShort } from "./limit-words.ts";
import { processDescription, processLabel, processName } from "./process-words.ts";
import {
  pauseContext,
  processContext,
  runContext,
  sessionContext,
  taskContext,
  worktreeContext,
} from "./row-context.ts";
import { endedRunDescription, queueDescription, runDescription, runLabel, runRowTitle } from "./run-words.ts";
import { pauseIcon, processIcon, runIcon, stateIcon, worktreeIcon } from "./state-icons.ts";
import type { TreeNode } from "./tree-nodes.ts";
import { shownState } from "./tree-order.ts";
import { worktreeDescription, worktreeLabel, worktreeName } from "./worktree-words.ts";
import {
  countWords,
  foreignDescription,
  promptDescription,
  sessionDescription,
  sessionLabel,
  stateWords,
} from "./wording.ts";

/** A row as the editor draws it; its tooltip is made when the pointer rests on it. */
export function treeItem(node: TreeNode, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(node, now), collapsibleState(node));
  item.id = itemId(node);
  item.contextValue = contextValue(node);
  switch (node.kind) {
    case "queue": {
      item.iconPath = new vscode.ThemeIcon("checklist");
      item.description = queueDescription(node);
      item.accessibilityInformation = { label: `Queue. ${item.description}` };
      break;
    }
    case "run": {
      item.iconPath = runIcon(node.task);
      item.description = runDescription(node, now);
      item.command = showOutputOf(node.id);
      item.accessibilityInformation = { label: runLabel(node, now) };
      break;
    }
    case "project": {
      item.iconPath = new vscode.ThemeIcon("repo");
      item.description = countWords(node.counts);
      item.accessibilityInformation = { label: `Project ${node.project.name}. ${item.description}` };
      break;
    }
    case "worktree": {
      const { worktree, counts } = node;
      item.iconPath = worktreeIcon(worktree);
      item.description = worktreeDescription(worktree, counts);
      item.accessibilityInformation = { label: worktreeLabel(worktree, counts) };
      break;
    }
    case "process": {
      const { process } = node;
      item.iconPath = processIcon(process);
      item.description = processDescription(process);
      item.command = { command: "tally.showProcess", title: "Show Process", arguments: [node.id] };
      item.accessibilityInformation = { label: processLabel(process) };
      break;
    }
    case "shared":
    case "sharedPath": {
      item.iconPath = new vscode.ThemeIcon("link");
      break;
    }
    case "session": {
      const { session, isPauseOver } = node;
      item.iconPath = stateIcon(shownState(session));
      item.description = sessionDescription(session, now, isPauseOver);
      // One that a wrapper started has its terminal elsewhere: there is nothing that a click could show.
      if (session.mode !== "external") item.command = showTerminalOf(node.id);
      item.accessibilityInformation = { label: sessionLabel(session, now, isPauseOver) };
      break;
    }
    case "task": {
      const { task } = node;
      item.iconPath = stateIcon(task.state);
      item.description = taskDescription(task, now);
      item.accessibilityInformation = {
        label: `${task.kind === "prompt" ? "Prompt" : "Task"} ${task.title}, ${stateWords[task.state]}, ${item.description}`,
      };
      if (task.kind === "run") item.command = showOutputOf(node.id);
      else if (task.sessionId !== null) item.command = showTerminalOf(task.sessionId);
      break;
    }
    case "earlier": {
      item.iconPath = new vscode.ThemeIcon("history");
      item.accessibilityInformation = { label: `${node.children.length} earlier prompts` };
      break;
    }
    case "pause": {
      item.iconPath = pauseIcon(node.pause);
      item.description = pauseDescription(node.pause, now);
      item.command = { command: "tally.showLimits", title: "Show Limits" };
      item.accessibilityInformation = { label: pauseLabel(node.pause, now) };
      break;
    }
    case "account": {
      item.iconPath = new vscode.ThemeIcon("dashboard");
      item.description = usageInShort(node.account, now);
      item.command = { command: "tally.showLimits", title: "Show Limits" };
      item.accessibilityInformation = { label: `Used of ${node.account.label}: ${item.description}` };
    }
  }
  return item;
}

/**
 * The editor keeps a row that once had nothing below it folded for good (seen in VS Code 1.139). A worktree is first shown
 * before it has anything, so it is another row from then on.
 */
function itemId({ kind, id, children }: TreeNode): string {
  return kind === "worktree" && children.length === 0 ? `${id}:empty` : id;
}

/** What stands behind a task that is not in the queue. */
function taskDescription(task: Task, now: number): string {
  if (task.kind === "run") return endedRunDescription(task, now);
  return task.kind === "foreign" ? foreignDescription(task, now) : promptDescription(task, now);
}

/** @param target a task's row. */
function showOutputOf(target: string): vscode.Command {
  return { command: "tally.showTaskOutput", title: "Show Output", arguments: [target] };
}

/** @param target a session, or its row. */
function showTerminalOf(target: string): vscode.Command {
  return { command: "tally.showTerminal", title: "Show Terminal", arguments: [target] };
}

/** A title may be a whole sentence; what stands behind it in the row must be seen too, above all what a session waits for. */
const TITLE_CHARS = 48;
const SHORT_TITLE_CHARS = 24;
/** Beside it, the time at which it goes on, or what it waits for, is seen in a side bar of the usual width. */
const PAUSED_TITLE_CHARS = 16;
const PATH_CHARS = 200;

function labelOf(node: TreeNode, now: number): string {
  switch (node.kind) {
    case "queue":
      return "Queue";
    case "run":
      return runRowTitle(node, now);
    case "project":
      return node.project.name;
    case "worktree":
      return worktreeName(node.worktree);
    case "process":
      return processName(node.process);
    case "shared":
      return "Shared with the main checkout";
    case "sharedPath":
      return oneLine(node.path, PATH_CHARS);
    case "session":
      return oneLine(node.session.title, titleChars(node.session, now));
    case "task":
      return node.task.title;
    case "earlier":
      return `… ${node.children.length} earlier`;
    case "pause":
      return pauseRowTitle(node.pause, now);
    case "account":
      return oneLine(node.account.label, SHORT_TITLE_CHARS);
  }
}

function titleChars(session: Session, now: number): number {
  const goesOn = continuationInShort(session, now) !== null;
  if (goesOn && session.state === "PAUSED") return PAUSED_TITLE_CHARS;
  return goesOn || isWaiting(session) ? SHORT_TITLE_CHARS : TITLE_CHARS;
}

function collapsibleState(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (node.children.length === 0) return vscode.TreeItemCollapsibleState.None;
  const isExpanded = node.kind === "queue" || node.kind === "project" || node.kind === "worktree";
  return isExpanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

/** What `when` clauses in package.json tell rows apart by. */
export function contextValue(node: TreeNode): string {
  switch (node.kind) {
    case "queue":
      return "queue";
    case "run":
      return runContext(node);
    case "project":
      return node.project.commonDir === null ? "project.folder" : "project.repository";
    case "worktree":
      return worktreeContext(node.worktree);
    case "process":
      return processContext(node.process);
    case "shared":
    case "sharedPath":
      return node.kind;
    case "session":
      return sessionContext(node.session);
    case "task":
      return taskContext(node.task);
    case "earlier":
      return "earlier";
    case "pause":
      return pauseContext(node.pause);
    case "account":
      return "account";
  }
}
