import * as vscode from "vscode";
import type { LimitNotice } from "./limit-notices.ts";
import { showInformation, showWarning } from "./messages.ts";

const SHOW = "Show";
const LIFT = "Lift Pause";

/** Tells of a limit in a message, which the person closes; never rejects. */
export async function showLimitNotice({ kind, text, liftable }: LimitNotice): Promise<void> {
  const say = kind === "ended" ? showInformation : showWarning;
  const chosen = await say(text, SHOW, ...(liftable === null ? [] : [LIFT]));
  const show = kind === "usage" ? "tally.showLimits" : "tally.sessions.focus";
  try {
    if (chosen === SHOW) await vscode.commands.executeCommand(show);
    if (chosen === LIFT) await vscode.commands.executeCommand("tally.liftPause", liftable);
  } catch {
    // The command has shown its own failure.
  }
}
