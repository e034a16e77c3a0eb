import * as vscode from "vscode";
import type { Project, Worktree } from "../protocol/entities.ts";
import { worktreeIcon } from "../views/state-icons.ts";
import { buildTree } from "../presentation/tree-model.ts";
import type { WorktreeNode } from "../presentation/tree-nodes.ts";
import { worktreeDescription, worktreeName } from "../presentation/worktree-words.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import type { Tally } from "./tally.ts";

export interface ChosenWorktree {
  readonly worktree: Worktree;
  readonly project: Project;
}

interface WorktreeItem extends vscode.QuickPickItem, ChosenWorktree {}

export interface WorktreeChoice {
  readonly placeholder: string;
  /** Leaves out worktrees for which the command makes no sense. */
  readonly isFitting: (worktree: Worktree) => boolean;
  /** What is said when there is none. */
  readonly none?: string;
}

/** Whether Tally looks after it. */
export function isOwn({ status }: Worktree): boolean {
  return status !== "seen";
}

/**
 * The worktree a command is about: the row it was invoked on, the one with the given id, else the one the person picks.
 * @returns null when there is none, which is said, or the person went away.
 */
export async function chooseWorktree(
  tally: Tally,
  target: unknown,
  choice: WorktreeChoice,
): Promise<ChosenWorktree | null> {
  const { model } = tally.link.live;
  if (typeof target === "string") {
    const node = tally.tree.tree.nodes.get(target);
    const worktree = node?.kind === "worktree" ? node.worktree : model.worktrees.get(target);
    const project = worktree && model.projects.get(worktree.projectId);
    if (worktree && project) return { worktree, project };
    if (!node) sayGone();
    return null;
  }
  const nodes = [...buildTree(model).nodes.values()]
    .filter((node) => node.kind === "worktree")
    .filter(({ worktree }) => choice.isFitting(worktree));
  if (nodes.length === 0) {
    void showInformation(choice.none ?? "There is no worktree to choose from.");
    return null;
  }
  // That of this window is most likely meant.
  nodes.sort((a, b) => Number(isOpenHere(b.worktree)) - Number(isOpenHere(a.worktree)));
  const options = { placeHolder: choice.placeholder, matchOnDescription: true };
  return (await pickOne(nodes.map(worktreeItem), options)) ?? null;
}

export function worktreeItem({ worktree, project, counts }: WorktreeNode): WorktreeItem {
  const description = worktreeDescription(worktree, counts);
  return {
    label: worktreeName(worktree),
    iconPath: worktreeIcon(worktree),
    description: [project.name, description].filter(Boolean).join(" · "),
    worktree,
    project,
  };
}

function isOpenHere({ path }: Worktree): boolean {
  return vscode.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === path) ?? false;
}

export function sayGone(): void {
  void showInformation("That worktree is gone.");
}
