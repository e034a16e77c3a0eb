import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AgentAdapter, AgentLaunch, LaunchRequest, WatchedFile, Whereabouts } from "./adapter.ts";
import { endpointVariables, geminiAccount } from "./gemini/account.ts";
import { type Invocation, readArguments, resumeArguments } from "./gemini/arguments.ts";
import { chatReader } from "./gemini/chat.ts";
import { type Disk, findChat, realDisk } from "./gemini/chat-files.ts";
import { geminiHeadless } from "./gemini/headless.ts";
import { readHook } from "./gemini/hooks.ts";
import { readScreen } from "./gemini/screen.ts";
import {
  geminiFolder,
  readSettings,
  type Settings,
  settingsPlaces,
  tellsByTitle,
  withHooks,
} from "./gemini/settings.ts";
import { readNotification, readTitle } from "./gemini/terminal.ts";
import { HOOKS_BEFORE, HOOKS_SINCE, SESSION_ID_SINCE, TITLES_SINCE } from "./gemini/versions.ts";
import { hereAndNow } from "./here-and-now.ts";
import { isSince } from "./version-order.ts";
import type { SignalSource } from "./reading.ts";

const HOOK_FILE = "gemini-hook.sh";
const DEFAULTS_FILE = "gemini-defaults.json";

export const gemini: AgentAdapter = {
  name: "gemini",
  label: "Gemini CLI",
  program: "gemini",
  installHint: "npm install -g @google/gemini-cli",
  plan,
  title: () => "Gemini CLI",
  account: geminiAccount,
  configHomeVariable: "GEMINI_CLI_HOME",
  keptVariables: endpointVariables,
  resume: resumeArguments,
  firstPrompt: (prompt) => [`--prompt-interactive=${prompt}`],
  // Enter in the same write, or within 30 ms, is taken for a line break of what is pasted.
  typing: { submitAfterMs: 150 },
  headless: geminiHeadless,
  reads: {
    hook: readHook,
    files: (whereabouts) => watchedFiles(whereabouts, realDisk),
    title: readTitle,
    notification: readNotification,
    screen: readScreen,
  },
};

async function plan(request: LaunchRequest): Promise<AgentLaunch> {
  const { args, find, mode, versionOf } = request;
  const file = find("gemini");
  const version = await versionOf(file);
  const invocation = readArguments(args, mode === "pty");
  const settings = foundSettings(request);
  const hooks = hooking(request, invocation, version, settings);
  const tellsTitle = mode === "pty" && isSince(version, TITLES_SINCE) && tellsByTitle(Object.values(settings));
  const expects: SignalSource[] =
    invocation.form === "interactive"
      ? [...(tellsTitle ? ["title" as const] : []), ...(hooks ? ["hook" as const] : [])]
      : [];
  const newId = mayName(invocation, version) ? randomUUID() : null;
  return {
    file,
    args: [...(newId === null ? [] : ["--session-id", newId]), ...args],
    env: hooks?.env ?? {},
    version,
    conversationId: newId ?? invocation.conversationId,
    files: hooks?.files ?? {},
    continuesItself: false,
    expects,
    whereabouts: followed(request, invocation, { newId, isEndTold: expects.length > 0 }),
  };
}

/**
 * Only a run without a person is given an id. With one, Gemini CLI starts itself anew with the same arguments, after its dialog about trust
 * in a new folder or a change of settings, and would then refuse the id as taken.
 */
function mayName({ form, isConversationChosen }: Invocation, version: string | null): boolean {
  return form === "headless" && !isConversationChosen && isSince(version, SESSION_ID_SINCE);
}

/** From the weakest to the strongest. */
type FoundSettings = Record<"defaults" | "user" | "project" | "system", Settings>;

function foundSettings({ env, cwd, readText }: LaunchRequest): FoundSettings {
  const places = settingsPlaces(env, cwd);
  const read = (path: string): Settings => readSettings(readText(path) ?? "{}") ?? {};
  return {
    defaults: read(places.defaults),
    user: read(places.user),
    project: read(places.project),
    system: read(places.system),
  };
}

/** Switches hooks on for this launch, where the version lets that be done without touching the person's files. */
function hooking(
  { hooks, folder, env, cwd, readText }: LaunchRequest,
  { form }: Invocation,
  version: string | null,
  settings: FoundSettings,
): Pick<AgentLaunch, "env" | "files"> | null {
  // Its pre-releases refuse them already.
  const release = version?.split("-", 1)[0] ?? null;
  if (!hooks || form === "other" || !isSince(version, HOOKS_SINCE) || isSince(release, HOOKS_BEFORE)) return null;
  // What the administrator's file says would be lost if it cannot be read.
  const theirs = readText(settingsPlaces(env, cwd).defaults);
  if (theirs !== null && readSettings(theirs) === null) return null;
  const areTheirs = Object.values(settings).some((each) => each.hooks !== undefined);
  // A file of its own, for in a setting every `$NAME` is replaced from the environment.
  const command = `exec /bin/sh '${join(folder, HOOK_FILE).replaceAll("'", "'\\''")}'`;
  return {
    env: { GEMINI_CLI_SYSTEM_DEFAULTS_PATH: join(folder, DEFAULTS_FILE) },
    files: {
      [HOOK_FILE]: `${hooks.report("hook")}\n`,
      [DEFAULTS_FILE]: JSON.stringify(withHooks(settings.defaults, command, !areTheirs)),
    },
  };
}

/** What is needed to find the chat file; nothing where no conversation starts. */
function followed(
  { env }: LaunchRequest,
  invocation: Invocation,
  { newId, isEndTold }: { newId: string | null; isEndTold: boolean },
): AgentLaunch["whereabouts"] {
  const { form, conversationId, isConversationChosen, prompt } = invocation;
  if (form === "other") return {};
  const id = newId ?? conversationId;
  return {
    geminiFolder: geminiFolder(env),
    launchedAt: String(Date.now()),
    ...(id !== null ? { conversationId: id } : { begins: isConversationChosen ? "unknown" : "new" }),
    ...(prompt !== null ? { prompt } : {}),
    ...(isEndTold ? { isEndTold: "yes" } : {}),
  };
}

function watchedFiles({ launch, cwd, transcriptPath }: Whereabouts, disk: Disk): WatchedFile[] {
  const { geminiFolder: folder, conversationId: id, begins } = launch;
  if (folder === undefined) return [];
  const launchedAt = Number(launch["launchedAt"] ?? 0);
  const isEndTold = launch["isEndTold"] === "yes";
  const conversation = id !== undefined ? { id } : begins === "new" ? "new" : "unknown";
  const sought = { geminiFolder: folder, cwd, launchedAt, conversation, prompt: launch["prompt"] ?? null } as const;
  const path = transcriptPath ?? findChat(sought, disk);
  return path === null
    ? []
    : [
        {
          source: "transcript",
          path,
          format: "jsonl",
          reader: () => chatReader({ launchedAt, isEndTold, timeZone: hereAndNow().timeZone }),
        },
      ];
}
