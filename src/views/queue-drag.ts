import * as vscode from "vscode";
import { draggedTask, dropMove, type Move } from "./queue-drop.ts";
import type { NodeId, Tree } from "./tree-nodes.ts";

/** The type that the editor gives to what is dragged within the view `tally.sessions`. */
const DRAGGED_ROWS = "application/vnd.code.tree.tally.sessions";

export interface QueueDragOptions {
  /** What the tree shows now. */
  readonly tree: () => Tree;
  readonly onMove: (taskId: string, move: Move) => void;
}

/** Lets the person drag a task that waits to another place in the queue. */
export class QueueDrag implements vscode.TreeDragAndDropController<NodeId> {
  readonly dragMimeTypes = [];
  readonly dropMimeTypes = [DRAGGED_ROWS];
  readonly #options: QueueDragOptions;

  constructor(options: QueueDragOptions) {
    this.#options = options;
  }

  handleDrag(source: readonly NodeId[], data: vscode.DataTransfer): void {
    const [row] = source;
    const taskId = row === undefined ? null : draggedTask(this.#options.tree(), row);
    if (taskId !== null) data.set(DRAGGED_ROWS, new vscode.DataTransferItem(taskId));
  }

  handleDrop(target: NodeId | undefined, data: vscode.DataTransfer): void {
    const taskId: unknown = data.get(DRAGGED_ROWS)?.value;
    if (typeof taskId !== "string") return;
    const move = dropMove(this.#options.tree(), taskId, target);
    if (move !== null) this.#options.onMove(taskId, move);
  }
}
