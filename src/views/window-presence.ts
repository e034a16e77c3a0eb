import * as vscode from "vscode";
import { notificationPlaceSchema, type NotificationPlace, type Presence } from "../protocol/events.ts";
import type { TerminalTabs } from "./terminal-tabs.ts";

/** Watches whether the person is in this window, and before which terminal. */
export class WindowPresence implements vscode.Disposable {
  readonly #terminals: TerminalTabs;
  readonly #changed = new vscode.EventEmitter<Presence>();
  readonly #subscriptions: vscode.Disposable[];
  #presence: Presence;

  readonly onDidChange = this.#changed.event;

  constructor(terminals: TerminalTabs) {
    this.#terminals = terminals;
    this.#presence = this.#look();
    const look = () => this.#lookAgain();
    this.#subscriptions = [
      terminals.onDidAttach(look),
      vscode.window.onDidChangeWindowState(look),
      vscode.window.onDidChangeActiveTerminal(look),
      vscode.window.onDidCloseTerminal(look),
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.window.tabGroups.onDidChangeTabGroups(look),
      vscode.workspace.onDidChangeConfiguration(look),
    ];
  }

  get now(): Presence {
    return this.#presence;
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #lookAgain(): void {
    const presence = this.#look();
    const { isFocused, frontSessionId, notifications } = this.#presence;
    const isSame =
      presence.isFocused === isFocused &&
      presence.frontSessionId === frontSessionId &&
      presence.notifications === notifications;
    if (isSame) return;
    this.#presence = presence;
    this.#changed.fire(presence);
  }

  #look(): Presence {
    return {
      type: "presence",
      isFocused: vscode.window.state.focused,
      frontSessionId: this.#terminals.frontSessionId(),
      notifications: notificationPlace(),
    };
  }
}

/** A setting is whatever the person wrote into a file. */
function notificationPlace(): NotificationPlace {
  const said = notificationPlaceSchema.safeParse(vscode.workspace.getConfiguration("tally").get("notifications"));
  return said.success ? said.data : "both";
}
