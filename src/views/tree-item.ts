import * as vscode from "vscode";
import type { DrawnRow } from "../presentation/tree-row.ts";
import { themeIcon } from "./state-icons.ts";

/**
 * Does what a click on the row does that is selected. A command with arguments gets another id from the editor whenever its row is
 * drawn anew, and a click that meets the row just then would be lost.
 */
export const OPEN_SELECTED = "tally.openSelected";

/** A row as the editor draws it; its tooltip is made when the pointer rests on it. */
export function treeItem(
  { label, description, says, icon, context, click }: DrawnRow,
  { id, isExpanded }: { readonly id: string; /** Null: nothing is below it. */ readonly isExpanded: boolean | null },
): vscode.TreeItem {
  const item = new vscode.TreeItem(label, collapsibleState(isExpanded));
  item.id = id;
  item.description = description;
  item.iconPath = themeIcon(icon);
  item.contextValue = context;
  item.accessibilityInformation = { label: says };
  if (click !== null) item.command = { command: OPEN_SELECTED, title: click.title };
  return item;
}

function collapsibleState(isExpanded: boolean | null): vscode.TreeItemCollapsibleState {
  if (isExpanded === null) return vscode.TreeItemCollapsibleState.None;
  return isExpanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}
