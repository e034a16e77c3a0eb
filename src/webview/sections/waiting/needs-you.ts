import { queueOf } from "../../../presentation/queue-rows.ts";
import { needsPerson } from "../../../presentation/run-words.ts";
import type { Session, Task } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { isWaiting } from "../../../protocol/waiting.ts";

/** What failed longer ago than this is history. */
const FAILED_SHOWN_MS = 12 * 60 * 60_000;

/** Live sessions of which nobody knows what they do, the longest first. */
export function unknownSessions({ sessions }: Model): readonly Session[] {
  return [...sessions.values()]
    .filter((session) => session.endedAt === null && session.reason.isUnknown && !isWaiting(session))
    .sort((a, b) => a.stateSince - b.stateSince);
}

/** The tasks of the queue that do not go on until a person does something, in the queue's order. */
export function stuckTasks(model: Model): readonly Task[] {
  return queueOf(model).filter(needsPerson);
}

/** A session or a task that failed, and when. */
export type Failure = { readonly at: number } & ({ readonly session: Session } | { readonly task: Task });

/** What failed lately, the latest first. A session without a terminal fails with its task. */
export function failures({ sessions, tasks }: Model): readonly Failure[] {
  const failedSessions = [...sessions.values()].filter(
    ({ state, mode, archivedAt, reason }) =>
      state === "ERROR" && mode !== "headless" && archivedAt === null && !reason.isUnknown,
  );
  const failedTasks = [...tasks.values()].filter(({ kind, state }) => kind === "run" && state === "ERROR");
  return [
    ...failedSessions.map((session) => ({ at: session.endedAt ?? session.stateSince, session })),
    ...failedTasks.map((task) => ({ at: task.endedAt ?? task.updatedAt, task })),
  ].sort((a, b) => b.at - a.at);
}

/** Names one failure of a session or a task: it can fail again. */
export function failureKey(failure: Failure): string {
  return `${"session" in failure ? failure.session.id : failure.task.id} ${failure.at}`;
}

export function isLate({ at }: Failure, now: number): boolean {
  return now - at > FAILED_SHOWN_MS;
}

export function sameFailures(a: readonly Failure[], b: readonly Failure[]): boolean {
  return a.length === b.length && a.every((failure, index) => subject(failure) === subject(b[index]));
}

function subject(failure: Failure | undefined): Session | Task | undefined {
  if (failure === undefined) return undefined;
  return "session" in failure ? failure.session : failure.task;
}
