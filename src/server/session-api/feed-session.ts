import { hostname, userInfo } from "node:os";
import type { Session, Task } from "../../protocol/entities.ts";
import { type Chain, type FeedSession, MAX_CHAIN_PROMPT_CHARS } from "../../protocol/session-feed.ts";
import { taskStatus } from "../history/session-metadata.ts";

/** Whose sessions they are, and where they run. */
export type Machine = Pick<FeedSession, "hostname" | "platform" | "user">;

/** This one. */
export function thisMachine(): Machine {
  return { hostname: hostname(), platform: process.platform, user: userName() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return String(process.getuid?.() ?? "");
  }
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

/** A session in the words of the feed. @param tasks the latest of its tasks, the oldest first */
export function toFeedSession(session: Session, tasks: readonly Task[], machine: Machine): FeedSession {
  const chains = tasks.filter(isChain).map(toChain);
  const { id, cwd, createdAt, endedAt } = session;
  return {
    id,
    cwd,
    ...machine,
    chains,
    status: statusOf(session, chains),
    startedAt: iso(createdAt),
    ...(endedAt === null ? {} : { endedAt: iso(endedAt) }),
  };
}

/** The root task is the session itself, and what is run in a terminal is there as the prompt that it becomes. */
function isChain({ kind, run }: Task): boolean {
  return kind === "prompt" || (kind === "run" && run?.via !== "terminal");
}

function toChain({ id, kind, description, title, state, createdAt, startedAt, endedAt }: Task): Chain {
  // A prompt that was typed began when it was seen.
  const began = startedAt ?? (kind === "prompt" ? createdAt : null);
  return {
    id,
    prompt: (description ?? title).slice(0, MAX_CHAIN_PROMPT_CHARS),
    status: taskStatus(state),
    startedAt: began === null ? null : iso(began),
    endedAt: endedAt === null ? null : iso(endedAt),
  };
}

function statusOf({ state, endedAt }: Session, chains: readonly Chain[]): FeedSession["status"] {
  if (endedAt !== null) return "ended";
  const isUntouched = chains.every(({ status }) => status === "pending");
  const isAtRest = state === "STARTING" || state === "IDLE" || state === "PAUSED";
  return isUntouched && isAtRest ? "pending" : "in_progress";
}
