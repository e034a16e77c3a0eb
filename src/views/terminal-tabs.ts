import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import type { Model } from "../protocol/model.ts";
import type { Session } from "../protocol/entities.ts";
import type { HelperProcess } from "../protocol/worktrees.ts";
import { isHeld, staysHeldWords } from "../presentation/continuation-words.ts";
import { showFailure } from "./failure.ts";
import { giveKeyboard } from "./keyboard.ts";
import { showInformation } from "./messages.ts";
import { type ShownProgram, shownProcess, shownProgram, shownSession } from "./shown-program.ts";
import { TabPty } from "./tab-pty.ts";
import { configuredLocation, type Location, quietLocation } from "./terminal-location.ts";

/** The sessions and processes whose terminals are open in this window, kept so that a reload brings them back. */
const OPEN_KEY = "tally.openTerminals";
const QUIET_DETACH_KEY = "tally.quietDetach";

export interface TerminalTabsOptions {
  readonly client: GatewayClient;
  readonly model: () => Model;
  readonly workspaceState: vscode.Memento;
  readonly globalState: vscode.Memento;
}

interface OpenTerminal {
  readonly pty: TabPty;
  /** Unset for the moment between our making it and the editor's opening it. */
  terminal: vscode.Terminal | undefined;
  name: string;
}

/** The terminals of this window's sessions and processes: one tab each, found again when it is asked for a second time. */
export class TerminalTabs implements vscode.Disposable {
  readonly #options: TerminalTabsOptions;
  readonly #open = new Map<string, OpenTerminal>();
  /** Open when this window was last unloaded, and not opened again yet. */
  readonly #unrestored: Set<string>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #attached = new vscode.EventEmitter<void>();

  /** A terminal was looked at for the first time. */
  readonly onDidAttach = this.#attached.event;

  constructor(options: TerminalTabsOptions) {
    this.#options = options;
    this.#unrestored = new Set(options.workspaceState.get<string[]>(OPEN_KEY, []));
    this.#subscriptions = [
      vscode.window.onDidOpenTerminal((terminal) => this.#opened(terminal)),
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
      vscode.window.onDidChangeActiveTerminal((terminal) => terminal && tabPtyOf(terminal)?.activated()),
    ];
  }

  /** Shows the session's terminal: the one that is open in this window, else a new one. */
  async show(session: Session): Promise<void> {
    await this.#show(shownSession(session));
  }

  /** Shows the process's terminal, likewise. */
  async showProcess(process: HelperProcess): Promise<void> {
    const worktree = this.#options.model().worktrees.get(process.worktreeId);
    await this.#show(shownProcess(process, worktree));
  }

  /** What the editor makes a tab of the session from. */
  describe(session: Session): vscode.ExtensionTerminalOptions {
    return this.#describe(shownSession(session), { isShown: true });
  }

  /** As {@link describe}, for a tab that the editor makes by itself: it leaves that one behind the present one (seen in VS Code 1.139). */
  describeForProfile(session: Session): vscode.ExtensionTerminalOptions {
    const options = this.describe(session);
    const opened = vscode.window.onDidOpenTerminal((terminal) => {
      if (tabPtyOf(terminal) !== options.pty) return;
      opened.dispose();
      void giveKeyboard(() => terminal.show());
    });
    this.#subscriptions.push(opened);
    return options;
  }

  /** The session whose terminal the person looks at, if any. */
  activeSessionId(): string | null {
    const active = vscode.window.activeTerminal;
    const pty = active ? tabPtyOf(active) : null;
    return pty?.isSession ? pty.programId : null;
  }

  /**
   * The session whose terminal is on the screen, as far as the editor tells: not whether the panel is hidden, but which tab
   * of an editor group is.
   */
  frontSessionId(): string | null {
    const active = vscode.window.activeTerminal;
    const pty = active ? tabPtyOf(active) : null;
    if (!active || !pty?.isSession || !pty.isAttached) return null;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => isTabOf(tab, active));
    return tabs.length === 0 || tabs.some((tab) => tab.isActive) ? pty.programId : null;
  }

  /** Whether this window showed terminals before it was reloaded, which are to come back. */
  get isIncomplete(): boolean {
    return this.#unrestored.size > 0;
  }

  /** Opens again, in the background, what was open before the window was reloaded and has not ended meanwhile. */
  restore(model: Model): void {
    const ids = [...this.#unrestored];
    this.#unrestored.clear();
    for (const id of ids) {
      const program = shownProgram(model, id);
      if (program?.isLive) this.#create(program, quietLocation(), { isShown: false });
    }
    this.#remember();
  }

  /** Keeps the tabs and their names true. */
  update(model: Model): void {
    for (const [id, open] of this.#open) {
      const program = shownProgram(model, id);
      if (!program) {
        if (open.pty.isOfWorktreeGone(model)) this.close(id);
        continue;
      }
      open.pty.update(program);
      if (program.name === open.name) continue;
      open.name = program.name;
      open.pty.rename(program.name);
    }
  }

  /** Closes the tab of a session or a process that is gone. */
  close(id: string): void {
    this.#open.get(id)?.terminal?.dispose();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { pty } of this.#open.values()) pty.close();
  }

  async #show(program: ShownProgram): Promise<void> {
    const show = () => {
      const open = this.#open.get(program.id);
      const usable = open?.pty.isUnsized ? undefined : open?.terminal;
      (usable ?? this.#createAnew(program)).show();
    };
    await giveKeyboard(show, () => this.#open.get(program.id)?.pty.whenOpened ?? Promise.resolve());
  }

  #describe(program: ShownProgram, { isShown }: { readonly isShown: boolean }): vscode.ExtensionTerminalOptions {
    const pty = new TabPty({
      client: this.#options.client,
      program,
      isShown,
      onUnsized: () => this.#createAnew(shownProgram(this.#options.model(), program.id) ?? program).show(true),
      onAttached: () => this.#attached.fire(),
      onFailure: (error) => void showFailure(error),
    });
    const { id, name, icon } = program;
    this.#open.set(id, { pty, terminal: undefined, name });
    this.#unrestored.delete(id);
    this.#remember();
    return { name, pty, iconPath: icon };
  }

  #create(program: ShownProgram, location: Location, { isShown }: { isShown: boolean }): vscode.Terminal {
    const terminal = vscode.window.createTerminal({ ...this.#describe(program, { isShown }), location });
    this.#opened(terminal);
    return terminal;
  }

  /**
   * The editor does not reliably lay out a tab that was made in the background (seen in VS Code 1.139), so it gives way
   * to a new one once it is looked at.
   */
  #createAnew(program: ShownProgram): vscode.Terminal {
    const stale = this.#open.get(program.id)?.terminal;
    const fresh = this.#create(program, configuredLocation(), { isShown: true });
    // Before the fresh one is shown: the tab beside a disposed one comes to the front.
    stale?.dispose();
    return fresh;
  }

  #opened(terminal: vscode.Terminal): void {
    const pty = tabPtyOf(terminal);
    const open = pty === null ? undefined : this.#open.get(pty.programId);
    if (open !== undefined && open.pty === pty) open.terminal = terminal;
  }

  #closed(terminal: vscode.Terminal): void {
    const pty = tabPtyOf(terminal);
    if (!pty || this.#open.get(pty.programId)?.pty !== pty) return;
    // The window goes, not the tab: it comes back with the window.
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    this.#open.delete(pty.programId);
    this.#remember();
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.User) void this.#sayDetached(pty.programId);
  }

  /** Closing a tab looks like ending what ran in it, so it is said that it does not. */
  async #sayDetached(sessionId: string): Promise<void> {
    const session = this.#options.model().sessions.get(sessionId);
    if (!session || session.endedAt !== null || this.#options.globalState.get<boolean>(QUIET_DETACH_KEY, false)) return;
    const held = isHeld(session);
    const said = held ? staysHeldWords(session, Date.now()) : `"${session.title}" runs on in the background.`;
    const end = held ? "Call Off" : "End";
    const choice = await showInformation(said, "Show", end, "Don't Show Again");
    if (choice === "Show") await this.show(session);
    if (choice === end) await vscode.commands.executeCommand("tally.endSession", session.id);
    if (choice === "Don't Show Again") await this.#options.globalState.update(QUIET_DETACH_KEY, true);
  }

  #remember(): void {
    void this.#options.workspaceState.update(OPEN_KEY, [...this.#open.keys(), ...this.#unrestored]);
  }
}

function tabPtyOf(terminal: vscode.Terminal): TabPty | null {
  const options = terminal.creationOptions;
  return "pty" in options && options.pty instanceof TabPty ? options.pty : null;
}

/** A tab of the editor area says no more of its terminal than the name. */
function isTabOf({ input, label }: vscode.Tab, terminal: vscode.Terminal): boolean {
  return input instanceof vscode.TabInputTerminal && label === terminal.name;
}
