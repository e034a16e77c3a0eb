import { join, resolve } from "node:path";
import * as z from "zod";
import { parseJson } from "../../../protocol/json.ts";
import type { SettingSource } from "./arguments.ts";
import { mainCheckout } from "./repository.ts";
import { isSince, LOCAL_SETTINGS_OF_MAIN_SINCE } from "./versions.ts";

type ReadText = (path: string) => string | null;

const hooksSchema = z.record(z.string(), z.array(z.unknown()));
const statusLineSchema = z.looseObject({ type: z.literal("command"), command: z.string().min(1) });
export type StatusLine = z.infer<typeof statusLineSchema>;

const AUTO_CONTINUE = "autoContinueAtUsageLimit";

const variablesSchema = z.record(z.string(), z.coerce.string());
const settingsSchema = z.looseObject({
  hooks: z.unknown().optional(),
  statusLine: z.unknown().optional(),
  disableAllHooks: z.unknown().optional(),
  allowManagedHooksOnly: z.unknown().optional(),
});
type Settings = z.infer<typeof settingsSchema>;

/** Where an administrator puts settings that nobody can override. */
const managedPaths = [
  "/etc/claude-code/managed-settings.json",
  "/Library/Application Support/ClaudeCode/managed-settings.json",
];

/** The settings of the person that a launch in `cwd` will have, the strongest first. */
export interface PersonsSettings {
  readonly managed: Settings | null;
  /** What they gave to `--settings`. */
  readonly given: Settings | null;
  /** Local, project and user settings, as far as the launch reads them. */
  readonly files: readonly Settings[];
  /** Local settings of the main checkout, which not every version reads, and this one may or may not. */
  readonly perhaps: Settings | null;
}

export interface SettingsPlaces {
  readonly configHome: string;
  /** Canonical. */
  readonly cwd: string;
  readonly sources: readonly SettingSource[];
  /** The value of their `--settings`, null when they gave none. */
  readonly given: string | null;
  readonly version: string | null;
}

/** Null when they gave a `--settings` that cannot be read: then it stays as it is, for Claude Code to say so. */
export function readPersonsSettings(places: SettingsPlaces, readText: ReadText): PersonsSettings | null {
  const { configHome, cwd, sources, given, version } = places;
  const read = (...path: string[]) => parseSettings(readText(join(...path)));
  const parsed = given === null ? null : readGiven(given, cwd, readText);
  if (given !== null && !parsed) return null;

  const main = sources.includes("local") ? mainCheckout(cwd, readText) : null;
  const ofMain = main === null || main === cwd ? null : read(main, ".claude", "settings.local.json");
  const readsMain = isSince(version, LOCAL_SETTINGS_OF_MAIN_SINCE);
  const readers: Record<SettingSource, () => Settings | null> = {
    local: () => read(cwd, ".claude", "settings.local.json"),
    project: () => read(cwd, ".claude", "settings.json"),
    user: () => read(configHome, "settings.json"),
  };
  const strongestFirst = (["local", "project", "user"] as const).filter((source) => sources.includes(source));
  return {
    managed: managedPaths.map((path) => read(path)).find((settings) => settings !== null) ?? null,
    given: parsed,
    files: [readsMain ? ofMain : null, ...strongestFirst.map((source) => readers[source]())].filter(
      (settings) => settings !== null,
    ),
    perhaps: readsMain ? null : ofMain,
  };
}

function readGiven(given: string, cwd: string, readText: ReadText): Settings | null {
  const settings = parseSettings(given.trim().startsWith("{") ? given : readText(resolve(cwd, given)));
  const hasHooks = settings?.hooks === undefined || hooksSchema.safeParse(settings.hooks).success;
  return hasHooks ? settings : null;
}

function parseSettings(text: string | null): Settings | null {
  return text === null ? null : (settingsSchema.safeParse(parseJson(text)).data ?? null);
}

/** Whether hooks that a launch brings would run; neither would a status line that it brings. */
export function mayRunHooks({ managed, given, files }: PersonsSettings): boolean {
  if (managed?.allowManagedHooksOnly === true) return false;
  const strongest = [managed, given, ...files].find((settings) => typeof settings?.disableAllHooks === "boolean");
  return strongest?.disableAllHooks !== true;
}

/**
 * The status line that the person has, so that we can listen to it. Null when there is none: one of ours would take a row of the
 * screen and hide hints. Also null when an administrator chose it, for nobody can put another in its place, and when it is not sure which one it is.
 */
export function personsStatusLine({ managed, given, files, perhaps }: PersonsSettings): StatusLine | null {
  if (managed?.statusLine !== undefined) return null;
  if (given?.statusLine === undefined && perhaps?.statusLine !== undefined) return null;
  const strongest = [given, ...files].find((settings) => settings?.statusLine !== undefined);
  return statusLineSchema.safeParse(strongest?.statusLine).data ?? null;
}

/** The variables that settings put over those of the process. */
export function effectiveEnvironment(settings: PersonsSettings): Record<string, string> {
  const weakestFirst = strongestFirst(settings).reverse();
  return Object.assign({}, ...weakestFirst.map(({ env }) => variablesSchema.safeParse(env).data ?? {})) as Record<
    string,
    string
  >;
}

/** A setting that is text, from the strongest source that has it. */
export function effectiveText(settings: PersonsSettings, name: string): string | null {
  return z.string().min(1).safeParse(effective(settings, name)).data ?? null;
}

/** Whether Claude Code goes on by itself when a usage limit resets; null where nobody has said so, and it does. */
export function continuesAtLimit(settings: PersonsSettings): boolean | null {
  return z.boolean().safeParse(effective(settings, AUTO_CONTINUE)).data ?? null;
}

/** What an administrator says of that, which nobody can override. */
export function managedContinuesAtLimit({ managed }: PersonsSettings): boolean | null {
  return z.boolean().safeParse(managed?.[AUTO_CONTINUE]).data ?? null;
}

function effective(settings: PersonsSettings, name: string): unknown {
  return strongestFirst(settings).find((each) => each[name] !== undefined)?.[name];
}

function strongestFirst({ managed, given, files }: PersonsSettings): Settings[] {
  return [managed, given, ...files].filter((settings) => settings !== null);
}

/** A hook as Claude Code's settings have it. */
interface CommandHook {
  readonly type: "command";
  readonly command: string;
  readonly timeout: number;
}

/** A hook of ours, and the tools for which it runs where that is not all of them. */
export interface OurHook extends CommandHook {
  readonly event: string;
  readonly matcher?: string;
}

/** What a launch adds to the person's settings. */
export interface OurSettings {
  readonly hooks: readonly OurHook[];
  readonly statusLine: StatusLine | null;
  /** Whether it is kept from going on by itself when a usage limit resets. */
  readonly stopsAtLimit: boolean;
}

/** What they gave to `--settings` together with what is ours. Hooks of the settings files run beside these by themselves. */
export function withOurs(
  given: Settings | null,
  { hooks: ourHooks, statusLine, stopsAtLimit }: OurSettings,
): Record<string, unknown> {
  const hooks: Record<string, unknown[]> = { ...hooksSchema.safeParse(given?.hooks).data };
  for (const { event, matcher, ...hook } of ourHooks) {
    hooks[event] = [...(hooks[event] ?? []), { ...(matcher === undefined ? {} : { matcher }), hooks: [hook] }];
  }
  return {
    ...given,
    ...(Object.keys(hooks).length > 0 ? { hooks } : {}),
    ...(statusLine ? { statusLine } : {}),
    ...(stopsAtLimit ? { [AUTO_CONTINUE]: false } : {}),
  };
}
