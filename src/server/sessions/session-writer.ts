import type { Session, Task } from "../../protocol/entities.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { afterSessionEnd } from "../tasks/prompt-tasks.ts";
import { followSession } from "./session-state.ts";

/**
 * Writes a session in one transaction with all that follows it: its root task, and at its end the prompts that were still open.
 * @returns the session without what is internal.
 */
export function writeSession(
  store: Store,
  session: Session & Partial<SessionInternals>,
  internals: Partial<SessionInternals> = {},
  tasks: readonly Task[] = [],
): Session {
  const shown = withoutInternals(session);
  store.change((transaction) => {
    transaction.putSession(shown, internals);
    for (const task of tasks) transaction.putTask(task);
    const root = store.task(session.rootTaskId);
    if (root?.sessionId === session.id) {
      const followed = followSession(root, shown);
      if (followed !== root) transaction.putTask(followed);
    }
    if (shown.endedAt === null) return;
    for (const task of store.tasksOf(session.id)) {
      const ended = task.kind === "prompt" ? afterSessionEnd(task, shown) : task;
      if (ended !== task) transaction.putTask(ended);
    }
  });
  return shown;
}

/** A session as it is shown, without what only the gateway keeps of it. */
export function withoutInternals(session: Session & Partial<SessionInternals>): Session {
  const {
    ptyId: _pty,
    endRequested: _end,
    processStart: _start,
    tracking: _tracking,
    launch: _launch,
    ...shown
  } = session;
  return shown;
}
