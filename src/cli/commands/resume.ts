import { isatty } from "node:tty";
import { agentEnvironment } from "../../client/environment.ts";
import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { isEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { pauseOfError } from "../pause-of-error.ts";
import { continuationWords, isHeld, isToContinue } from "../screen/continuation-words.ts";
import { formatHeld, type WayOn } from "../screen/held-block.ts";
import { printJson } from "../screen/print.ts";
import { talkSurface } from "../screen/surface.ts";
import { printable } from "../screen/width.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { showInTerminal, terminalSize } from "./attach.ts";
import { type Named, resolveNamed } from "../worktree/resolve-named.ts";
import { resolveSession } from "../resolve-session.ts";
import { resumeAll, resumeOne } from "./resume-worktrees.ts";

const options = {
  prompt: { type: "string" },
  force: { type: "boolean" },
  cancel: { type: "boolean" },
  auto: { type: "boolean" },
  all: { type: "boolean" },
  trust: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** How long a new process waits for this terminal to show it, so that its first queries are answered by the real thing. */
const AWAIT_VIEWER_MS = 5_000;

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, [], ["name|id"]);
  const {
    prompt,
    force = false,
    cancel = false,
    auto = false,
    all = false,
    trust: isTrusted = false,
    json = false,
  } = values;
  if (cancel && auto) throw new UsageError("--cancel and --auto exclude each other.");
  if ((cancel || auto) && (force || prompt !== undefined)) {
    throw new UsageError("--cancel and --auto resume nothing now: they go without --force and --prompt.");
  }
  const isForSession = prompt !== undefined || cancel || auto;
  const [ref] = operands;
  if (ref === undefined) {
    if (isForSession) throw new UsageError("--prompt, --cancel and --auto go with a session's id.");
    return resumeAll({ all, force, isTrusted, json }, context);
  }
  if (all) throw new UsageError("--all brings all worktrees back, so it goes without a name.");
  // What is for one session means the one that runs in a worktree of that name.
  const named = isForSession ? await sessionCalled(ref, context) : await resolveNamed(ref, context);
  if (named.kind === "worktree") return resumeOne(named, { force, isTrusted, json }, context);
  const { session } = named;
  if (cancel || auto) return setAutoResume(session, auto, json, context);
  return resume(session, { prompt: prompt ?? null, force, json }, context);
}

async function sessionCalled(ref: string, { client }: CliContext): Promise<Named> {
  return { kind: "session", session: await resolveSession(client, ref) };
}

async function setAutoResume({ id }: Session, enabled: boolean, json: boolean, context: CliContext): Promise<number> {
  const { session } = await context.client.call("setAutoResume", { id, body: { enabled } });
  if (json) printJson(session);
  else say(autoResumeWords(session));
  return exitCodes.ok;
}

function autoResumeWords(session: Session): string {
  const title = printable(session.title);
  if (!session.autoResume) {
    const does = isHeld(session) ? "start" : "go on";
    return `${title} does not ${does} by itself when its pause ends. Again: tally resume ${session.id} --auto`;
  }
  const words = isToContinue(session) ? continuationWords(session, { nowMs: Date.now() }) : null;
  return `${title} ${words ?? "goes on by itself when a limit that stops it resets"}.`;
}

interface Wish {
  readonly prompt: string | null;
  readonly force: boolean;
  readonly json: boolean;
}

async function resume(before: Session, { prompt, force, json }: Wish, context: CliContext): Promise<number> {
  const { client, env } = context;
  const { id } = before;
  const isShown = isatty(0) && isatty(1) && !json;
  const viewer = isShown ? { ...terminalSize(), awaitViewerMs: AWAIT_VIEWER_MS } : {};
  const body = { prompt, force, env: agentEnvironment(env), ...viewer };
  try {
    const { session } = await client.call("resumeSession", { id, body });
    if (json) printJson(session);
    if (isShown && session.mode === "pty" && !isEnded(session)) return await showInTerminal(session, context);
    say(`${isHeld(before) ? "Started" : "Resumed"} ${id} (${printable(session.title)}).`);
    return exitCodes.ok;
  } catch (error) {
    const pause = error instanceof TallyError ? pauseOfError(error) : null;
    if (pause === null) throw error;
    const held = await client.call("getSession", { id });
    sayHeld(held.session, formatHeld(pause, waysOn(held.session), talkSurface(env)));
    return exitCodes.held;
  }
}

function sayHeld(session: Session, block: readonly string[]): void {
  const words = isToContinue(session) ? continuationWords(session, { nowMs: Date.now() }) : null;
  say(
    [...block, ...(words === null ? [] : ["", `[Tally] ${printable(session.title)} ${words}, by itself.`])].join("\n"),
  );
}

function waysOn(session: Session): WayOn[] {
  const { id } = session;
  const [Verb, verb] = isHeld(session) ? ["Start", "start"] : ["Resume", "resume"];
  return [
    { words: `${Verb} it anyway`, line: `tally resume ${id} --force` },
    isToContinue(session)
      ? { words: `Do not ${verb} it by itself`, line: `tally resume ${id} --cancel` }
      : { words: `${Verb} it by itself when the pause ends`, line: `tally resume ${id} --auto` },
  ];
}
