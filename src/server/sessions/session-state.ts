import type { Reason, Session } from "../../protocol/entities.ts";
import type { ProgramStatus, PtyInfo } from "../../protocol/ptyhost.ts";
import { rootTaskState, type SessionState } from "../../protocol/states.ts";
import type { Task } from "../../protocol/entities.ts";

/** How a process ended. Both null: it vanished, and nobody saw how. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The session after its state was found to be `state`; the same object when that changes nothing. */
export function withState(session: Session, state: SessionState, reason: Reason): Session {
  if (session.state === state && session.reason.text === reason.text) return session;
  return {
    ...session,
    state,
    reason,
    stateSince: session.state === state ? session.stateSince : reason.at,
    updatedAt: reason.at,
  };
}

/** What the pty host knows of a session's process, made into the session's state. */
export function afterPtyChange(session: Session, pty: PtyInfo, endRequested: boolean, now: number): Session {
  if (session.endedAt !== null) return session;
  if (pty.phase === "exited") {
    const exited = afterExit(session, pty, endRequested, pty.exitedAt ?? now);
    if (pty.spawnError === null) return exited;
    return { ...exited, state: "ERROR", reason: { text: pty.spawnError, source: "process", at: now } };
  }
  const running = pty.pid === session.pid ? session : { ...session, pid: pty.pid, updatedAt: now };
  if (pty.phase === "pending") return running;
  if (pty.status) return withState(running, stateOf(pty.status), statusReason(pty.status, now));
  return withState(running, "RUNNING", { text: "Its process is running.", source: "process", at: now });
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
    reason: { text: endText(end, endRequested), source: isVanished ? "gateway" : "process", at },
    exitCode: end.exitCode,
    exitSignal: end.signal,
    endedAt: at,
    updatedAt: at,
  };
}

function endText({ exitCode, signal }: ProcessEnd, endRequested: boolean): string {
  if (endRequested) return "You ended it.";
  if (signal !== null) return `It was ended by ${signal}.`;
  if (exitCode === null) return "process-lost: its process vanished, and nobody saw how it ended.";
  return exitCode === 0 ? "It ended well (exit code 0)." : `It ended with exit code ${exitCode}.`;
}

function stateOf(status: ProgramStatus): SessionState {
  switch (status.state) {
    case "working":
      return "RUNNING";
    case "blocked":
      return "WAITING_USER";
    case "idle":
    case "done":
      return "IDLE";
    case "error":
      return "ERROR";
    case "clear":
      return "RUNNING";
  }
}

const statusWords: Record<ProgramStatus["state"], string> = {
  working: "is working",
  blocked: "waits for you",
  idle: "has finished its turn",
  done: "has finished its turn",
  error: "reports an error",
  clear: "is running",
};

function statusReason(status: ProgramStatus, at: number): Reason {
  const who = status.app ?? "It";
  const what = `${who} ${statusWords[status.state]}`;
  return { text: status.message ? `${what}: ${status.message}` : `${what}.`, source: "program-status", at };
}

/** The root task as its session's state wants it; the same object when that changes nothing. */
export function followSession(task: Task, session: Session): Task {
  const state = rootTaskState(session.state);
  const details = session.reason.text;
  if (task.state === state && task.title === session.title && task.details === details) return task;
  return { ...task, state, title: session.title, details, updatedAt: session.updatedAt, endedAt: session.endedAt };
}
