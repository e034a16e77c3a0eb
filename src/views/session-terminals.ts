import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import type { Model } from "../client/model.ts";
import type { Session } from "../protocol/entities.ts";
import { isHeld, staysHeldWords } from "./continuation-words.ts";
import { showFailure } from "./failure.ts";
import { SessionPty } from "./session-pty.ts";
import { sessionIcon } from "./state-icons.ts";

/** The sessions whose terminals are open in this window, kept so that a reload brings them back. */
const OPEN_KEY = "tally.openTerminals";
const QUIET_DETACH_KEY = "tally.quietDetach";

type Location = vscode.TerminalLocation | vscode.TerminalEditorLocationOptions;

export interface SessionTerminalsOptions {
  readonly client: GatewayClient;
  readonly model: () => Model;
  readonly workspaceState: vscode.Memento;
  readonly globalState: vscode.Memento;
}

interface OpenTerminal {
  readonly pty: SessionPty;
  /** Unset for the moment between our making it and the editor's opening it. */
  terminal: vscode.Terminal | undefined;
  name: string;
}

/** The terminals of this window's sessions: one tab a session, found again when it is asked for a second time. */
export class SessionTerminals implements vscode.Disposable {
  readonly #options: SessionTerminalsOptions;
  readonly #open = new Map<string, OpenTerminal>();
  /** Open when this window was last unloaded, and not opened again yet. */
  readonly #unrestored: Set<string>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #attached = new vscode.EventEmitter<void>();

  /** A terminal was looked at for the first time. */
  readonly onDidAttach = this.#attached.event;

  constructor(options: SessionTerminalsOptions) {
    this.#options = options;
    this.#unrestored = new Set(options.workspaceState.get<string[]>(OPEN_KEY, []));
    this.#subscriptions = [
      vscode.window.onDidOpenTerminal((terminal) => this.#opened(terminal)),
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
      vscode.window.onDidChangeActiveTerminal((terminal) => terminal && sessionPtyOf(terminal)?.activated()),
    ];
  }

  /** Shows the session's terminal: the one that is open in this window, else a new one. */
  show(session: Session): void {
    const open = this.#open.get(session.id);
    if (open?.terminal && !open.pty.isUnsized) open.terminal.show();
    else this.#createAnew(session).show();
  }

  /** What the editor makes a tab of the session from. */
  describe(session: Session, { isShown } = { isShown: true }): vscode.ExtensionTerminalOptions {
    const pty = new SessionPty({
      client: this.#options.client,
      session,
      isShown,
      onUnsized: () => this.#createAnew(session).show(true),
      onAttached: () => this.#attached.fire(),
      onFailure: (error) => void showFailure(error),
    });
    this.#open.set(session.id, { pty, terminal: undefined, name: session.title });
    this.#unrestored.delete(session.id);
    this.#remember();
    return { name: session.title, pty, iconPath: sessionIcon(session) };
  }

  /** As {@link describe}, for a tab that the editor makes by itself: it leaves that one behind the present one (seen in VS Code 1.139). */
  describeForProfile(session: Session): vscode.ExtensionTerminalOptions {
    const options = this.describe(session);
    const opened = vscode.window.onDidOpenTerminal((terminal) => {
      if (sessionPtyOf(terminal) !== options.pty) return;
      opened.dispose();
      terminal.show();
    });
    this.#subscriptions.push(opened);
    return options;
  }

  /** The session whose terminal the person looks at, if any. */
  activeSessionId(): string | null {
    const active = vscode.window.activeTerminal;
    return active ? (sessionPtyOf(active)?.sessionId ?? null) : null;
  }

  /**
   * The session whose terminal is on the screen, as far as the editor tells: not whether the panel is hidden, but which tab
   * of an editor group is.
   */
  frontSessionId(): string | null {
    const active = vscode.window.activeTerminal;
    const pty = active ? sessionPtyOf(active) : null;
    if (!active || !pty?.isAttached) return null;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => isTabOf(tab, active));
    return tabs.length === 0 || tabs.some((tab) => tab.isActive) ? pty.sessionId : null;
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
      const session = model.sessions.get(id);
      if (session?.endedAt === null) this.#create(session, quietLocation(), { isShown: false });
    }
    this.#remember();
  }

  /** Keeps the tabs and their names true. */
  update(model: Model): void {
    for (const [id, open] of this.#open) {
      const session = model.sessions.get(id);
      if (!session) continue;
      open.pty.update(session);
      const name = session.endedAt === null ? session.title : `${session.title} (ended)`;
      if (name === open.name) continue;
      open.name = name;
      open.pty.rename(name);
    }
  }

  /** Closes the tab of a session that is gone. */
  close(sessionId: string): void {
    this.#open.get(sessionId)?.terminal?.dispose();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { pty } of this.#open.values()) pty.close();
  }

  #create(session: Session, location: Location, { isShown }: { isShown: boolean }): vscode.Terminal {
    const terminal = vscode.window.createTerminal({ ...this.describe(session, { isShown }), location });
    this.#opened(terminal);
    return terminal;
  }

  /**
   * The editor does not reliably lay out a tab that was made in the background (seen in VS Code 1.139), so it gives way
   * to a new one once it is looked at.
   */
  #createAnew(session: Session): vscode.Terminal {
    const stale = this.#open.get(session.id)?.terminal;
    const fresh = this.#create(session, configuredLocation(), { isShown: true });
    // Before the fresh one is shown: the tab beside a disposed one comes to the front.
    stale?.dispose();
    return fresh;
  }

  #opened(terminal: vscode.Terminal): void {
    const pty = sessionPtyOf(terminal);
    const open = pty === null ? undefined : this.#open.get(pty.sessionId);
    if (open !== undefined && open.pty === pty) open.terminal = terminal;
  }

  #closed(terminal: vscode.Terminal): void {
    const pty = sessionPtyOf(terminal);
    if (!pty || this.#open.get(pty.sessionId)?.pty !== pty) return;
    // The window goes, not the tab: it comes back with the window.
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.Shutdown) return;
    this.#open.delete(pty.sessionId);
    this.#remember();
    if (terminal.exitStatus?.reason === vscode.TerminalExitReason.User) void this.#sayDetached(pty.sessionId);
  }

  /** Closing a tab looks like ending what ran in it, so it is said that it does not. */
  async #sayDetached(sessionId: string): Promise<void> {
    const session = this.#options.model().sessions.get(sessionId);
    if (!session || session.endedAt !== null || this.#options.globalState.get<boolean>(QUIET_DETACH_KEY, false)) return;
    const held = isHeld(session);
    const said = held ? staysHeldWords(session, Date.now()) : `"${session.title}" runs on in the background.`;
    const end = held ? "Call Off" : "End";
    const choice = await vscode.window.showInformationMessage(said, "Show", end, "Don't Show Again");
    if (choice === "Show") this.show(session);
    if (choice === end) await vscode.commands.executeCommand("tally.endSession", session.id);
    if (choice === "Don't Show Again") await this.#options.globalState.update(QUIET_DETACH_KEY, true);
  }

  #remember(): void {
    void this.#options.workspaceState.update(OPEN_KEY, [...this.#open.keys(), ...this.#unrestored]);
  }
}

function sessionPtyOf(terminal: vscode.Terminal): SessionPty | null {
  const options = terminal.creationOptions;
  return "pty" in options && options.pty instanceof SessionPty ? options.pty : null;
}

/** A tab of the editor area says no more of its terminal than the name. */
function isTabOf({ input, label }: vscode.Tab, terminal: vscode.Terminal): boolean {
  return input instanceof vscode.TabInputTerminal && label === terminal.name;
}

function inEditor(): boolean {
  return vscode.workspace.getConfiguration("tally").get("terminal.location") === "editor";
}

function configuredLocation(): Location {
  return inEditor() ? { viewColumn: vscode.ViewColumn.Active } : vscode.TerminalLocation.Panel;
}

function quietLocation(): Location {
  return inEditor() ? { viewColumn: vscode.ViewColumn.Active, preserveFocus: true } : vscode.TerminalLocation.Panel;
}
