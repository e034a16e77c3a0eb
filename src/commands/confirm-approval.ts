import * as vscode from "vscode";
import { askInDialog, showWarning } from "../views/messages.ts";
import { showDocument } from "../views/documents.ts";

/** A dialog cannot be scrolled; what is longer is read in a document. */
const MAX_DIALOG_LINES = 20;
const MAX_DIALOG_LENGTH = 1_500;

export interface ApprovalQuestion {
  readonly message: string;
  /** All of what is to be approved. */
  readonly text: string;
}

/** Shows exactly what would run, and asks. @returns the chosen one of `answers`; undefined when the person went away. */
export async function confirmApproval<T extends string>(
  { message, text }: ApprovalQuestion,
  ...answers: readonly T[]
): Promise<T | undefined> {
  const fits = text.length <= MAX_DIALOG_LENGTH && text.split("\n").length <= MAX_DIALOG_LINES;
  if (fits) return askInDialog({ message, detail: text }, ...answers);
  await showDocument(await vscode.workspace.openTextDocument({ content: text }), { preview: true });
  return showWarning(`${message} Read all of it first.`, ...answers);
}
