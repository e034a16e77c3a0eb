import { homedir } from "node:os";
import * as vscode from "vscode";
import { worktreeName } from "../presentation/worktree-words.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import type { Tally } from "./tally.ts";

export interface FolderItem extends vscode.QuickPickItem {
  readonly path: string;
}

/**
 * The folder to work in: the project or the worktree that the command was invoked on; else one of the window's folders or of
 * their worktrees, which is asked where there are several. Null when there is none or the person went away.
 */
export async function chooseFolder(tally: Tally, target: unknown): Promise<string | null> {
  const given = givenFolder(tally, target);
  if (given !== null) return given;
  if (worktreesOfWindow(tally).length === 0) return chooseWindowFolder();
  const items = foldersToWorkIn(tally);
  const picked = await pickOne(items, {
    placeHolder: "Where should the agent work?",
    matchOnDescription: true,
  });
  return picked?.path ?? null;
}

/** The window's folders, and the worktrees of their projects. */
export function foldersToWorkIn(tally: Tally): FolderItem[] {
  const open = windowFolders().map(({ name, uri }): FolderItem => ({
    label: name,
    iconPath: new vscode.ThemeIcon("root-folder"),
    description: uri.fsPath,
    path: uri.fsPath,
  }));
  return [...open, ...worktreesOfWindow(tally).filter(({ path }) => !open.some((folder) => folder.path === path))];
}

/** A folder of the repository that a command is about. Where no folder is open, one that Tally knows. */
export async function chooseRepository(tally: Tally, target: unknown): Promise<string | null> {
  const given = givenFolder(tally, target);
  if (given !== null) return given;
  const repositories = [...tally.link.live.model.projects.values()].filter(({ commonDir }) => commonDir !== null);
  if (windowFolders().length > 0 || repositories.length === 0) return chooseWindowFolder();
  const items = repositories.map(({ name, path }): FolderItem => ({
    label: name,
    iconPath: new vscode.ThemeIcon("repo"),
    description: path,
    path,
  }));
  return (await pickOne(items, { placeHolder: "In which repository?" }))?.path ?? null;
}

function givenFolder({ tree, link }: Tally, target: unknown): string | null {
  if (typeof target !== "string") return null;
  const node = tree.tree.nodes.get(target);
  if (node?.kind === "project") return node.project.path;
  if (node?.kind === "worktree") return node.worktree.path;
  return link.live.model.worktrees.get(target)?.path ?? null;
}

/** The worktrees of the projects that are open in this window. */
function worktreesOfWindow({ link }: Tally): FolderItem[] {
  const { projects, worktrees } = link.live.model;
  const paths = windowFolders().map(({ uri }) => uri.fsPath);
  const usable = [...worktrees.values()].filter(({ status }) => status === "ready" || status === "seen");
  const isOpen = (projectId: string) =>
    [
      projects.get(projectId)?.path,
      ...usable.filter((each) => each.projectId === projectId).map(({ path }) => path),
    ].some((path) => path !== undefined && paths.includes(path));
  return usable
    .filter(({ projectId }) => isOpen(projectId))
    .map((worktree): FolderItem => ({
      label: worktreeName(worktree),
      iconPath: new vscode.ThemeIcon("git-branch"),
      description: worktree.path,
      path: worktree.path,
    }));
}

function windowFolders(): readonly vscode.WorkspaceFolder[] {
  return vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === "file") ?? [];
}

/** That of the active editor, else the only one or the one the person picks. */
async function chooseWindowFolder(): Promise<string | null> {
  const folders = windowFolders();
  const active = vscode.window.activeTextEditor?.document.uri;
  const ofActive = active && vscode.workspace.getWorkspaceFolder(active);
  if (ofActive?.uri.scheme === "file") return ofActive.uri.fsPath;
  if (folders.length > 1) {
    const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: "In which folder?" });
    return picked?.uri.fsPath ?? null;
  }
  return folders[0]?.uri.fsPath ?? (await offerToOpenFolder());
}

export async function offerToOpenFolder(): Promise<null> {
  const open = "Open Folder";
  const choice = await showInformation("An agent works in a folder, and none is open in this window.", open);
  if (choice === open) {
    await vscode.commands.executeCommand("vscode.openFolder", undefined, {
      defaultUri: vscode.Uri.file(homedir()),
    });
  }
  return null;
}
