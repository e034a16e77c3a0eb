import type { AgentAdapter, AgentLaunch, HookLines, LaunchRequest, Whereabouts } from "./adapter.ts";
import { codexAccount } from "./codex/account.ts";
import { isReviewedByModel } from "./codex/approvals.ts";
import { configuredKeys, type Invocation, readArguments } from "./codex/arguments.ts";
import { type Hook, hookFlags } from "./codex/hook-flags.ts";
import { headless } from "./codex/headless.ts";
import { readHook } from "./codex/hooks.ts";
import { permissionOutput } from "./codex/requests.ts";
import { promptArguments, resumeArguments } from "./codex/resuming.ts";
import { rolloutReader } from "./codex/rollout.ts";
import { readScreen, readStatus, readTitle } from "./codex/terminal.ts";
import { hereAndNow } from "./here-and-now.ts";
import type { SignalSource } from "./reading.ts";
import { isSince } from "./version-order.ts";

/** The first versions that know what is passed to them: hooks by flag, with trust by flag; the TUI without its background server. */
const HOOKS_SINCE = "0.130.0";
const NO_DAEMON_SINCE = "0.156.0";
/** The oldest that was seen to speak OSC 7501. */
const STATUS_SINCE = "0.169.0";

/** A hook that only hands over takes milliseconds; this is for a machine that is out of breath. */
const REPORT_SECONDS = 5;
/** Codex shows no dialog while this hook waits, so a person at the terminal waits with it. */
const ANSWER_SECONDS = 60;
/** Codex tells the person of a hook that it had to end. */
const ANSWER_TIMEOUT_SECONDS = 2 * ANSWER_SECONDS;

export const codex: AgentAdapter = {
  name: "codex",
  label: "Codex",
  program: "codex",
  installHint: "npm install -g @openai/codex",
  plan,
  title: () => "Codex",
  account: codexAccount,
  configHomeVariable: "CODEX_HOME",
  keptVariables: [],
  resume: resumeArguments,
  firstPrompt: promptArguments,
  // Text and Enter in one write is taken for a paste, and stays in the composer.
  typing: { submitAfterMs: 500 },
  reads: {
    hook: readHook,
    files: watchedFiles,
    programStatus: readStatus,
    title: readTitle,
    screen: readScreen,
  },
  headless,
  answers: { via: "hook", output: (_request, answer) => permissionOutput(answer) },
};

async function plan(request: LaunchRequest): Promise<AgentLaunch> {
  const { args, find, hooks, mode, versionOf } = request;
  const file = find("codex");
  const version = await versionOf(file);
  const invocation = readArguments(args);
  const hookCommands = hooks && mayHook(invocation, version) ? ourHooks(hooks, invocation, request) : [];
  const flags = [
    ...(mayLeaveDaemon(invocation, version) ? ["--no-daemon"] : []),
    ...(hookCommands.length > 0 ? hookFlags(hookCommands) : []),
  ];
  const { insertAt, conversationId } = invocation;
  const expects = expected(invocation, { isHooked: hookCommands.length > 0, isTerminal: mode === "pty", version });
  return {
    file,
    args: [...args.slice(0, insertAt), ...flags, ...args.slice(insertAt)],
    env: {},
    version,
    conversationId,
    files: {},
    continuesItself: false,
    expects,
    whereabouts: { launchedAt: String(Date.now()), hasRollout: String(expects.includes("transcript")) },
  };
}

/** What the person set for hooks stays as it is, also that there are none. */
function mayHook({ form, options }: Invocation, version: string | null): boolean {
  const isTheirs = configuredKeys(options).some((key) => /^(?:features\.)?hooks\b/.test(key));
  return form !== "other" && !isTheirs && isSince(version, HOOKS_SINCE);
}

/** The background server would run a session's hooks in the environment of another, and go on with its turn after its terminal has gone. */
function mayLeaveDaemon({ form, options }: Invocation, version: string | null): boolean {
  const hasTui = form === "interactive" || form === "resume" || form === "fork";
  return hasTui && isSince(version, NO_DAEMON_SINCE) && !options.some(({ name }) => name === "--no-daemon");
}

/**
 * The end of a turn needs no hook: the rollout tells it as fast, and truly (a Stop hook of the person's own may make the turn go on).
 */
function ourHooks(hooks: HookLines, { options }: Invocation, request: LaunchRequest): Hook[] {
  const report = (event: Hook["event"]): Hook => ({
    event,
    command: hooks.report(event),
    timeoutSeconds: REPORT_SECONDS,
  });
  const permission: Hook =
    request.env["TALLY_CODEX_ANSWERS"] === "1"
      ? {
          event: "PermissionRequest",
          command: hooks.ask("PermissionRequest", ANSWER_SECONDS),
          timeoutSeconds: ANSWER_TIMEOUT_SECONDS,
        }
      : report("PermissionRequest");
  return [
    report("SessionStart"),
    report("UserPromptSubmit"),
    ...(isReviewedByModel(options, request) ? [] : [permission]),
    report("Interrupt"),
  ];
}

function expected(
  { form, options }: Invocation,
  launch: { isHooked: boolean; isTerminal: boolean; version: string | null },
): SignalSource[] {
  const isKept = !options.some(({ name }) => name === "--ephemeral");
  const speaksStatus =
    launch.isTerminal && form !== "exec" && form !== "other" && isSince(launch.version, STATUS_SINCE);
  return [
    ...(launch.isHooked ? (["hook"] as const) : []),
    ...(launch.isHooked && isKept ? (["transcript"] as const) : []),
    ...(speaksStatus ? (["program-status"] as const) : []),
  ];
}

function watchedFiles({ transcriptPath, launch }: Whereabouts) {
  if (transcriptPath === null) return [];
  const launchedAt = Number(launch["launchedAt"] ?? 0);
  return [
    {
      source: "transcript",
      path: transcriptPath,
      format: "jsonl",
      reader: () => rolloutReader(launchedAt, hereAndNow().timeZone),
    } as const,
  ];
}
