import type { Session, Task } from "../../protocol/entities.ts";
import { followSession } from "../sessions/session-state.ts";
import { withoutInternals } from "../sessions/session-writer.ts";
import type { SessionInternals, Store, Transaction } from "../store/store.ts";

/** Writes a session with its root task, and the task that is run in it, within one transaction. */
export function writeRun(
  store: Store,
  transaction: Transaction,
  session: Session & Partial<SessionInternals>,
  internals: Partial<SessionInternals>,
  task: Task,
  orderKept?: string,
): void {
  const shown = withoutInternals(session);
  transaction.putSession(shown, internals);
  const root = store.task(session.rootTaskId);
  if (root?.sessionId === session.id) {
    const followed = followSession(root, shown);
    if (followed !== root) transaction.putTask(followed);
  }
  if (orderKept === undefined) transaction.putTask(task);
  else transaction.putTask(task, { orderKept });
}
