import { dirname, join } from "node:path";
import * as z from "zod";
import { parseJsonc } from "../jsonc.ts";

const section = z.record(z.string(), z.unknown()).optional().catch(undefined);
const settingsSchema = z.looseObject({
  ui: section,
  hooks: section,
  hooksConfig: section,
  model: section,
  security: section,
});
export type Settings = z.infer<typeof settingsSchema>;

export interface SettingsPlaces {
  /** The administrator's, weaker than the person's own. */
  readonly defaults: string;
  readonly user: string;
  readonly project: string;
  /** The administrator's, stronger than all. */
  readonly system: string;
}

/** Where Gemini CLI looks for settings. */
export function settingsPlaces(
  env: Readonly<Record<string, string>>,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): SettingsPlaces {
  const system = env["GEMINI_CLI_SYSTEM_SETTINGS_PATH"] || join(systemFolder(platform), "settings.json");
  return {
    defaults: env["GEMINI_CLI_SYSTEM_DEFAULTS_PATH"] || join(dirname(system), "system-defaults.json"),
    user: join(geminiFolder(env), "settings.json"),
    project: join(cwd, ".gemini", "settings.json"),
    system,
  };
}

function systemFolder(platform: NodeJS.Platform): string {
  if (platform === "darwin") return "/Library/Application Support/GeminiCli";
  return platform === "win32" ? "C:\\ProgramData\\gemini-cli" : "/etc/gemini-cli";
}

/** Where Gemini CLI keeps what is the person's. */
export function geminiFolder(env: Readonly<Record<string, string>>): string {
  return join(env["GEMINI_CLI_HOME"] || env["HOME"] || env["USERPROFILE"] || "/", ".gemini");
}

/** Reads a settings file, which may hold comments. Null when it holds no settings. */
export function readSettings(text: string): Settings | null {
  return settingsSchema.safeParse(parseJsonc(text)).data ?? null;
}

/** Whether the terminal's title tells the state. @param settings from the weakest to the strongest. */
export function tellsByTitle(settings: readonly Settings[]): boolean {
  const strongest = (key: string) => settings.map(({ ui }) => ui?.[key]).findLast((value) => value !== undefined);
  return !means(true, strongest("hideWindowTitle")) && !means(false, strongest("dynamicWindowTitle"));
}

/** A switch may be written as a word. */
function means(wanted: boolean, value: unknown): boolean {
  return value === wanted || value === String(wanted);
}

const events = ["SessionStart", "BeforeAgent", "Notification", "AfterTool", "AfterAgent"] as const;

/** It only hands over, in milliseconds; this is for a machine that is out of breath. */
const HOOK_TIMEOUT_MS = 5_000;

/**
 * The administrator's defaults with hooks of ours behind theirs. Defaults are what is weaker than the person's own settings, and lists of
 * hooks from all places run together.
 * @param command what `/bin/sh` runs for each.
 * @param isQuiet whether hooks may run without a line on the screen that says so.
 */
export function withHooks(defaults: Settings, command: string, isQuiet: boolean): Settings {
  const ours = { hooks: [{ name: "tally", type: "command", command, timeout: HOOK_TIMEOUT_MS }] };
  const theirs = defaults.hooks ?? {};
  const before = (event: string): unknown[] => (Array.isArray(theirs[event]) ? theirs[event] : []);
  return {
    ...defaults,
    hooks: { ...theirs, ...Object.fromEntries(events.map((event) => [event, [...before(event), ours]])) },
    ...(isQuiet ? { hooksConfig: { notifications: false, ...defaults.hooksConfig } } : {}),
  };
}
