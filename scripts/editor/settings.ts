export interface EditorSettings {
  readonly theme?: "dark" | "light";
  /** Whether the editor asks before it trusts a folder, as it does for users. Default: it trusts every folder. */
  readonly workspaceTrust?: boolean;
}

/** Settings of an editor that shows nothing but the work: no welcome page, no updates, no AI of its own. */
export function quietSettings({ theme = "dark", workspaceTrust = false }: EditorSettings = {}): Record<
  string,
  unknown
> {
  return {
    "chat.disableAIFeatures": true,
    "extensions.autoCheckUpdates": false,
    "extensions.ignoreRecommendations": true,
    "git.openRepositoryInParentFolders": "never",
    "remote.autoForwardPorts": false,
    "security.workspace.trust.enabled": workspaceTrust,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "workbench.colorTheme": theme === "dark" ? "Dark Modern" : "Light Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
  };
}

/** On top of these, what lets a test read the screen: a terminal in the DOM instead of on a canvas, and nothing that moves. */
export const readableScreen: Readonly<Record<string, unknown>> = {
  "editor.cursorBlinking": "solid",
  "terminal.integrated.cursorBlinking": false,
  "terminal.integrated.gpuAcceleration": "off",
  "workbench.reduceMotion": "on",
};
