import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { StoppedSessions } from "../limits/stopped-sessions.ts";
import { findSession } from "../sessions/find-session.ts";
import { refuseFromInside } from "../sessions/inside-session.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Store, StoredSession } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

type SessionRoutes = Pick<
  RouteHandlers,
  | "detectAgents"
  | "createSession"
  | "resolveSession"
  | "getSession"
  | "whySession"
  | "answerSession"
  | "renameSession"
  | "endSession"
  | "resumeSession"
  | "setAutoResume"
  | "archiveSession"
  | "removeSession"
  | "sessionOutput"
  | "sessionStarted"
  | "sessionExited"
>;

const idOf = (params: Readonly<Record<string, string>>): string => params["id"] ?? "";

export interface SessionRoutesOptions {
  readonly sessions: Sessions;
  readonly stopped: StoppedSessions;
  readonly resume: (session: StoredSession, body: RouteBody<"resumeSession">) => Promise<Session>;
  readonly store: Store;
  readonly agents: AgentRegistry;
}

export function sessionRoutes({ sessions, stopped, resume, store, agents }: SessionRoutesOptions): SessionRoutes {
  return {
    detectAgents: ({ body }) => ({ agents: agents.detect(body.path) }),
    createSession: ({ body }) => sessions.create(body),
    resolveSession: ({ query }) => ({
      session: findSession(store.sessions(), store.worktrees(), store.registration(query.ref)?.sessionId ?? query.ref),
    }),
    getSession: ({ params }) => {
      const session = sessions.get(idOf(params));
      const project = store.project(session.projectId);
      if (!project) throw new TallyError("internal", `Session ${session.id} has no project.`);
      return { session, project, tasks: store.tasksOf(session.id) };
    },
    whySession: ({ params }) => sessions.why(idOf(params)),
    answerSession: async ({ params, body, connection }) => {
      refuseFromInside(connection, store.liveSessions());
      return { session: await sessions.answer(idOf(params), body.requestId, body.answer) };
    },
    renameSession: ({ params, body }) => ({ session: sessions.rename(idOf(params), body.title) }),
    endSession: async ({ params, body }) => ({ session: await sessions.end(idOf(params), body.force) }),
    resumeSession: async ({ params, body }) => ({ session: await resume(sessions.get(idOf(params)), body) }),
    setAutoResume: ({ params, body }) => {
      stopped.setAuto(sessions.get(idOf(params)), body.enabled);
      return { session: sessions.get(idOf(params)) };
    },
    archiveSession: ({ params, body }) => ({ session: sessions.archive(idOf(params), body.isArchived) }),
    removeSession: ({ params }) => {
      sessions.remove(idOf(params));
      return {};
    },
    sessionOutput: ({ params, query }) => sessions.outputs.read(sessions.get(idOf(params)), query.format),
    sessionStarted: ({ params, body }) => ({ session: sessions.started(idOf(params), body.pid) }),
    sessionExited: ({ params, body }) => ({ session: sessions.exited(idOf(params), body) }),
  };
}
