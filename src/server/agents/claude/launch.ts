import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AgentLaunch, HookLines, LaunchRequest } from "../adapter.ts";
import type { SignalSource } from "../reading.ts";
import { type Invocation, readArguments } from "./arguments.ts";
import { configHome } from "./places.ts";
import {
  mayRunHooks,
  type OurHook,
  personsStatusLine,
  readPersonsSettings,
  type StatusLine,
  withOurs,
} from "./settings.ts";
import {
  FAILURE_HOOKS_SINCE,
  isSince,
  LAUNCH_FLAGS_SINCE,
  PERMISSION_REQUEST_HOOK_SINCE,
  PROGRAM_STATUS_SINCE,
  STATE_FILE_SINCE,
} from "./versions.ts";

/** A hook that only hands over takes milliseconds; this is for a machine that is out of breath. */
const REPORT_SECONDS = 10;
/** As long as nobody answers, the dialog is there as well; so this costs nothing but a sleeping shell. */
const ANSWER_SECONDS = 3600;

/** In 2.1.329 this hook sees nothing of the plan, and the dialog stays although it allows. */
const UNANSWERABLE_TOOL = "ExitPlanMode";

const SETTINGS_FILE = "settings.json";

interface Launch {
  readonly request: LaunchRequest;
  readonly invocation: Invocation;
  readonly version: string | null;
  readonly isPrint: boolean;
}

/** How to start Claude Code so that it tells what it does. Without our flags where they have no place. */
export async function plan(request: LaunchRequest): Promise<AgentLaunch> {
  const file = request.find("claude");
  const version = await request.versionOf(file);
  const invocation = readArguments(request.args);
  const whereabouts = { configHome: configHome(request.env), launchedAt: String(Date.now()) };
  const bare = { file, env: {}, version, files: {}, whereabouts };
  if (!invocation.startsConversation || !isSince(version, LAUNCH_FLAGS_SINCE)) {
    return { ...bare, args: [...request.args], conversationId: null, expects: [] };
  }

  const launch: Launch = { request, invocation, version, isPrint: invocation.isPrint || request.mode === "pipes" };
  const settings = settingsFor(launch);
  const newId = invocation.choosesConversation ? null : randomUUID();
  const otherArgs = settings ? (invocation.settings?.otherArgs ?? request.args) : request.args;
  const ourArgs = [
    ...(settings ? ["--settings", join(request.folder, SETTINGS_FILE)] : []),
    ...(newId === null ? [] : ["--session-id", newId]),
  ];
  return {
    ...bare,
    args: [...ourArgs, ...otherArgs],
    conversationId: newId ?? invocation.conversationId,
    files: settings ? { [SETTINGS_FILE]: JSON.stringify(settings, null, 2) } : {},
    expects: expected(launch, settings !== null),
  };
}

/** The settings to launch with. Null where they would change nothing, or what the person gave cannot be read. */
function settingsFor({ request, invocation, version, isPrint }: Launch): Record<string, unknown> | null {
  const { hooks, env, cwd, readText } = request;
  if (hooks === null || !invocation.mayRunHooks || env["CLAUDE_CODE_SIMPLE"] || env["CLAUDE_CODE_SAFE_MODE"])
    return null;
  const places = {
    configHome: configHome(env),
    cwd,
    sources: invocation.settingSources,
    given: invocation.settings?.value ?? null,
    version,
  };
  const theirs = readPersonsSettings(places, readText);
  if (!theirs || !mayRunHooks(theirs)) return null;
  const statusLine = isPrint ? null : personsStatusLine(theirs);
  const ourHooks = isPrint ? printHooks(hooks, version) : terminalHooks(hooks, version, answerSeconds(env));
  return withOurs(theirs.given, ourHooks, statusLine && wrapped(statusLine, hooks));
}

function wrapped(statusLine: StatusLine, hooks: HookLines): StatusLine {
  return { ...statusLine, command: hooks.wrap("statusLine", statusLine.command) };
}

function answerSeconds(env: LaunchRequest["env"]): number {
  const given = Number(env["TALLY_ANSWER_TIMEOUT_S"]);
  return Number.isInteger(given) && given > 0 ? given : ANSWER_SECONDS;
}

function terminalHooks(hooks: HookLines, version: string | null, timeout: number): OurHook[] {
  const event = "PermissionRequest";
  const ask: OurHook = {
    event,
    matcher: `^(?!${UNANSWERABLE_TOOL}$)`,
    type: "command",
    command: hooks.ask(event),
    timeout,
  };
  const tell: OurHook = { ...report(hooks, event), matcher: `^${UNANSWERABLE_TOOL}$` };
  return [
    report(hooks, "SessionStart"),
    ...printHooks(hooks, version),
    report(hooks, "Notification"),
    ...(isSince(version, PERMISSION_REQUEST_HOOK_SINCE) ? [ask, tell] : []),
  ];
}

/**
 * Those that nobody notices: a SessionStart hook adds lines to `--output-format stream-json`, and nobody can answer a
 * permission there, so one that waits for an answer would only delay the refusal.
 */
function printHooks(hooks: HookLines, version: string | null): OurHook[] {
  const failures = isSince(version, FAILURE_HOOKS_SINCE) ? ["PostToolUseFailure", "StopFailure"] : [];
  return ["UserPromptSubmit", "PostToolUse", ...failures, "Stop", "SessionEnd"].map((event) => report(hooks, event));
}

function report(hooks: HookLines, event: string): OurHook {
  return { event, type: "command", command: hooks.report(event), timeout: REPORT_SECONDS };
}

function expected({ version, invocation, isPrint }: Launch, isHooked: boolean): SignalSource[] {
  return [
    ...(isHooked ? (["hook"] as const) : []),
    ...(invocation.isKept ? (["transcript"] as const) : []),
    ...(!isPrint && isSince(version, STATE_FILE_SINCE) ? (["state-file"] as const) : []),
    ...(!isPrint && isSince(version, PROGRAM_STATUS_SINCE) ? (["program-status"] as const) : []),
  ];
}
