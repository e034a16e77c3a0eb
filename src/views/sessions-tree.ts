import * as vscode from "vscode";
import type { Model } from "../client/model.ts";
import type { Session } from "../protocol/entities.ts";
import { continuationInShort } from "./continuation-words.ts";
import { tooltipOf } from "./tooltip.ts";
import { pauseIcon, stateIcon } from "./state-icons.ts";
import { buildTree, changedNodes, countAll, emptyTree, type NodeId, type Tree, type TreeNode } from "./tree-model.ts";
import { oneLine } from "../protocol/visible.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { pauseDescription, pauseLabel, pauseRowTitle, usageInShort } from "./limit-words.ts";
import { pauseContext, sessionContext } from "./row-context.ts";
import { shownState } from "./tree-order.ts";
import {
  countWords,
  foreignDescription,
  promptDescription,
  sessionDescription,
  sessionLabel,
  stateWords,
  waitingWords,
} from "./wording.ts";

export const SESSIONS_VIEW = "tally.sessions";

/** Ages are shown in minutes, so they are drawn again twice a minute. */
const REDRAW_AGES_MS = 30_000;

/** The tree of projects, sessions and tasks in the activity bar. Its elements are node ids. */
export class SessionsTree implements vscode.TreeDataProvider<NodeId>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<NodeId | NodeId[] | undefined>();
  readonly #view: vscode.TreeView<NodeId>;
  #tree: Tree = emptyTree;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    this.#view = vscode.window.createTreeView(SESSIONS_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#view.onDidChangeVisibility(({ visible }) => this.#redrawAgesWhile(visible));
    this.#redrawAgesWhile(this.#view.visible);
  }

  /** What the tree shows now. */
  get tree(): Tree {
    return this.#tree;
  }

  /** The row that the keyboard is on. */
  get selected(): NodeId | undefined {
    return this.#view.selection[0];
  }

  show(model: Model): void {
    const before = this.#tree;
    this.#tree = buildTree(model);
    const changed = changedNodes(before, this.#tree);
    if (changed === "all") this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire([...changed]);
    const { waiting } = countAll(this.#tree);
    this.#view.badge = waiting > 0 ? { value: waiting, tooltip: waitingWords(waiting) } : undefined;
    this.sayRestricted();
  }

  /** Above rows of sessions that run elsewhere; an empty view says it in its welcome. */
  sayRestricted(): void {
    const isSaid = !vscode.workspace.isTrusted && this.#tree.roots.length > 0;
    this.#view.message = isSaid ? "Restricted Mode: nothing is started from this window." : "";
  }

  getChildren(id?: NodeId): NodeId[] {
    return [...(id === undefined ? this.#tree.roots : (this.#tree.nodes.get(id)?.children ?? []))];
  }

  getParent(id: NodeId): NodeId | undefined {
    return this.#tree.nodes.get(id)?.parent ?? undefined;
  }

  getTreeItem(id: NodeId): vscode.TreeItem {
    const node = this.#tree.nodes.get(id);
    // The editor may still ask for a row that has gone; it is told of that right after.
    return node ? treeItem(node, Date.now()) : new vscode.TreeItem("");
  }

  resolveTreeItem(item: vscode.TreeItem, id: NodeId): vscode.TreeItem {
    const node = this.#tree.nodes.get(id);
    if (node) item.tooltip = tooltipOf(node, Date.now());
    return item;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#view.dispose();
  }

  #redrawAgesWhile(visible: boolean): void {
    clearInterval(this.#timer);
    if (visible) this.#timer = setInterval(() => this.#changed.fire(undefined), REDRAW_AGES_MS);
  }
}

function treeItem(node: TreeNode, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(node, now), collapsibleState(node));
  item.id = node.id;
  item.contextValue = contextValue(node);
  switch (node.kind) {
    case "project": {
      item.iconPath = new vscode.ThemeIcon("repo");
      item.description = countWords(node.counts);
      item.accessibilityInformation = { label: `Project ${node.project.name}. ${item.description}` };
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
      item.description = task.sessionId === null ? foreignDescription(task, now) : promptDescription(task, now);
      item.accessibilityInformation = {
        label: `${task.sessionId === null ? "Task" : "Prompt"} ${task.title}, ${stateWords[task.state]}, ${item.description}`,
      };
      if (task.sessionId !== null) item.command = showTerminalOf(task.sessionId);
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

/** @param target a session, or its row. */
function showTerminalOf(target: string): vscode.Command {
  return { command: "tally.showTerminal", title: "Show Terminal", arguments: [target] };
}

/** A title may be a whole sentence; what stands behind it in the row must be seen too, above all what a session waits for. */
const TITLE_CHARS = 48;
const SHORT_TITLE_CHARS = 24;
/** Beside it, the time at which it goes on is seen in a side bar of the usual width. */
const PAUSED_TITLE_CHARS = 16;

function labelOf(node: TreeNode, now: number): string {
  switch (node.kind) {
    case "project":
      return node.project.name;
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
  return node.kind === "project" ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

/** What `when` clauses in package.json tell rows apart by. */
export function contextValue(node: TreeNode): string {
  switch (node.kind) {
    case "project":
      return "project";
    case "session":
      return sessionContext(node.session);
    case "task":
      return node.task.sessionId === null ? "task.foreign" : "task.prompt";
    case "earlier":
      return "earlier";
    case "pause":
      return pauseContext(node.pause);
    case "account":
      return "account";
  }
}
