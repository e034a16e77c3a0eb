import * as vscode from "vscode";
import { showInformation } from "../views/messages.ts";
import type { TaskWish } from "./add-task.ts";
import { showDocument } from "../views/documents.ts";

/** What package.json shows the button *Add Task* on a document by. */
const DRAFTS_KEY = "tally.taskDrafts";

/** Tasks that the person writes in an editor, by the document; known for as long as that is open. */
const drafts = new Map<string, TaskWish>();

/** Opens an editor for the prompt of a task. Its button adds it. */
export async function openDraft(wish: TaskWish): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content: wish.prompt });
  drafts.set(document.uri.toString(), wish);
  tellDrafts();
  const closed = vscode.workspace.onDidCloseTextDocument((each) => {
    if (each !== document) return;
    closed.dispose();
    drafts.delete(document.uri.toString());
    tellDrafts();
  });
  await showDocument(document, { preview: false });
  void offerToAdd(document);
}

async function offerToAdd(document: vscode.TextDocument): Promise<void> {
  const add = "Add Task";
  const said =
    "Write what is to be done, as long as you like. Then add the task: here, or with the tick above the text.";
  if ((await showInformation(said, add)) !== add || draftIn(document) === null) return;
  await showDocument(document);
  // Shows its own failure.
  await vscode.commands.executeCommand("tally.addTaskFromEditor");
}

/** What is known of the task that is written in this document. */
export function draftIn(document: vscode.TextDocument): TaskWish | null {
  return drafts.get(document.uri.toString()) ?? null;
}

/** It was added: the document has done its work. */
export async function closeDraft(document: vscode.TextDocument): Promise<void> {
  await showDocument(document);
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

function tellDrafts(): void {
  void vscode.commands.executeCommand("setContext", DRAFTS_KEY, [...drafts.keys()]);
}
