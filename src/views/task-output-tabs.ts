import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import type { Model } from "../protocol/model.ts";
import type { Task } from "../protocol/entities.ts";
import { terminalName } from "../presentation/editor-text.ts";
import { showFailure } from "./failure.ts";
import { giveKeyboard } from "./keyboard.ts";
import { runTitle } from "../presentation/run-words.ts";
import { TaskOutputPty } from "./task-output-pty.ts";
import { configuredLocation, quietLocation } from "./terminal-location.ts";

/** The tasks whose output is open in this window, kept so that a reload brings it back. */
const OPEN_KEY = "tally.openTaskOutputs";

export interface TaskOutputTabsOptions {
  readonly client: GatewayClient;
  readonly workspaceState: vscode.Memento;
}

interface OpenOutput {
  readonly pty: TaskOutputPty;
  readonly terminal: vscode.Terminal;
  /** Made in the background, and not looked at yet. */
  isQuiet: boolean;
}

/** What this window's headless tasks do: one tab each, found again when it is asked for a second time. */
export class TaskOutputTabs implements vscode.Disposable {
  readonly #options: TaskOutputTabsOptions;
  readonly #open = new Map<string, OpenOutput>();
  /** Open when this window was last unloaded, and not opened again yet. */
  readonly #unrestored: Set<string>;
  readonly #subscriptions: vscode.Disposable[];

  constructor(options: TaskOutputTabsOptions) {
    this.#options = options;
    this.#unrestored = new Set(options.workspaceState.get<string[]>(OPEN_KEY, []));
    this.#subscriptions = [
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
      vscode.window.onDidChangeActiveTerminal((terminal) => terminal && this.#activated(terminal)),
    ];
  }

  /**
   * Shows the task's output: the tab that is open in this window, else a new one.
   * @param preserveFocus the person goes on with what they do.
   */
  async show(task: Task, { preserveFocus }: { readonly preserveFocus: boolean }): Promise<void> {
    const show = () => {
      const open = this.#open.get(task.id);
      (open && !open.isQuiet ? open.terminal : this.#createAnew(task)).show(preserveFocus);
    };
    if (preserveFocus) show();
    else await giveKeyboard(show, () => this.#open.get(task.id)?.pty.whenOpened ?? Promise.resolve());
  }

  /** Opens again, in the background, what was open before the window was reloaded. */
  restore(model: Model): void {
    const ids = [...this.#unrestored];
    this.#unrestored.clear();
    for (const id of ids) {
      const task = model.tasks.get(id);
      if (task) this.#create(task, { isQuiet: true });
    }
    this.#remember();
  }

  /** After every change of the model. */
  update({ tasks }: Model): void {
    for (const [id, { pty }] of this.#open) {
      const task = tasks.get(id);
      if (task) pty.update(task);
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { pty } of this.#open.values()) pty.close();
  }

  #create(task: Task, { isQuiet }: Pick<OpenOutput, "isQuiet">): vscode.Terminal {
    const { client } = this.#options;
    const pty = new TaskOutputPty({ client, task, onFailure: (error) => void showFailure(error) });
    const terminal = vscode.window.createTerminal({
      name: terminalName(runTitle(task)),
      pty,
      iconPath: new vscode.ThemeIcon("checklist"),
      location: isQuiet ? quietLocation() : configuredLocation(),
    });
    this.#open.set(task.id, { pty, terminal, isQuiet });
    this.#unrestored.delete(task.id);
    this.#remember();
    return terminal;
  }

  /** The editor does not reliably lay out a tab that was made in the background (seen in VS Code 1.139): it gives way to a new one. */
  #createAnew(task: Task): vscode.Terminal {
    const stale = this.#open.get(task.id)?.terminal;
    const fresh = this.#create(task, { isQuiet: false });
    stale?.dispose();
    return fresh;
  }

  #activated(terminal: vscode.Terminal): void {
    for (const { pty, terminal: own, isQuiet } of this.#open.values()) {
      if (own === terminal && isQuiet) this.#createAnew(pty.task).show(true);
    }
  }

  #closed(terminal: vscode.Terminal): void {
    // The window goes, not the tab: it comes back with the window.
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    for (const [id, open] of this.#open) if (open.terminal === terminal) this.#open.delete(id);
    this.#remember();
  }

  #remember(): void {
    void this.#options.workspaceState.update(OPEN_KEY, [...this.#open.keys(), ...this.#unrestored]);
  }
}
