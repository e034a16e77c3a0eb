import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../progress.mjs";
import { quietSettings } from "./settings.ts";
import { onPath } from "./tools.ts";

/** The `code` command of a desktop VS Code that can open a window here. */
export function findDesktop(): string | undefined {
  // In a terminal of VS Code's server `code` is a remote control of that window; in WSL it opens an editor outside.
  if (process.env["VSCODE_IPC_HOOK_CLI"] || process.env["WSL_DISTRO_NAME"]) return undefined;
  // Electron starts neither as root nor without a display.
  if (process.getuid?.() === 0) return undefined;
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return undefined;
  return onPath("code");
}

export interface DesktopOptions {
  readonly folder: string;
  /** Settings and extensions of this editor. A folder of its own also makes it a process of its own, with the environment given here. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly vsix: string;
}

/** Opens a window and resolves when the person has closed it. */
export async function openDesktop(code: string, { folder, dataDir, env, vsix }: DesktopOptions): Promise<void> {
  mkdirSync(join(dataDir, "User"), { recursive: true });
  writeFileSync(join(dataDir, "User", "settings.json"), JSON.stringify(quietSettings(), null, 2));
  const own = ["--user-data-dir", dataDir, "--extensions-dir", join(dataDir, "extensions")];
  await run(code, [...own, "--install-extension", vsix], { env });
  await run(code, [...own, "--new-window", "--wait", folder], { env });
}
