import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Tally } from "./tally.ts";

/**
 * The folder to work in: the project the command was invoked on, else the workspace folder of the active editor, else
 * the only one or the one the person picks. Null when there is none or the person went away.
 */
export async function chooseFolder({ tree }: Tally, target: unknown): Promise<string | null> {
  const node = typeof target === "string" ? tree.tree.nodes.get(target) : undefined;
  if (node?.kind === "project") return node.project.path;
  const folders = vscode.workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === "file") ?? [];
  const active = vscode.window.activeTextEditor?.document.uri;
  const ofActive = active && vscode.workspace.getWorkspaceFolder(active);
  if (ofActive?.uri.scheme === "file") return ofActive.uri.fsPath;
  if (folders.length > 1) {
    const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: "Where shall the agent work?" });
    return picked?.uri.fsPath ?? null;
  }
  return folders[0]?.uri.fsPath ?? (await offerToOpenFolder());
}

async function offerToOpenFolder(): Promise<null> {
  const open = "Open Folder";
  const choice = await vscode.window.showInformationMessage(
    "An agent works in a folder, and none is open in this window.",
    open,
  );
  if (choice === open) {
    await vscode.commands.executeCommand("vscode.openFolder", undefined, {
      defaultUri: vscode.Uri.file(homedir()),
    });
  }
  return null;
}
