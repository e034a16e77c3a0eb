import { type ExecuteEvent, LISTED_TASKS } from "../../protocol/session-api.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { History } from "../history/history.ts";
import { toTaskRecord } from "../history/session-metadata.ts";
import { CurrentSession } from "../session-api/current-session.ts";
import { toExecuted } from "../session-api/executed.ts";
import { followedTask } from "../session-api/followed-task.ts";
import { sessionMetadata } from "../session-api/metadata.ts";
import type { SessionCreation } from "../session-api/session-creation.ts";
import { TaskExecution } from "../session-api/task-execution.ts";
import { alreadyEnded } from "../sessions/session-errors.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Store } from "../store/store.ts";
import type { TaskService } from "../tasks/task-service.ts";
import type { RouteHandlers } from "./router.ts";

type SessionApiRoutes = Pick<
  RouteHandlers,
  "openSession" | "listSessions" | "sessionMetadata" | "closeSession" | "switchSession" | "executeTask" | "streamTask"
>;

export interface SessionApiRoutesOptions {
  readonly creation: SessionCreation;
  readonly tasks: TaskService;
  readonly sessions: Pick<Sessions, "end" | "get">;
  readonly store: Pick<Store, "change" | "session" | "value">;
  readonly history: Pick<History, "list" | "of">;
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The person's home folder. */
  readonly homeFolder: string;
}

const idOf = (params: Readonly<Record<string, string>>): string => params["id"] ?? "";

export function sessionApiRoutes(options: SessionApiRoutesOptions): SessionApiRoutes {
  const { creation, tasks, sessions, history } = options;
  const current = new CurrentSession(options.store);
  const execution = new TaskExecution({ ...options, current });
  const changed = (sessionId: string) => ({ sessionId, metadata: sessionMetadata(history, sessionId).metadata });

  async function* streamed(sessionId: string, taskId: string, signal: AbortSignal): AsyncGenerator<ExecuteEvent> {
    yield { event: "session", data: changed(sessionId) };
    let told: string | null = null;
    for await (const { entries, task } of followedTask(tasks, taskId, signal)) {
      const record = toTaskRecord({ ...task, sessionId });
      if (told === null) yield { event: "task", data: record };
      if (entries.length > 0) yield { event: "output", data: { entries } };
      if (told !== null && told !== record.status) yield { event: "task", data: record };
      told = record.status;
      if (isTaskEnded(task.state)) yield { event: "result", data: toExecuted(task, changed(sessionId).metadata) };
    }
  }

  return {
    openSession: async ({ body: { workingDirectory, ...order } }) => {
      const { session } = await creation.create({ ...order, cwd: workingDirectory });
      current.set(session.id);
      return changed(session.id);
    },
    listSessions: ({ query }) => {
      const { sessions: page, nextCursor } = history.list(query);
      const metadata = page.map(({ session }) => sessionMetadata(history, session.id, LISTED_TASKS).metadata);
      return { sessions: metadata, nextCursor };
    },
    sessionMetadata: ({ params }) => sessionMetadata(history, idOf(params)),
    closeSession: async ({ params }) => {
      const { id } = await sessions.end(idOf(params), false);
      creation.forget(id);
      return changed(id);
    },
    switchSession: ({ params }) => {
      const session = sessions.get(idOf(params));
      if (session.endedAt !== null) throw alreadyEnded(session);
      current.set(session.id);
      return changed(session.id);
    },
    executeTask: async ({ body, signal }) => {
      const { id, sessionId } = await execution.begin(body);
      const ended = await tasks.untilEnded(id, signal);
      return toExecuted(ended, changed(sessionId).metadata);
    },
    streamTask: async ({ body, signal }) => {
      const { id, sessionId } = await execution.begin(body);
      return streamed(sessionId, id, signal);
    },
  };
}
