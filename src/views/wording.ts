import { basename } from "node:path";
import type { Reason, Session } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import type { StateCounts } from "./tree-model.ts";

/** What a person calls each state, in the tree's tooltips and for screen readers. */
export const stateWords: Record<SessionState | TaskState, string> = {
  STARTING: "starting",
  RUNNING: "running",
  WAITING_USER: "waiting for you",
  IDLE: "idle",
  PAUSED: "paused",
  DONE: "done",
  ERROR: "error",
  QUEUED: "queued",
  BLOCKED: "blocked",
  CANCELLED: "cancelled",
};

/** Who says so, as it reads after the reason's text. */
export const sourceWords: Record<Reason["source"], string> = {
  person: "a person",
  "program-status": "the agent itself",
  process: "its process",
  gateway: "the gateway",
};

/** What runs in the session, in one word: the agent, or the program that the person named. */
export function programName({ agent, command }: Session): string {
  return agent === "command" ? basename(command[0] ?? agent) : agent;
}

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

/** `2 waiting · 1 running`; empty when there is nothing to tell. */
export function countWords({ waiting, paused, running }: StateCounts): string {
  return [
    waiting > 0 ? `${waiting} waiting` : "",
    paused > 0 ? `${paused} paused` : "",
    running > 0 ? `${running} running` : "",
  ]
    .filter(Boolean)
    .join(" · ");
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
