import type { Session } from "../../protocol/entities.ts";
import { LISTED_TASKS } from "../../protocol/session-api.ts";
import { MAX_CHAINS } from "../../protocol/session-feed.ts";
import type { History } from "../history/history.ts";
import { latestTasks } from "../session-api/feed-listener.ts";
import { type Machine, toFeedSession } from "../session-api/feed-session.ts";
import type { SessionCreation } from "../session-api/session-creation.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { Store } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

type SessionFeedRoutes = Pick<RouteHandlers, "createFeedSession" | "listFeedSessions" | "getFeedSession">;

export interface SessionFeedRoutesOptions {
  readonly creation: SessionCreation;
  readonly sessions: Pick<Sessions, "get">;
  readonly history: Pick<History, "list">;
  readonly store: Pick<Store, "tasksPage">;
  readonly machine: Machine;
}

export function sessionFeedRoutes(options: SessionFeedRoutesOptions): SessionFeedRoutes {
  const { creation, sessions, history, store, machine } = options;
  const told = (session: Session, tasksShown: number = MAX_CHAINS) =>
    toFeedSession(session, latestTasks(store, session.id, tasksShown), machine);
  return {
    createFeedSession: async ({ body }) => told((await creation.create(body)).session),
    listFeedSessions: ({ query }) => {
      const { sessions: page, nextCursor } = history.list(query);
      return { sessions: page.map(({ session }) => told(session, LISTED_TASKS)), nextCursor };
    },
    getFeedSession: ({ params }) => told(sessions.get(params["id"] ?? "")),
  };
}
