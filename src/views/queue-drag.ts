import * as vscode from "vscode";
import { draggedTask, dropMoves, type TaskMove } from "../presentation/queue-drop.ts";
import type { NodeId, Tree } from "../presentation/tree-nodes.ts";

/** The type that the editor gives to what is dragged within the view `tally.sessions`. */
const DRAGGED_ROWS = "application/vnd.code.tree.tally.sessions";

export interface QueueDragOptions {
  /** What the tree shows now. */
  readonly tree: () => Tree;
  readonly onMove: (moves: readonly TaskMove[]) => void;
}

/** Lets the person drag tasks that wait to another place in the queue. */
export class QueueDrag implements vscode.TreeDragAndDropController<NodeId> {
  readonly dragMimeTypes = [];
  readonly dropMimeTypes = [DRAGGED_ROWS];
  readonly #options: QueueDragOptions;

  constructor(options: QueueDragOptions) {
    this.#options = options;
  }

  handleDrag(source: readonly NodeId[], data: vscode.DataTransfer): void {
    const tree = this.#options.tree();
    const taskIds = source.flatMap((row) => draggedTask(tree, row) ?? []);
    if (taskIds.length > 0) data.set(DRAGGED_ROWS, new vscode.DataTransferItem(taskIds));
  }

  handleDrop(target: NodeId | undefined, data: vscode.DataTransfer): void {
    const taskIds: unknown = data.get(DRAGGED_ROWS)?.value;
    if (!Array.isArray(taskIds)) return;
    const dropped = taskIds.filter((id): id is string => typeof id === "string");
    const moves = dropMoves(this.#options.tree(), dropped, target);
    if (moves.length > 0) this.#options.onMove(moves);
  }
}
