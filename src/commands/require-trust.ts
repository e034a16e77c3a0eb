import * as vscode from "vscode";
import { TallyError } from "../protocol/errors.ts";

/** The commands are disabled in Restricted Mode; key bindings and other extensions get here all the same. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new TallyError(
    "invalid-request",
    "Tally starts nothing in Restricted Mode. Trust this workspace first: Workspaces: Manage Workspace Trust.",
  );
}
