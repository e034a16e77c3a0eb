import type { History } from "../history/history.ts";
import type { Store } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

type HistoryRoutes = Pick<RouteHandlers, "history" | "sessionHistory">;

export function historyRoutes({ history }: { readonly history: History }): HistoryRoutes {
  return {
    history: ({ query }) => history.list(query),
    sessionHistory: ({ params, query }) => history.of(params["id"] ?? "", query),
  };
}

/** The tasks of all sessions and of none, by pages. */
export function listTasks(store: Pick<Store, "tasksPage">): RouteHandlers["listTasks"] {
  return ({ query }) => store.tasksPage(query);
}
