import type { FilteredTree } from "../presentation/tree-filter.ts";
import type { NodeId, TreeNode } from "../presentation/tree-nodes.ts";

/** By which id the editor knows a row, and whether it is unfolded. */
export interface Folding {
  readonly id: string;
  /** Null: nothing is below it. */
  readonly isExpanded: boolean | null;
}

/** Which rows a person has folded and unfolded, so that a filter that has come and gone leaves them as they were. */
export class RowFolding {
  readonly #isExpanded = new Map<NodeId, boolean>();

  /** While a filter unfolds rows, what is folded is not meant to stay. */
  isSuspended = false;

  remember(id: NodeId, { isExpanded }: { isExpanded: boolean }): void {
    if (!this.isSuspended) this.#isExpanded.set(id, isExpanded);
  }

  of(node: TreeNode, { opened }: Pick<FilteredTree, "opened">): Folding {
    const isOpened = opened.has(node.id);
    const id = isOpened ? `${itemId(node)}:opened` : itemId(node);
    if (node.children.length === 0) return { id, isExpanded: null };
    return { id, isExpanded: isOpened || (this.#isExpanded.get(node.id) ?? isExpandedAtFirst(node)) };
  }
}

/**
 * The editor keeps a row that once had nothing below it folded for good (seen in VS Code 1.139). A worktree is first shown
 * before it has anything, so it is another row from then on. And it loses a row that leaves one row and comes below another
 * before the first is drawn again; below those that rows come and go between they are others.
 */
function itemId({ kind, id, parent, children }: TreeNode): string {
  if (kind === "worktree" && children.length === 0) return `${id}:empty`;
  return parent !== null && /^(ended:|group:|queue-later$|earlier:|more:)/.test(parent) ? `${id}@${parent}` : id;
}

function isExpandedAtFirst(node: TreeNode): boolean {
  if (node.kind === "group") return node.of.by !== "state" || node.of.need !== "ended";
  return node.kind === "queue" || node.kind === "project" || node.kind === "worktree";
}
