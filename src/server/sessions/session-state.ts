import { isDeepStrictEqual } from "node:util";
import type { Reason, Session, Task } from "../../protocol/entities.ts";
import type { Continuation } from "../../protocol/limits.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { AgentRequest } from "../../protocol/requests.ts";
import { rootTaskState, type SessionState } from "../../protocol/states.ts";

/** How a process ended. Both null: it vanished, and nobody saw how. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A reason with the details that most reasons do not have. */
export function reasonOf(reason: Pick<Reason, "text" | "source" | "at"> & Partial<Reason>): Reason {
  return { signal: null, isUnknown: false, caveat: null, ...reason };
}

/** The session after its state was found to be `state`; the same object when that changes nothing. */
export function withState(
  session: Session,
  state: SessionState,
  reason: Reason,
  request: AgentRequest | null = null,
): Session {
  const isSame =
    session.state === state && isSameReason(session.reason, reason) && isSameRequest(session.request, request);
  if (isSame) return session;
  const stateSince = session.state === state ? session.stateSince : reason.at;
  return { ...session, state, reason, request, stateSince, updatedAt: Math.max(session.updatedAt, reason.at) };
}

/** The same thing said again later is not news. */
function isSameReason(one: Reason, other: Reason): boolean {
  const { at: _one, ...oneSaid } = one;
  const { at: _other, ...otherSaid } = other;
  return (Object.keys(otherSaid) as (keyof typeof otherSaid)[]).every((key) => oneSaid[key] === otherSaid[key]);
}

function isSameRequest(one: AgentRequest | null, other: AgentRequest | null): boolean {
  return isDeepStrictEqual(one, other);
}

/** The session after its pty ended. */
export function afterPtyExit(session: Session, pty: PtyInfo, endRequested: boolean, now: number): Session {
  const exited = afterExit(session, pty, endRequested, pty.exitedAt ?? now);
  if (pty.spawnError === null || exited === session) return exited;
  return { ...exited, state: "ERROR", reason: reasonOf({ text: pty.spawnError, source: "process", at: now }) };
}

/**
 * The session after its process vanished while a limit had stopped it: it waits for the reset all the same, and goes on in a new process.
 * Null for one that does not go on by itself.
 */
export function afterLoss(session: Session, canGoOn: boolean, now: number): Session | null {
  const { continuation } = session;
  const isAwaited = continuation?.status === "scheduled" || continuation?.status === "resuming";
  if (!continuation || !isAwaited || session.mode === "pipes") return null;
  if (!canGoOn) return null;
  if (session.state === "PAUSED" && session.pid === null && continuation.status === "scheduled") return session;
  const text = "Its process was lost. Tally brings it back when the limit resets.";
  const reason = reasonOf({ text, source: "gateway", at: now });
  const again: Continuation = { ...continuation, owner: "tally", status: "scheduled", at: null };
  // What was put away when it had ended is not over.
  return { ...withState(session, "PAUSED", reason), continuation: again, pid: null, archivedAt: null, updatedAt: now };
}

/** Whether a machine that shuts down may have ended it. */
export function wasHungUp({ exitCode, signal }: ProcessEnd): boolean {
  return signal === "SIGTERM" || signal === "SIGHUP" || exitCode === 128 + 15 || exitCode === 128 + 1;
}

/** The session after its process ended. One that a person ended is DONE whatever its exit code. */
export function afterExit(session: Session, end: ProcessEnd, endRequested: boolean, at: number): Session {
  if (session.endedAt !== null) return session;
  const isVanished = end.exitCode === null && end.signal === null;
  const state: SessionState = endRequested || end.exitCode === 0 ? "DONE" : "ERROR";
  return {
    ...session,
    state,
    stateSince: at,
    reason: reasonOf({ text: endText(session, end, endRequested), source: isVanished ? "gateway" : "process", at }),
    request: null,
    continuation: session.continuation && afterEnd(session.continuation, isVanished, at),
    exitCode: end.exitCode,
    exitSignal: end.signal,
    endedAt: at,
    updatedAt: at,
  };
}

/** Nobody goes on with what has ended. */
function afterEnd(continuation: Continuation, isVanished: boolean, at: number): Continuation {
  const isOpen = continuation.status === "scheduled" || continuation.status === "resuming";
  const text = isVanished
    ? "Its process is gone, and which conversation it was is not known."
    : "It ended before the limit had reset.";
  return isOpen ? { ...continuation, status: "cancelled", at, text } : continuation;
}

function endText(session: Session, { exitCode, signal }: ProcessEnd, endRequested: boolean): string {
  const neverRan = session.state === "PAUSED" && session.pid === null && session.promptCount === 0;
  if (endRequested) return neverRan ? "You called it off; it was never started." : "You ended it.";
  if (signal !== null) return `It was ended by ${signal}.`;
  if (exitCode === null) return "process-lost: its process vanished, and nobody saw how it ended.";
  return exitCode === 0 ? "It ended well (exit code 0)." : `It ended with exit code ${exitCode}.`;
}

/** The root task as its session's state wants it; the same object when that changes nothing. */
export function followSession(task: Task, session: Session): Task {
  const state = rootTaskState(session.state);
  const details = session.reason.text;
  if (task.state === state && task.title === session.title && task.details === details) return task;
  return { ...task, state, title: session.title, details, updatedAt: session.updatedAt, endedAt: session.endedAt };
}
