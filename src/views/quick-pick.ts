import * as vscode from "vscode";
import { labelText } from "../presentation/editor-text.ts";

type PickOptions = Omit<vscode.QuickPickOptions, "canPickMany">;

/** Lets the person choose one of the items; undefined when they went away. */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: PickOptions,
  token?: vscode.CancellationToken,
): Promise<T | undefined> {
  const shown = items.map(asWritten);
  const picked = await vscode.window.showQuickPick(shown, options, token);
  return picked && items[shown.indexOf(picked)];
}

/** Lets the person tick any of the items; undefined when they went away. */
export async function pickSeveral<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: PickOptions,
  token?: vscode.CancellationToken,
): Promise<readonly T[] | undefined> {
  const shown = items.map(asWritten);
  const picked = await vscode.window.showQuickPick(shown, { ...options, canPickMany: true }, token);
  return picked && items.filter((_item, index) => picked.includes(shown[index] as T));
}

/** The item with its words as they are written: those of a title or a branch could name icons, of which most show nothing. */
export function asWritten<T extends vscode.QuickPickItem>(item: T): T {
  return {
    ...item,
    label: labelText(item.label),
    ...(item.description !== undefined && { description: labelText(item.description) }),
    ...(item.detail !== undefined && { detail: labelText(item.detail) }),
  };
}
