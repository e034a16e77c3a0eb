import * as vscode from "vscode";
import type { Model } from "../client/model.ts";
import { QueueDrag, type QueueDragOptions } from "./queue-drag.ts";
import { changedNodes } from "./tree-changes.ts";
import { treeItem } from "./tree-item.ts";
import { buildTree, countAll } from "./tree-model.ts";
import { emptyTree, type NodeId, type Tree } from "./tree-nodes.ts";
import { tooltipOf } from "./tooltip.ts";
import { waitingWords } from "./wording.ts";

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

  /** @param onMove a task of the queue was dropped elsewhere in it */
  constructor(onMove: QueueDragOptions["onMove"]) {
    this.#view = vscode.window.createTreeView(SESSIONS_VIEW, {
      treeDataProvider: this,
      dragAndDropController: new QueueDrag({ tree: () => this.#tree, onMove }),
      showCollapseAll: true,
    });
    this.#view.onDidChangeVisibility(({ visible }) => this.#redrawAgesWhile(visible));
    this.#view.onDidChangeSelection(({ selection }) => this.#tellSelected(selection[0]));
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

  /** Brings a row before the person. */
  async reveal(id: NodeId): Promise<void> {
    if (this.#tree.nodes.has(id)) await this.#view.reveal(id, { select: true, focus: true });
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

  /** For key bindings: what a key does depends on the row. */
  #tellSelected(id: NodeId | undefined): void {
    const kind = id === undefined ? "" : (this.#tree.nodes.get(id)?.kind ?? "");
    void vscode.commands.executeCommand("setContext", "tally.selectedRow", kind);
  }

  #redrawAgesWhile(visible: boolean): void {
    clearInterval(this.#timer);
    if (visible) this.#timer = setInterval(() => this.#changed.fire(undefined), REDRAW_AGES_MS);
  }
}
