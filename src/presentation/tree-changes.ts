import type { Worktree } from "../protocol/entities.ts";
import type { NodeId, RunNode, StateCounts, Tree, TreeNode } from "./tree-nodes.ts";

/**
 * The rows to draw again so that a tree that shows `before` shows `after`; `"all"` when the topmost rows are others, or in another order.
 * Drawing a row again includes the rows below it, so of a row and its ancestor only the ancestor is named.
 */
export function changedNodes(before: Tree, after: Tree): "all" | readonly NodeId[] {
  if (!sameItems(before.roots, after.roots)) return "all";
  const changed = new Set<NodeId>();
  for (const [id, node] of after.nodes) {
    const old = before.nodes.get(id);
    if (old === node) continue;
    if (old && (!sameContent(old, node) || !sameItems(old.children, node.children))) changed.add(id);
  }
  return [...changed].filter((id) => !hasAncestorIn(after, id, changed));
}

function hasAncestorIn(tree: Tree, id: NodeId, ids: ReadonlySet<NodeId>): boolean {
  for (let parent = tree.nodes.get(id)?.parent; parent; parent = tree.nodes.get(parent)?.parent) {
    if (ids.has(parent)) return true;
  }
  return false;
}

function sameContent(a: TreeNode, b: TreeNode): boolean {
  if (a.kind === "session" && b.kind === "session") {
    const isSame = a.session === b.session && a.project === b.project;
    return isSame && a.isPauseOver === b.isPauseOver && a.place === b.place && a.parent === b.parent;
  }
  if (a.kind === "task" && b.kind === "task") return a.task === b.task && a.place === b.place;
  if (a.kind === "run" && b.kind === "run") return a.task === b.task && sameCircumstances(a, b);
  if (a.kind === "queue" && b.kind === "queue") return a.running === b.running && a.waiting === b.waiting;
  if (a.kind === "process" && b.kind === "process") return a.process === b.process;
  if (a.kind === "worktree" && b.kind === "worktree") {
    return a.project === b.project && sameCounts(a.counts, b.counts) && sameWorktree(a.worktree, b.worktree);
  }
  // All that they say is how many rows are below them, or what their id says.
  if (a.kind === "shared" || a.kind === "sharedPath" || isFold(a)) {
    return a.kind === b.kind;
  }
  if (a.kind === "ended" && b.kind === "ended") return a.failed === b.failed;
  if (a.kind === "group" && b.kind === "group") {
    return a.size === b.size && (a.of.by !== "agent" || sameCounts(a.counts, b.counts));
  }
  if (a.kind === "pause" && b.kind === "pause") {
    return a.pause === b.pause && a.account === b.account && sameItems(a.waiting, b.waiting);
  }
  if (a.kind === "account" && b.kind === "account") return a.account === b.account;
  if (a.kind === "project" && b.kind === "project") return a.project === b.project && sameCounts(a.counts, b.counts);
  return false;
}

function isFold({ kind }: TreeNode): boolean {
  return kind === "earlier" || kind === "later" || kind === "more";
}

function sameCircumstances(a: RunNode, b: RunNode): boolean {
  return (
    a.place === b.place &&
    a.account === b.account &&
    a.session?.title === b.session?.title &&
    a.session?.isWaiting === b.session?.isWaiting &&
    a.isBehind === b.isBehind &&
    a.isFirst === b.isFirst &&
    a.isLast === b.isLast &&
    a.parent === b.parent
  );
}

/** Git is asked again and again, and mostly says the same at another time. */
function sameWorktree(a: Worktree, b: Worktree): boolean {
  return a === b || JSON.stringify(withoutTimes(a)) === JSON.stringify(withoutTimes(b));
}

function withoutTimes(worktree: Worktree): unknown {
  const { standing } = worktree;
  return { ...worktree, updatedAt: 0, standing: standing === null ? null : { ...standing, at: 0 } };
}

function sameCounts(a: StateCounts, b: StateCounts): boolean {
  return a.waiting === b.waiting && a.unknown === b.unknown && a.paused === b.paused && a.running === b.running;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
