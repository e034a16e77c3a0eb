import * as vscode from "vscode";
import type { Tally } from "./tally.ts";

/** `<extension>#<walkthrough>`, as package.json contributes it. */
const WALKTHROUGH = "tally.tally#getStarted";

export async function openWalkthrough(_tally: Tally): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false);
}
