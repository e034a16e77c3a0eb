import type { Session, Task, Worktree } from "../../protocol/entities.ts";
import type { Pause } from "../../protocol/limits.ts";
import type { TaskWait } from "../../protocol/tasks.ts";
import type { SessionInternals } from "../store/store.ts";
import { localTime } from "../limits/pause-words.ts";
import type { KeptOrder } from "./kept-order.ts";

export interface WaitFacts {
  readonly task: Task;
  readonly order: KeptOrder;
  /** What holds its account. */
  readonly pause: Pause | null;
  /** Null where it is done in no worktree, or in one that is gone. */
  readonly worktree: Worktree | null;
  /** The session whose conversation it goes on with. */
  readonly session: (Session & Partial<Pick<SessionInternals, "endRequested">>) | null;
  /** Another session in which the same conversation is open. */
  readonly beside: Session | null;
  readonly now: number;
}

/** What keeps a task back whatever the other tasks do; null: nothing. */
export function waitOf({ task, order, pause, worktree, session, beside, now }: WaitFacts): TaskWait | null {
  if (order.needs !== null) return { kind: "person", text: order.needs, until: null };
  if (order.retryAt !== null && order.retryAt > now) {
    return { kind: "retry", text: order.retryText, until: order.retryAt };
  }
  const isEnding = session?.endRequested === true && session.endedAt === null;
  if (isEnding) return { kind: "session", text: `Session ${session.title} is being ended.`, until: null };
  if (beside) return { kind: "session", text: `Its conversation is open in session ${beside.title}.`, until: null };
  return waitForWorktree(task, worktree) ?? waitForPause(pause, now) ?? waitForSession(session);
}

function waitForWorktree({ worktreeId }: Task, worktree: Worktree | null): TaskWait | null {
  if (worktreeId === null) return null;
  if (worktree === null)
    return {
      kind: "person",
      text: "Its worktree is gone. Bring that back with tally restore, or take the task out of the queue.",
      until: null,
    };
  switch (worktree.status) {
    case "seen":
    case "ready":
      return null;
    case "adding":
      return { kind: "worktree", text: `Worktree ${worktree.name} is being made.`, until: null };
    case "removing":
      return { kind: "worktree", text: `Worktree ${worktree.name} is being removed.`, until: null };
    case "broken":
      return {
        kind: "worktree",
        text: `Worktree ${worktree.name} is half made. Repair it: tally repair ${worktree.name}`,
        until: null,
      };
  }
}

function waitForPause(pause: Pause | null, now: number): TaskWait | null {
  if (pause === null) return null;
  const until = pause.until === null ? "" : ` until ${localTime(pause.until, now)}`;
  return { kind: "pause", text: `${pause.label} is paused${until}.`, until: pause.nextTryAt ?? pause.until };
}

function waitForSession(session: Session | null): TaskWait | null {
  if (session === null || session.endedAt !== null || session.mode === "headless") return null;
  if (session.mode !== "pty") {
    const text = `Session ${session.title} runs in a terminal that is not Tally's. It begins once that has ended.`;
    return { kind: "session", text, until: null };
  }
  if (session.reason.isUnknown) {
    return {
      kind: "session",
      text: `Nobody knows what session ${session.title} does: ${session.reason.text}`,
      until: null,
    };
  }
  switch (session.state) {
    case "IDLE":
      return null;
    case "WAITING_USER":
      return { kind: "session", text: `Session ${session.title} waits for you.`, until: null };
    case "PAUSED":
      return { kind: "session", text: `Session ${session.title} is paused.`, until: null };
    case "ERROR":
      return {
        kind: "session",
        text: `The last turn of session ${session.title} failed. Look at its terminal.`,
        until: null,
      };
    case "STARTING":
    case "RUNNING":
    case "DONE":
      return { kind: "session", text: `Session ${session.title} works at something else.`, until: null };
  }
}
