import * as vscode from "vscode";
import { oneLine } from "../protocol/visible.ts";
import type { WorktreeNotice } from "./worktree-notices.ts";
import { showWarning } from "./messages.ts";

const MAX_LENGTH = 300;
const SHOW = "Show";
const RESTART = "Restart";
const REPAIR = "Repair";

/** Tells of a failure in a message, with what can be done about it; never rejects. */
export async function showWorktreeNotice({ kind, id, text }: WorktreeNotice): Promise<void> {
  const offered = kind === "process" ? [SHOW, RESTART] : [REPAIR];
  const chosen = await showWarning(oneLine(text, MAX_LENGTH), ...offered);
  const commands: Record<string, string> = {
    [SHOW]: "tally.showProcess",
    [RESTART]: "tally.restartProcess",
    [REPAIR]: "tally.repairWorktree",
  };
  const command = chosen === undefined ? undefined : commands[chosen];
  try {
    if (command) await vscode.commands.executeCommand(command, id);
  } catch {
    // The command has shown its own failure.
  }
}
