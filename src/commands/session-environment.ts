import { homedir } from "node:os";
import * as vscode from "vscode";
import { composeEnvironment } from "./compose-environment.ts";

const settingOf: Partial<Record<NodeJS.Platform, string>> = { darwin: "osx", win32: "windows" };

/** The environment of a session that this window starts in `folder`. */
export function sessionEnvironment(folder: string): Record<string, string> {
  const uri = vscode.Uri.file(folder);
  const configured = vscode.workspace
    .getConfiguration("terminal.integrated.env")
    .get<Record<string, string | null>>(settingOf[process.platform] ?? "linux", {});
  return composeEnvironment({
    caller: process.env,
    configured,
    places: {
      userHome: homedir(),
      workspaceFolder: vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? folder,
    },
    editorVersion: vscode.version,
  });
}
