import * as vscode from "vscode";
import type { Model } from "../client/model.ts";

/** What `when` clauses in package.json ask about sessions. */
export class ContextKeys {
  #hasSessions = false;

  show(model: Model): void {
    const hasSessions = model.sessions.size > 0;
    if (hasSessions === this.#hasSessions) return;
    this.#hasSessions = hasSessions;
    void vscode.commands.executeCommand("setContext", "tally.hasSessions", hasSessions);
  }
}
