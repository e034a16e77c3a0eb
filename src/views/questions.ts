import * as vscode from "vscode";
import { labelText } from "../presentation/editor-text.ts";
import { giveKeyboard } from "./keyboard.ts";

/** The one door to the editor's lists and boxes. What they show is text, and they open when they can keep the keyboard. */

type PickOptions = Omit<vscode.QuickPickOptions, "canPickMany">;

/** Lets the person choose one of the items; undefined when they went away. */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: PickOptions,
  token?: vscode.CancellationToken,
): Promise<T | undefined> {
  const shown = items.map(asWritten);
  const picked = await giveKeyboard(() => vscode.window.showQuickPick(shown, options, token));
  return picked && items[shown.indexOf(picked)];
}

/** Lets the person tick any of the items; undefined when they went away. */
export async function pickSeveral<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: PickOptions,
  token?: vscode.CancellationToken,
): Promise<readonly T[] | undefined> {
  const shown = items.map(asWritten);
  const several = { ...options, canPickMany: true } as const;
  const picked = await giveKeyboard(() => vscode.window.showQuickPick(shown, several, token));
  return picked && items.filter((_item, index) => picked.includes(shown[index] as T));
}

/** Lets the person type a line; undefined when they went away. */
export async function askText(
  options: vscode.InputBoxOptions,
  token?: vscode.CancellationToken,
): Promise<string | undefined> {
  return giveKeyboard(() => vscode.window.showInputBox(options, token));
}

/** Shows a list or a box that the caller has made. */
export async function showQuestion(question: vscode.QuickInput): Promise<void> {
  await giveKeyboard(() => question.show());
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
