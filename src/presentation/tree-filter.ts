import type { Session, Task } from "../protocol/entities.ts";
import type { Model } from "../protocol/model.ts";
import { groupName } from "./group-words.ts";
import { pauseTitle } from "./limit-words.ts";
import { countStates } from "./session-rows.ts";
import { runState } from "./state-icons.ts";
import type { NodeId, RunNode, Tree, TreeNode } from "./tree-nodes.ts";
import { hasFailed, shownState } from "./tree-order.ts";
import { programName, stateWords, waitsFor } from "./wording.ts";

/** What is left of a tree, and how much that is. */
export interface FilteredTree {
  readonly tree: Tree;
  /** The rows below which something fits, where they do not all fit themselves: they are to be unfolded. */
  readonly opened: ReadonlySet<NodeId>;
  /** Sessions, tasks of the queue and of other tools. */
  readonly shown: number;
  readonly all: number;
}

/**
 * The rows of a tree that say all the words of `filter`, each together with the rows above it: so a project's name finds all that is in it.
 * What stands above or below such a row is shown too, of a session that fits all its prompts.
 */
export function filterTree(whole: Tree, model: Model, filter: string): FilteredTree {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const all = countRows(whole);
  if (words.length === 0) return { tree: whole, opened: new Set(), shown: all, all };
  const nodes = new Map<NodeId, TreeNode>();
  const opened = new Set<NodeId>();
  const keepAll = (node: TreeNode): void => {
    nodes.set(node.id, node);
    for (const id of node.children) {
      const child = whole.nodes.get(id);
      if (child) keepAll(child);
    }
  };
  /** @param missing the words that no row above says. */
  const keep = (id: NodeId, missing: readonly string[]): boolean => {
    const node = whole.nodes.get(id);
    if (!node) return false;
    const text = textOf(node, model);
    const left = missing.filter((word) => !text.includes(word));
    if (left.length === 0 && isContent(node)) {
      keepAll(node);
      return true;
    }
    // Where the rows above say all of it, those below do too.
    const children = node.children.filter((child) => keep(child, left));
    if (children.length === 0) return false;
    nodes.set(id, recounted(withChildren(node, children, whole), nodes));
    if (left.length > 0 || node.kind === "ended") opened.add(id);
    return true;
  };
  const roots = whole.roots.filter((id) => keep(id, words));
  const tree = { roots, nodes };
  return { tree, opened, shown: countRows(tree), all };
}

/** Whether it is something itself, and not just what rows stand below. */
function isContent({ kind }: TreeNode): boolean {
  return kind !== "group" && kind !== "queue" && !isFold(kind);
}

function isFold(kind: TreeNode["kind"]): boolean {
  return kind === "later" || kind === "more" || kind === "ended" || kind === "earlier";
}

function withChildren(node: TreeNode, children: readonly NodeId[], whole: Tree): TreeNode {
  if (children.length === node.children.length) return node;
  if (node.kind !== "ended") return { ...node, children };
  const failed = children.filter((id) => {
    const child = whole.nodes.get(id);
    if (child?.kind === "session") return hasFailed(child.session);
    return child?.kind === "task" && hasFailed(child.task);
  });
  return { ...node, children, failed: failed.length };
}

/** With the counts of what is left below it. */
function recounted(node: TreeNode, nodes: ReadonlyMap<NodeId, TreeNode>): TreeNode {
  if (!("counts" in node)) return node;
  const sessions: Session[] = [];
  const foreign: Task[] = [];
  const add = (id: NodeId): void => {
    const row = nodes.get(id);
    if (row?.kind === "session") sessions.push(row.session);
    else if (row?.kind === "task") foreign.push(row.task);
    else row?.children.forEach(add);
  };
  node.children.forEach(add);
  const counts = countStates(sessions, foreign);
  return node.kind === "group" ? { ...node, counts, size: sessions.length + foreign.length } : { ...node, counts };
}

function countRows({ nodes }: Tree): number {
  let count = 0;
  for (const node of nodes.values()) {
    if (node.kind === "session" || node.kind === "run") count++;
    if (node.kind === "task" && node.task.kind === "foreign") count++;
  }
  return count;
}

/** What a row says that can be looked for, in small letters. */
function textOf(node: TreeNode, model: Model): string {
  switch (node.kind) {
    case "project":
      return joined(node.project.name, node.project.path);
    case "worktree": {
      const { name, branch, standing } = node.worktree;
      return joined(name, branch, standing?.branch);
    }
    case "session":
      return sessionText(node.session, model);
    case "run":
      return runText(node, model);
    case "task":
      return joined(ofTask(node.task), stateWords[node.task.state], node.place);
    case "process":
      return joined(node.process.name, node.process.state);
    case "sharedPath":
      return joined(node.path);
    case "group":
      return joined(groupName(node.of));
    case "pause":
      return joined(pauseTitle(node.pause, node.pause.since), node.account?.label);
    case "account":
      return joined(node.account.label);
    case "queue":
      return "queue";
    case "later":
    case "more":
    case "ended":
    case "earlier":
    case "shared":
      return "";
  }
}

function runText({ task, place, session }: RunNode, { accounts }: Model): string {
  const account = task.accountId === null ? undefined : accounts.get(task.accountId);
  return joined(ofTask(task), stateWords[runState(task)], place, account?.label, session?.title);
}

function sessionText(session: Session, { projects, worktrees, accounts }: Model): string {
  const worktree = session.worktreeId === null ? undefined : worktrees.get(session.worktreeId);
  return joined(
    session.title,
    session.agent,
    programName(session),
    session.persona,
    stateWords[shownState(session)],
    waitsFor(session),
    projects.get(session.projectId)?.name,
    worktree?.name,
    worktree?.standing?.branch ?? worktree?.branch,
    session.accountId === null ? null : accounts.get(session.accountId)?.label,
  );
}

/** A prompt may be long, and there may be thousands: each is prepared once. */
const taskTexts = new WeakMap<Task, string>();

function ofTask(task: Task): string {
  const known = taskTexts.get(task);
  if (known !== undefined) return known;
  const text = joined(task.title, task.description, task.agent);
  taskTexts.set(task, text);
  return text;
}

/** Apart, so that no word is found across two of them. */
function joined(...texts: readonly (string | null | undefined)[]): string {
  return texts.filter(Boolean).join("\n").toLocaleLowerCase();
}
