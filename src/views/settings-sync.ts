import * as vscode from "vscode";
import type { GatewayClient } from "../client/http.ts";
import type { Settings } from "../protocol/limits.ts";
import { PERSONAS_KEY, settingKeys, type SettingProblem, settingsOf } from "./tally-settings.ts";
import { showWarning } from "./messages.ts";

/** What this editor told a gateway last, so that a setting which is taken back is told too. */
const TOLD_KEY = "tally.toldSettings";

export interface SettingsSyncOptions {
  readonly client: GatewayClient;
  readonly memory: vscode.Memento;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Tells the gateway what the person has set: when this window has joined it, and at every change. An editor in which nothing was
 * ever set keeps quiet, so that it does not undo what was set in another one on the same machine.
 */
export class SettingsSync implements vscode.Disposable {
  readonly #options: SettingsSyncOptions;
  readonly #subscription: vscode.Disposable;
  #isJoined = false;
  #settings: Settings;
  #warned = "";

  constructor(options: SettingsSyncOptions) {
    this.#options = options;
    this.#settings = this.#read();
    this.#subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      const keys = [...Object.values(settingKeys), PERSONAS_KEY];
      if (!keys.some((key) => event.affectsConfiguration(`tally.${key}`))) return;
      this.#settings = this.#read();
      if (this.#isJoined) this.#tell();
    });
  }

  /** What the person has set, of what is valid. */
  get settings(): Settings {
    return this.#settings;
  }

  /** The window follows a gateway, this one anew. */
  joined(): void {
    this.#isJoined = true;
    const isSaid = isAnythingSet() || this.#options.memory.get<string>(TOLD_KEY) !== undefined;
    if (isSaid) this.#tell();
  }

  /** The gateway is gone; the next one is told when it is there. */
  left(): void {
    this.#isJoined = false;
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tell(): void {
    const settings = this.#settings;
    const { client, memory, onFailure } = this.#options;
    client.call("setSettings", { body: settings }).catch(onFailure);
    void memory.update(TOLD_KEY, isAnythingSet() ? JSON.stringify(settings) : undefined);
  }

  #read(): Settings {
    const configuration = vscode.workspace.getConfiguration("tally");
    const { settings, problems } = settingsOf((key) => configuration.get(key));
    this.#warn(problems);
    return settings;
  }

  /** Once for the same problems, however often the settings change besides. */
  #warn(problems: readonly SettingProblem[]): void {
    const [first, ...others] = problems;
    const key = JSON.stringify(problems);
    if (key === this.#warned) return;
    this.#warned = key;
    if (!first) return;
    const more = others.length > 0 ? ` (and ${others.length} more)` : "";
    void offerSettings(
      `Tally does not understand the setting ${first.key}: ${first.text}${more} It counts as not set.`,
      first.key,
    );
  }
}

async function offerSettings(message: string, key: string): Promise<void> {
  const open = "Open Settings";
  if ((await showWarning(message, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", key);
  }
}

function isAnythingSet(): boolean {
  const configuration = vscode.workspace.getConfiguration("tally");
  return [...Object.values(settingKeys), PERSONAS_KEY].some(
    (key) => configuration.inspect(key)?.globalValue !== undefined,
  );
}
