import * as vscode from "vscode";
import { oneLine } from "../protocol/visible.ts";
import type { TaskNotice } from "./task-notices.ts";
import { showWarning } from "./messages.ts";

const MAX_LENGTH = 300;
const SHOW = "Show Output";
const RETRY = "Retry";

/** Tells of a failed task in a message, with what can be done about it; never rejects. */
export async function showTaskNotice({ taskId, text, hasOutput }: TaskNotice): Promise<void> {
  const offered = hasOutput ? [SHOW, RETRY] : [RETRY];
  const chosen = await showWarning(oneLine(text, MAX_LENGTH), ...offered);
  try {
    if (chosen === SHOW) await vscode.commands.executeCommand("tally.showTaskOutput", taskId);
    if (chosen === RETRY) await vscode.commands.executeCommand("tally.retryTask", taskId);
  } catch {
    // The command has shown its own failure.
  }
}
