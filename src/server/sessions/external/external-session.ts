import type { Session } from "../../../protocol/entities.ts";
import type { Activity, Signal } from "../../agents/reading.ts";
import { reasonOf } from "../session-state.ts";

export interface RegisteredSession {
  readonly id: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly worktreeId: string | null;
  readonly agent: string;
  readonly title: string;
  readonly command: readonly string[];
  /** Canonical. */
  readonly cwd: string;
  readonly accountId: string;
  readonly pid: number;
  readonly now: number;
}

/** A session whose process a wrapper has started and registered. */
export function externalSession(registered: RegisteredSession): Session {
  const { id, taskId, projectId, worktreeId, agent, title, command, cwd, accountId, pid, now } = registered;
  return {
    id,
    projectId,
    worktreeId,
    rootTaskId: taskId,
    agent,
    title,
    command: [...command],
    cwd,
    mode: "external",
    origin: "http",
    state: "RUNNING",
    stateSince: now,
    reason: reasonOf({ text: "Its process is running.", source: "process", at: now }),
    request: null,
    conversationId: null,
    agentVersion: null,
    model: null,
    promptCount: 0,
    usage: null,
    accountId,
    persona: null,
    autoResume: true,
    continuation: null,
    archivedAt: null,
    pid,
    exitCode: null,
    exitSignal: null,
    createdAt: now,
    endedAt: null,
    updatedAt: now,
  };
}

/** A known session with the process and the folder that it was registered with again; its prompts and its name stay. */
export function registeredAgain(known: Session, registered: RegisteredSession): Session {
  const { id, rootTaskId, title, promptCount, usage, persona, autoResume, continuation, createdAt } = known;
  const fresh = externalSession(registered);
  return { ...fresh, id, rootTaskId, title, promptCount, usage, persona, autoResume, continuation, createdAt };
}

/** Words with which wrappers say that it went wrong. */
const failure = /^(error|crash|fail|exception)/i;

/** The session after its wrapper said that it has ended; the same object when its end is known for certain. */
export function afterWrapperEnd(session: Session, reason: string, now: number): Session {
  // Ours is a guess, from a process that was gone.
  const isGuess = session.endedAt !== null && session.reason.source === "gateway";
  if (session.endedAt !== null && !isGuess) return session;
  const text = reason.trim() === "" ? "Its wrapper ended it." : `Its wrapper ended it: ${reason.trim()}`;
  return {
    ...session,
    state: failure.test(reason.trim()) ? "ERROR" : "DONE",
    stateSince: now,
    reason: reasonOf({ text, source: "process", signal: "wrapper", at: now }),
    request: null,
    endedAt: session.endedAt ?? now,
    updatedAt: now,
  };
}

const activities: Readonly<Record<string, Activity>> = {
  active: "working",
  running: "working",
  working: "working",
  busy: "working",
  processing: "working",
  in_progress: "working",
  idle: "idle",
  ready: "idle",
  // It waits because we said so: what has paused the account is known without it.
  paused: "idle",
  waiting: "waiting",
  waiting_user: "waiting",
  waiting_for_input: "waiting",
};

/** What a heartbeat says of a session of which nothing better speaks; null when its word is none that we know. */
export function heartbeatSignal(status: string, at: number): Signal | null {
  const activity = activities[status.trim().toLowerCase()];
  if (activity === undefined) return null;
  const text = `Its wrapper says: ${status.trim()}.`;
  return { source: "notification", at, reading: { type: "activity", activity, text, signal: "heartbeat" } };
}
