import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AgentLaunch, HookLines, LaunchRequest } from "../adapter.ts";
import type { SignalSource } from "../reading.ts";
import { type Invocation, readArguments } from "./arguments.ts";
import { configHome } from "./places.ts";
import {
  continuesAtLimit,
  managedContinuesAtLimit,
  mayRunHooks,
  type OurHook,
  type PersonsSettings,
  personsStatusLine,
  readPersonsSettings,
  type StatusLine,
  withOurs,
} from "./settings.ts";
import {
  AUTO_CONTINUE_SINCE,
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
    return { ...bare, args: [...request.args], conversationId: null, expects: [], continuesItself: false };
  }

  const launch: Launch = { request, invocation, version, isPrint: invocation.isPrint || request.mode === "pipes" };
  const { settings, isHooked, continuesItself } = settingsFor(launch);
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
    expects: expected(launch, isHooked),
    continuesItself,
  };
}

interface LaunchSettings {
  /** Null where ours would change nothing, or what the person gave cannot be read. */
  readonly settings: Record<string, unknown> | null;
  readonly isHooked: boolean;
  readonly continuesItself: boolean;
}

function settingsFor(launch: Launch): LaunchSettings {
  const { request, invocation, version, isPrint } = launch;
  const { env, cwd, readText } = request;
  const places = {
    configHome: configHome(env),
    cwd,
    sources: invocation.settingSources,
    given: invocation.settings?.value ?? null,
    version,
  };
  const theirs = readPersonsSettings(places, readText);
  if (!theirs) return { settings: null, isHooked: false, continuesItself: false };
  const continuesItself = goesOnByItself(launch, theirs);
  const ours = {
    ...hooksFor(launch, theirs),
    stopsAtLimit: !isPrint && !continuesItself && isSince(version, AUTO_CONTINUE_SINCE),
  };
  const isHooked = ours.hooks.length > 0;
  const settings = isHooked || ours.stopsAtLimit ? withOurs(theirs.given, ours) : null;
  return { settings, isHooked, continuesItself };
}

/** Exactly one goes on with a conversation: where it is not Claude Code, that is switched off for the launch. */
function goesOnByItself({ request, version, isPrint }: Launch, theirs: PersonsSettings): boolean {
  if (isPrint || !isSince(version, AUTO_CONTINUE_SINCE)) return false;
  return managedContinuesAtLimit(theirs) ?? (request.mayContinueItself && continuesAtLimit(theirs) !== false);
}

function hooksFor({ request, invocation, version, isPrint }: Launch, theirs: PersonsSettings) {
  const { hooks, env } = request;
  const isOff = !invocation.mayRunHooks || env["CLAUDE_CODE_SIMPLE"] || env["CLAUDE_CODE_SAFE_MODE"];
  if (hooks === null || isOff || !mayRunHooks(theirs)) return { hooks: [], statusLine: null };
  const statusLine = isPrint ? null : personsStatusLine(theirs);
  return {
    hooks: isPrint ? printHooks(hooks, version) : terminalHooks(hooks, version, answerSeconds(env)),
    statusLine: statusLine && wrapped(statusLine, hooks),
  };
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
