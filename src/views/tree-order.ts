import type { Session, Task } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { wasCalledOff } from "./continuation-words.ts";

/** Smaller comes first: who waits for the person, then who cannot go on, who is done with its turn and could be given more, who works, who ended. */
const sessionRank: Record<SessionState, number> = {
  WAITING_USER: 0,
  ERROR: 1,
  PAUSED: 2,
  IDLE: 3,
  STARTING: 4,
  RUNNING: 4,
  DONE: 5,
};

const taskRank: Record<TaskState, number> = {
  WAITING_USER: 0,
  ERROR: 1,
  BLOCKED: 2,
  RUNNING: 3,
  QUEUED: 4,
  IDLE: 5,
  DONE: 6,
  CANCELLED: 6,
};

/** A session of which nobody knows what it does may need the person too. */
const UNKNOWN_RANK = 1;
const ENDED_RANK = 10;

/** A session's state; of one that is a guess that it is not known, and of a launch that was called off that. */
export function shownState(session: Session): SessionState | "UNKNOWN" | "CANCELLED" {
  if (wasCalledOff(session)) return "CANCELLED";
  return session.reason.isUnknown ? "UNKNOWN" : session.state;
}

/** A project or a worktree. */
export interface NamedAndWaiting {
  readonly id: string;
  readonly name: string;
  /** Since when somebody there waits for the person. */
  readonly waitingSince: number | null;
}

/** First where somebody waits for the person, the longest waiting on top; then by name. */
export function byWaitingThenName(a: NamedAndWaiting, b: NamedAndWaiting): number {
  return (
    compare(a.waitingSince ?? Infinity, b.waitingSince ?? Infinity) ||
    a.name.localeCompare(b.name, undefined, { numeric: true }) ||
    compare(a.id, b.id)
  );
}

export function longestWaiting(sessions: readonly Session[], foreign: readonly Task[]): number | null {
  const since = [
    ...sessions.filter(isWaiting).map(({ stateSince }) => stateSince),
    ...foreign.filter(({ state }) => state === "WAITING_USER").map(({ updatedAt }) => updatedAt),
  ];
  return since.length === 0 ? null : Math.min(...since);
}

/**
 * By rank; of those that wait the longest waiting first; other live ones in the order they were created, so that rows move
 * only when a state changes; ended ones latest first.
 */
export function bySession(a: Session, b: Session): number {
  return (
    sessionRankOf(a) - sessionRankOf(b) ||
    (b.endedAt ?? 0) - (a.endedAt ?? 0) ||
    (isWaiting(a) && isWaiting(b) ? byWaiting(a, b) : a.createdAt - b.createdAt) ||
    compare(a.id, b.id)
  );
}

function sessionRankOf(session: Session): number {
  if (session.endedAt !== null) return ENDED_RANK;
  return session.reason.isUnknown ? UNKNOWN_RANK : sessionRank[session.state];
}

export function byWaiting(a: Session, b: Session): number {
  return a.stateSince - b.stateSince || compare(a.id, b.id);
}

/** Pinned first, then by rank, then latest first: of a long conversation the last prompts matter. */
export function byTask(a: Task, b: Task): number {
  const rank = (task: Task) => (task.endedAt === null ? taskRank[task.state] : ENDED_RANK);
  return Number(b.pinned) - Number(a.pinned) || rank(a) - rank(b) || b.createdAt - a.createdAt || compare(a.id, b.id);
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
