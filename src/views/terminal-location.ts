import * as vscode from "vscode";

export type Location = vscode.TerminalLocation | vscode.TerminalEditorLocationOptions;

function inEditor(): boolean {
  return vscode.workspace.getConfiguration("tally").get("terminal.location") === "editor";
}

/** Where a terminal opens that the person asked for. */
export function configuredLocation(): Location {
  return inEditor() ? { viewColumn: vscode.ViewColumn.Active } : vscode.TerminalLocation.Panel;
}

/** The same for one that comes by itself: it takes the focus from nothing. */
export function quietLocation(): Location {
  return inEditor() ? { viewColumn: vscode.ViewColumn.Active, preserveFocus: true } : vscode.TerminalLocation.Panel;
}
