import type { Session, Task } from "../../protocol/entities.ts";
import type { TaskOutputFrame } from "../../protocol/queue-routes.ts";
import type { RouteBody } from "../../protocol/routes.ts";

export interface ChangedTask {
  readonly task: Task;
  /** Null while it has none: one that makes a new session gets it when it begins. */
  readonly session: Session | null;
}

/** Hands work to agents, and tells what came of it. */
export interface TaskService {
  /** Queues a task. @throws {TallyError} for a place, agent or persona that is not there, and `paused` where it may not wait */
  add(order: RouteBody<"addTask">): Promise<ChangedTask>;
  /** Whether {@link add} would take it, just now; nothing is written. @throws {TallyError} the same */
  check(order: RouteBody<"addTask">): Promise<void>;
  /** @throws {TallyError} `task-not-found` */
  get(id: string): ChangedTask;
  /** Resolves once all that it had started has ended. @throws {TallyError} `task-not-found`, `task-ended` */
  cancel(id: string): Promise<ChangedTask>;
  /** Resolves with the task once it has ended, or when `signal` says that nobody waits any more. */
  untilEnded(id: string, signal: AbortSignal): Promise<Task>;
  /** Hears what it does: first all that it has done so far, then as it happens, at last with the ended task. */
  follow(id: string, listener: (frame: TaskOutputFrame) => void, onRemoved?: () => void): { dispose(): void };
}
