import * as vscode from "vscode";
import { programOnPath } from "../client/doctor/program-on-path.ts";
import { agentNames } from "../protocol/agents.ts";

/** All but the one that comes with Tally; each has a program of its name. */
const programs = agentNames.filter((name) => name !== "demo");

/**
 * Tells `when` clauses whether an agent is installed, before any gateway runs: `tally.hasAgent`, and `tally.lacksAgent` once that is known.
 * Looks again whenever the person comes back to the window, until there is one.
 */
export class AgentsInstalled implements vscode.Disposable {
  readonly #path: string;
  readonly #subscription: vscode.Disposable;

  constructor(path: string) {
    this.#path = path;
    this.#subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void this.#look();
    });
    void this.#look();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #look(): Promise<void> {
    const found = await Promise.all(programs.map((program) => programOnPath(program, this.#path)));
    const isAny = found.some((file) => file !== null);
    if (isAny) this.#subscription.dispose();
    await vscode.commands.executeCommand("setContext", "tally.hasAgent", isAny);
    await vscode.commands.executeCommand("setContext", "tally.lacksAgent", !isAny);
  }
}
