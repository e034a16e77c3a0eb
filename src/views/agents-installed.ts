import * as vscode from "vscode";
import { programOnPath } from "../client/doctor/program-on-path.ts";
import { agentNames, DEMO_AGENT } from "../protocol/agents.ts";

const programs = agentNames.filter((name) => name !== DEMO_AGENT);

/**
 * Tells `when` clauses when no agent is installed, before any gateway runs: `tally.lacksAgent`, once that is known.
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
    await vscode.commands.executeCommand("setContext", "tally.lacksAgent", !isAny);
  }
}
