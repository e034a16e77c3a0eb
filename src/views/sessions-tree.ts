import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { Connection } from "../client/live-model.ts";
import { emptyModel, type Model } from "../protocol/model.ts";
import type { TaskMove } from "../presentation/queue-drop.ts";
import { shownTime, untilNextShownTime } from "../presentation/shown-time.ts";
import { changedNodes } from "../presentation/tree-changes.ts";
import { type FilteredTree, filterTree } from "../presentation/tree-filter.ts";
import { buildTree, countAll } from "../presentation/tree-model.ts";
import { emptyTree, type NodeId, type Tree, type TreeNode } from "../presentation/tree-nodes.ts";
import { defaultTreeOptions, readTreeOptions, type TreeOptions } from "../presentation/tree-options.ts";
import { drawRow } from "../presentation/tree-row.ts";
import { filterMessage, isOfBefore, stoppedMessage, viewDescription } from "../presentation/tree-view-words.ts";
import { waitingWords } from "../presentation/wording.ts";
import { standStillForKeyboard } from "./keyboard.ts";
import { QueueDrag } from "./queue-drag.ts";
import { RowFolding } from "./row-folding.ts";
import { tooltipOf } from "./tooltip.ts";
import { OPEN_SELECTED, treeItem } from "./tree-item.ts";
import { TreePace } from "./tree-pace.ts";
import { TreeSettling } from "./tree-settling.ts";

export const SESSIONS_VIEW = "tally.sessions";

/** A click is not forgotten within this time; after it, nobody expects anything of it. */
const EXCHANGED_WITHIN_MS = 1_000;
const LOOK_AGAIN_MS = 20;

/** What the editor is told to hear when it has dealt with all before. */
const PROBE_KEY = "tally.probe";

const OPTIONS_KEY = "tally.treeOptions";

const nothingShown: FilteredTree = { tree: emptyTree, opened: new Set(), shown: 0, all: 0 };

/** The tree of projects, sessions and tasks in the activity bar. Its elements are node ids. */
export class SessionsTree implements vscode.TreeDataProvider<NodeId>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<NodeId | NodeId[] | undefined>();
  readonly #view: vscode.TreeView<NodeId>;
  readonly #opening = vscode.commands.registerCommand(OPEN_SELECTED, () => this.#openSelected());
  readonly #stillness = standStillForKeyboard(() => this.#standStill());
  readonly #memory: vscode.Memento;
  readonly #pace = new TreePace(() => this.#draw());
  readonly #settling = new TreeSettling({
    roundTrip: () => vscode.commands.executeCommand("setContext", PROBE_KEY, true),
  });
  readonly #folding = new RowFolding();
  /** The rows as the editor has them, to find those that would look different now. */
  readonly #drawn = new Map<NodeId, string>();
  #options: TreeOptions;
  #model: Model = emptyModel;
  #connection: Connection = "connecting";
  /** All rows by project, whatever is shown; undefined until somebody asks. */
  #whole: Tree | undefined;
  #shown: FilteredTree = nothingShown;
  /** What was shown before that. */
  #before: Tree = emptyTree;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  /**
   * @param onMove tasks of the queue were dropped elsewhere in it
   * @param memory remembers how this window shows the tree
   */
  constructor(onMove: (moves: readonly TaskMove[]) => void, memory: vscode.Memento) {
    this.#memory = memory;
    this.#options = readTreeOptions(memory.get(OPTIONS_KEY));
    this.#view = vscode.window.createTreeView(SESSIONS_VIEW, {
      treeDataProvider: this,
      dragAndDropController: new QueueDrag({ tree: () => this.tree, onMove }),
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#view.onDidChangeVisibility(({ visible }) => this.#redrawAgesWhile(visible));
    this.#view.onDidChangeSelection(({ selection }) => this.#tellSelected(selection[0]));
    this.#view.onDidExpandElement(({ element }) => this.#folding.remember(element, { isExpanded: true }));
    this.#view.onDidCollapseElement(({ element }) => this.#folding.remember(element, { isExpanded: false }));
    this.#redrawAgesWhile(this.#view.visible);
    this.#tellOptions();
  }

  /** All that there is, by project, whatever the person filters and groups: what commands find rows in. */
  get tree(): Tree {
    return (this.#whole ??= buildTree(this.#model));
  }

  /** A row that is shown. */
  row(id: NodeId): TreeNode | undefined {
    return this.#shown.tree.nodes.get(id) ?? this.tree.nodes.get(id);
  }

  /** The row that the keyboard is on. */
  get selected(): NodeId | undefined {
    return this.selection[0];
  }

  /** All rows that are selected. The editor goes on selecting one that a filter has taken from view. */
  get selection(): readonly NodeId[] {
    return this.#view.selection.filter((id) => this.#shown.tree.nodes.has(id));
  }

  /**
   * Resolves once a row is known to be selected, or after a while: as long as the editor exchanges rows it knows none of those that
   * are, and it says nothing when it does again.
   */
  async untilSelected(): Promise<void> {
    for (let waitedMs = 0; waitedMs < EXCHANGED_WITHIN_MS; waitedMs += LOOK_AGAIN_MS) {
      if (this.#view.selection.length > 0) return;
      await delay(LOOK_AGAIN_MS);
    }
  }

  get isVisible(): boolean {
    return this.#view.visible;
  }

  get options(): TreeOptions {
    return this.#options;
  }

  /** Shows the tree in another way, and remembers that unless it is only tried out. */
  async setOptions(changed: Partial<TreeOptions>, { isTrial = false }: { isTrial?: boolean } = {}): Promise<void> {
    this.#options = { ...this.#options, ...changed };
    this.#folding.isSuspended = this.#options.filter !== "";
    this.#draw({ isAnew: true });
    this.#tellOptions();
    if (!isTrial) await this.#memory.update(OPTIONS_KEY, this.#options);
  }

  /** How much of what there is the filter leaves. */
  get filtered(): Pick<FilteredTree, "shown" | "all"> {
    return this.#shown;
  }

  /** Brings a row before the person; a filter that leaves it out gives way, in a trial only until the window is opened again. */
  async reveal(id: NodeId, { isTrial = false }: { isTrial?: boolean } = {}): Promise<void> {
    const isShown = () => this.#shown.tree.nodes.has(id);
    if (!isShown() && this.tree.nodes.has(id)) await this.setOptions({ filter: "" }, { isTrial });
    // Some rows, such as worktrees, are there by project only.
    if (!isShown() && this.tree.nodes.has(id)) await this.setOptions({ grouping: "project" }, { isTrial });
    if (this.#shown.tree.nodes.has(id)) await this.#view.reveal(id, { select: true, focus: true });
  }

  show(model: Model): void {
    this.#model = model;
    this.#whole = undefined;
    this.#pace.request();
  }

  /** What is shown may be of before: nobody tells of what happens now. */
  tellConnection(connection: Connection): void {
    this.#connection = connection;
    this.#sayMessage();
    this.#sayBadge();
  }

  /** Above rows of sessions that run elsewhere; an empty view says it in its welcome. */
  sayRestricted(): void {
    this.#sayMessage();
  }

  getChildren(id?: NodeId): NodeId[] {
    this.#settling.asked();
    const { roots, nodes } = this.#shown.tree;
    return [...(id === undefined ? roots : (nodes.get(id)?.children ?? []))];
  }

  getParent(id: NodeId): NodeId | undefined {
    return this.#shown.tree.nodes.get(id)?.parent ?? undefined;
  }

  getTreeItem(id: NodeId): vscode.TreeItem {
    this.#settling.asked();
    // The editor may still ask for a row that has just gone; it is told of that right after.
    const node = this.#shown.tree.nodes.get(id) ?? this.#before.nodes.get(id);
    if (!node) return new vscode.TreeItem("");
    const row = drawRow(node, shownTime(Date.now()));
    this.#drawn.set(id, JSON.stringify(row));
    return treeItem(row, this.#folding.of(node, this.#shown));
  }

  resolveTreeItem(item: vscode.TreeItem, id: NodeId): vscode.TreeItem {
    const node = this.#shown.tree.nodes.get(id);
    if (node) item.tooltip = tooltipOf(node, Date.now(), this.#model);
    return item;
  }

  async #openSelected(): Promise<void> {
    await this.untilSelected();
    const node = this.row(this.#view.selection[0] ?? "");
    const click = node ? drawRow(node, Date.now()).click : null;
    if (click) await vscode.commands.executeCommand(click.command, ...(click.arguments ?? []));
  }

  dispose(): void {
    this.#opening.dispose();
    this.#stillness.dispose();
    clearTimeout(this.#timer);
    this.#pace.dispose();
    this.#view.dispose();
  }

  #draw({ isAnew = false }: { isAnew?: boolean } = {}): void {
    const before = this.#shown;
    this.#before = before.tree;
    const { filter, ...options } = this.#options;
    const isDefault = options.grouping === "project" && options.sorting === "waiting" && !options.showsArchived;
    const unfiltered = isDefault ? this.tree : buildTree(this.#model, options);
    this.#shown = filterTree(unfiltered, this.#model, filter);
    const isOpenedAnew = !sameMembers(before.opened, this.#shown.opened);
    const changed = isAnew || isOpenedAnew ? "all" : changedNodes(before.tree, this.#shown.tree);
    if (changed === "all") this.#tell(undefined);
    else if (changed.length > 0) this.#tell([...changed]);
    this.#sayBadge();
    this.#sayMessage();
  }

  #sayBadge(): void {
    const waiting = isOfBefore(this.#connection, this.#model.sessions.values()) ? 0 : countAll(this.tree).waiting;
    this.#view.badge = waiting > 0 ? { value: waiting, tooltip: waitingWords(waiting) } : undefined;
  }

  #sayMessage(): void {
    const isRestricted = !vscode.workspace.isTrusted && this.#shown.all > 0;
    const message = [
      isOfBefore(this.#connection, this.#model.sessions.values()) ? stoppedMessage : "",
      isRestricted ? "Restricted Mode: nothing is started from this window." : "",
      this.#shown.all > 0 ? (filterMessage(this.#options.filter, this.#shown) ?? "") : "",
    ]
      .filter(Boolean)
      .join(" ");
    if (this.#view.message === message) return;
    // The editor gathers it together with changed rows.
    this.#settling.told();
    this.#view.message = message;
  }

  #tellOptions(): void {
    const { filter, showsArchived } = this.#options;
    this.#view.description = viewDescription(this.#options);
    void vscode.commands.executeCommand("setContext", "tally.isFiltered", filter !== defaultTreeOptions.filter);
    void vscode.commands.executeCommand("setContext", "tally.showsArchived", showsArchived);
  }

  /** For key bindings: what a key does depends on the row. */
  #tellSelected(id: NodeId | undefined): void {
    const kind = id === undefined ? "" : (this.row(id)?.kind ?? "");
    void vscode.commands.executeCommand("setContext", "tally.selectedRow", kind);
  }

  #redrawAgesWhile(visible: boolean): void {
    clearTimeout(this.#timer);
    if (!visible) return;
    const redraw = () => {
      if (this.#pace.isStopped) {
        this.#timer = setTimeout(redraw, LOOK_AGAIN_MS);
        return;
      }
      this.#redrawAges();
      this.#redrawAgesWhile(true);
    };
    this.#timer = setTimeout(redraw, untilNextShownTime(Date.now()));
  }

  /** Only rows that say another time now. */
  #redrawAges(): void {
    const now = shownTime(Date.now());
    const { nodes } = this.#shown.tree;
    const aged = [...this.#drawn].flatMap(([id, drawn]) => {
      const node = nodes.get(id);
      if (!node) this.#drawn.delete(id);
      return node && JSON.stringify(drawRow(node, now)) !== drawn ? [id] : [];
    });
    if (aged.length > 0) this.#tell(aged);
  }

  /** @param changed undefined for all */
  #tell(changed: NodeId[] | undefined): void {
    // Of a view that is hidden the editor draws nothing.
    if (this.#view.visible) this.#settling.told();
    this.#changed.fire(changed);
  }

  /** For something else that is given the keyboard now. */
  async #standStill(): Promise<() => void> {
    this.#pace.stop();
    await this.#settling.untilDrawn();
    return () => void this.#settling.untilNoticed().finally(() => this.#pace.goOn());
  }
}

function sameMembers(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
