import * as vscode from "vscode";
import type { Branch } from "../protocol/worktree-routes.ts";
import { age } from "../presentation/wording.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";

interface BranchItem extends vscode.QuickPickItem {
  readonly from?: string;
}

/**
 * Asks what the new branch `name` begins from; instead, a branch that exists can be taken up. Nothing is asked where there is
 * only the default branch.
 */
export async function chooseBranch(
  title: string,
  name: string,
  branches: readonly Branch[],
  defaultBranch: string | null,
): Promise<{ readonly name: string; readonly from?: string } | null> {
  const others = branches.filter((branch) => branch.name !== defaultBranch);
  if (others.length === 0) return { name };
  const takeUp: BranchItem = {
    label: "Take Up an Existing Branch Instead...",
    iconPath: new vscode.ThemeIcon("arrow-swap"),
  };
  const defaults = branches
    .filter((branch) => branch.name === defaultBranch)
    .map((branch) => ({ ...branchItem(branch), description: "default branch" }));
  const items: BranchItem[] = [...defaults, ...others.map(branchItem), separator(), takeUp];
  const placeHolder = `What does ${name} begin from?`;
  const picked = await pickOne(items, { title, placeHolder, ignoreFocusOut: true });
  if (!picked) return null;
  return picked === takeUp ? chooseExisting(title, branches) : { name, ...(picked.from ? { from: picked.from } : {}) };
}

async function chooseExisting(title: string, branches: readonly Branch[]): Promise<{ readonly name: string } | null> {
  const free = branches.filter(({ checkedOutAt }) => checkedOutAt === null);
  if (free.length === 0) {
    void showInformation("Every branch is checked out somewhere already.");
    return null;
  }
  const items = free.map((branch) => ({ ...branchItem(branch), name: branch.name }));
  const placeHolder = "Take up which branch? The worktree is named as it is.";
  const picked = await pickOne(items, { title, placeHolder, ignoreFocusOut: true });
  return picked ? { name: picked.name } : null;
}

function branchItem({ name, remote, committedAt }: Branch): BranchItem {
  const label = remote === null ? name : `${remote}/${name}`;
  const since = age(committedAt, Date.now());
  const description = since === "now" ? "just now" : `${since} ago`;
  return { label, iconPath: new vscode.ThemeIcon("git-branch"), description, from: label };
}

function separator(): BranchItem {
  return { label: "", kind: vscode.QuickPickItemKind.Separator };
}
