import type { Session, Task } from "../protocol/entities.ts";
import type { SessionState, TaskState } from "../protocol/states.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { wasCalledOff } from "./continuation-words.ts";
import type { Need } from "./tree-nodes.ts";
import type { Sorting } from "./tree-options.ts";

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

const needOfState: Record<SessionState | TaskState | "UNKNOWN", Need> = {
  WAITING_USER: "waiting",
  ERROR: "failed",
  UNKNOWN: "unknown",
  PAUSED: "paused",
  BLOCKED: "paused",
  IDLE: "idle",
  STARTING: "running",
  RUNNING: "running",
  QUEUED: "running",
  DONE: "ended",
  CANCELLED: "ended",
};

export function needOfSession(session: Session): Need {
  if (session.endedAt === null) return needOfState[shownState(session)];
  return hasFailed(session) ? "failed" : "ended";
}

export function needOfTask({ state }: Task): Need {
  return needOfState[state];
}

/** Whether it ended badly. */
export function hasFailed(ended: Session | Task): boolean {
  return ended.endedAt !== null && ended.state === "ERROR";
}

/** What failed first, then what ended last. */
export function byFailure(a: Session | Task, b: Session | Task): number {
  return Number(hasFailed(b)) - Number(hasFailed(a)) || (b.endedAt ?? 0) - (a.endedAt ?? 0) || compare(a.id, b.id);
}

/** A project, a worktree or an agent. */
export interface Ranked {
  readonly id: string;
  readonly name: string;
  /** Since when somebody there waits for the person. */
  readonly waitingSince: number | null;
  /** When something there last changed its state. */
  readonly changedAt: number;
}

/** First where somebody waits for the person, the longest waiting on top; then by name. */
function byWaitingThenName(a: Ranked, b: Ranked): number {
  return compare(a.waitingSince ?? Infinity, b.waitingSince ?? Infinity) || byName(a, b);
}

function byName(a: Ranked, b: Ranked): number {
  return a.name.localeCompare(b.name, undefined, { numeric: true }) || compare(a.id, b.id);
}

/** How rows that have others below them are ordered. */
export function orderOfGroups(sorting: Sorting): (a: Ranked, b: Ranked) => number {
  return sorting === "waiting" ? byWaitingThenName : (a, b) => b.changedAt - a.changedAt || byName(a, b);
}

/** What the order of a row goes by that has these below it. */
export function rankOf(
  sessions: readonly Session[],
  foreign: readonly Task[],
): Pick<Ranked, "waitingSince" | "changedAt"> {
  const changes = [...sessions.map(({ stateSince }) => stateSince), ...foreign.map(({ updatedAt }) => updatedAt)];
  return {
    waitingSince: longestWaiting(sessions, foreign),
    changedAt: changes.reduce((latest, at) => Math.max(latest, at), 0),
  };
}

function longestWaiting(sessions: readonly Session[], foreign: readonly Task[]): number | null {
  const since = [
    ...sessions.filter(isWaiting).map(({ stateSince }) => stateSince),
    ...foreign.filter(({ state }) => state === "WAITING_USER").map(({ updatedAt }) => updatedAt),
  ];
  return since.length === 0 ? null : since.reduce((longest, at) => Math.min(longest, at));
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

/** Live ones before ended ones, and of both what changed its state last first: a row does not move because of anything less. */
function byChange(a: Session, b: Session): number {
  return (
    Number(a.endedAt !== null) - Number(b.endedAt !== null) ||
    (b.endedAt ?? b.stateSince) - (a.endedAt ?? a.stateSince) ||
    compare(a.id, b.id)
  );
}

export function orderOfSessions(sorting: Sorting): (a: Session, b: Session) => number {
  return sorting === "waiting" ? bySession : byChange;
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
  return (
    Number(b.pinned) - Number(a.pinned) ||
    taskRankOf(a) - taskRankOf(b) ||
    b.createdAt - a.createdAt ||
    compare(a.id, b.id)
  );
}

function taskRankOf({ endedAt, state }: Task): number {
  return endedAt === null ? taskRank[state] : ENDED_RANK;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
