import * as vscode from "vscode";
import { giveKeyboard } from "./keyboard.ts";

/** Opens a document in an editor, to read or to write in. */
export async function showDocument(
  document: vscode.TextDocument,
  options: vscode.TextDocumentShowOptions = {},
): Promise<void> {
  const show = () => vscode.window.showTextDocument(document, options);
  await giveKeyboard(show, (shown) => shown);
}
