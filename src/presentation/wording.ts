import type { Session, Task, Usage } from "../protocol/entities.ts";
import type { ReasonSource } from "../protocol/sources.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { oneLine } from "../protocol/visible.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { continuationInShort } from "./continuation-words.ts";
import type { StateCounts } from "./tree-nodes.ts";
import type { ShownState } from "./state-icons.ts";
import { shownState } from "./tree-order.ts";

/** What a person calls each state, in the tree's tooltips and for screen readers. */
export const stateWords: Record<SessionState | TaskState | "UNKNOWN", string> = {
  STARTING: "starting",
  RUNNING: "running",
  WAITING_USER: "waiting for you",
  IDLE: "idle",
  PAUSED: "paused",
  DONE: "done",
  ERROR: "failed",
  QUEUED: "queued",
  BLOCKED: "blocked",
  CANCELLED: "cancelled",
  UNKNOWN: "unknown",
};

/** Who says so, as it reads after the reason's text. */
export const sourceWords: Record<ReasonSource, string> = {
  hook: "the agent's hooks",
  "event-stream": "the agent's events",
  "state-file": "the agent's state file",
  transcript: "the agent's transcript",
  "program-status": "the agent itself",
  title: "its terminal's title",
  progress: "its terminal's progress",
  notification: "a notification of its terminal",
  "shell-prompt": "the shell's prompt",
  screen: "its screen",
  person: "a person",
  process: "its process",
  gateway: "the gateway",
};

const MAX_WAITS_FOR = 120;

/** What the session waits for the person to do, on one line; null when it does not. */
export function waitsFor(session: Session): string | null {
  return isWaiting(session) ? oneLine(session.request?.title ?? session.reason.text, MAX_WAITS_FOR) : null;
}

/** What runs in the session, in one word: the agent, or the program that the person named. */
export function programName({ agent, command }: Session): string {
  return agent === "command" ? (command[0]?.split(/[\\/]/).at(-1) ?? agent) : agent;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago, in one short word: `now`, `3m`, `5h`, `2d`. */
export function age(sinceMs: number, nowMs: number): string {
  const elapsedMs = Math.max(0, nowMs - sinceMs);
  if (elapsedMs < MINUTE_MS) return "now";
  if (elapsedMs < HOUR_MS) return `${Math.floor(elapsedMs / MINUTE_MS)}m`;
  if (elapsedMs < DAY_MS) return `${Math.floor(elapsedMs / HOUR_MS)}h`;
  return `${Math.floor(elapsedMs / DAY_MS)}d`;
}

/** The same to be read out, of a state that goes on and of one that came: `for 1 minute`, `5 hours ago`, `just now`. */
function ageLabel(state: ShownState, sinceMs: number, nowMs: number): string {
  const elapsedMs = nowMs - sinceMs;
  if (elapsedMs < MINUTE_MS) return "just now";
  const [unit, unitMs] =
    elapsedMs < HOUR_MS ? ["minute", MINUTE_MS] : elapsedMs < DAY_MS ? ["hour", HOUR_MS] : ["day", DAY_MS];
  const count = Math.floor(elapsedMs / unitMs);
  const length = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return state === "DONE" || state === "ERROR" || state === "CANCELLED" ? `${length} ago` : `for ${length}`;
}

/** How long something took, or takes: `40s`, `3m`, `5h`, `2d`. */
export function duration(fromMs: number, toMs: number): string {
  const elapsedMs = Math.max(0, toMs - fromMs);
  return elapsedMs < MINUTE_MS ? `${Math.floor(elapsedMs / SECOND_MS)}s` : age(fromMs, toMs);
}

/** `2 sessions`, or nothing where there are none. */
export function counted(count: number, what: string): string {
  return count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Two or three figures: `999`, `1.2k`, `45k`, `1.3M`. */
export function countTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  const [amount, unit] = tokens < 999_500 ? [tokens / 1_000, "k"] : [tokens / 1_000_000, "M"];
  return `${amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0)}${unit}`;
}

/** What the model read and wrote, in one number. */
export function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}

/** The same in words: `45k tokens`. */
export function tokenWords(usage: Usage): string {
  return `${countTokens(tokensOf(usage))} tokens`;
}

/** `1.2k in, 340 out, 45k cached`. */
export function usageWords({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): string {
  const cached = cacheReadTokens + cacheWriteTokens;
  const words = [`${countTokens(inputTokens)} in`, `${countTokens(outputTokens)} out`];
  return [...words, ...(cached > 0 ? [`${countTokens(cached)} cached`] : [])].join(", ");
}

/** In cents; null where it is not known, and less than a cent is said to be that. */
export function costWords({ costUsd }: Usage): string | null {
  if (costUsd === null) return null;
  return costUsd > 0 && costUsd < 0.01 ? "<$0.01" : `$${costUsd.toFixed(2)}`;
}

/** `2 waiting · 1 running`; empty when there is nothing to tell. */
export function countWords({ waiting, unknown, paused, running }: StateCounts): string {
  return [
    waiting > 0 ? `${waiting} waiting` : "",
    unknown > 0 ? `${unknown} unknown` : "",
    paused > 0 ? `${paused} paused` : "",
    running > 0 ? `${running} running` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What a session's row says besides the session itself. */
export interface SessionCircumstances {
  /** Whether the pause that stopped it is known to have ended. */
  readonly isPauseOver?: boolean;
  /** Its project's name, where no row above says it. */
  readonly place?: string | null;
}

/** What stands behind a session's title: `claude · 3m`, and of one that waits since when and for what. */
export function sessionDescription(
  session: Session,
  now: number,
  { isPauseOver = false, place = null }: SessionCircumstances = {},
): string {
  const since = age(session.stateSince, now);
  const request = waitsFor(session);
  const where = place === null ? [] : [place];
  if (request !== null) return [since, ...where, request].join(" · ");
  const state = shownState(session);
  const said = state === "UNKNOWN" || state === "ERROR" || state === "CANCELLED" ? [stateWords[state]] : [];
  const continuation = continuationInShort(session, now, isPauseOver);
  // What comes last is cut off first.
  if (continuation !== null) return [continuation, ...where, programName(session)].join(" · ");
  return [...where, programName(session), ...said, since].join(" · ");
}

/** What a screen reader says of a session's row. */
export function sessionLabel(
  session: Session,
  now: number,
  { isPauseOver = false, place = null }: SessionCircumstances = {},
): string {
  const request = waitsFor(session);
  const shown = shownState(session);
  const state = `${stateWords[shown]} ${ageLabel(shown, session.stateSince, now)}`;
  const further = request === null ? "" : `: ${request}`;
  const continuation = continuationInShort(session, now, isPauseOver);
  return [
    session.title,
    programName(session),
    `${state}${further}`,
    ...(continuation === null ? [] : [continuation]),
    ...(place === null ? [] : [`in ${place}`]),
    ...(session.archivedAt === null ? [] : ["archived"]),
  ].join(", ");
}

/** How a task ended, where that was not well; the icon alone would not tell everybody. */
export function badEndWords({ state }: Task): string[] {
  return state === "CANCELLED" || state === "ERROR" ? [stateWords[state]] : [];
}

/** What stands behind a prompt: what it cost and how long it took, and that it did not end well. */
export function promptDescription(task: Task, now: number): string {
  const { usage, createdAt, endedAt } = task;
  const used = usage === null ? [] : [tokenWords(usage)];
  return [...badEndWords(task), ...used, duration(createdAt, endedAt ?? now)].join(" · ");
}

export function foreignDescription(task: Task, now: number, place: string | null = null): string {
  const where = place === null ? [] : [place];
  return [...where, task.agent, ...badEndWords(task), age(task.updatedAt, now)].join(" · ");
}

/** The badge's tooltip. */
export function waitingWords(waiting: number): string {
  return waiting === 1 ? "1 session waits for you" : `${waiting} sessions wait for you`;
}

/** What the terminal says below the last output of a session that ended. */
export function endedWords(name: string, exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `${name} ended (${signal})`;
  return exitCode === null ? `${name} ended` : `${name} ended (exit code ${exitCode})`;
}
