import { gatewayDocs } from "./api-docs/gateway.ts";
import { historyDocs } from "./api-docs/history.ts";
import { limitDocs } from "./api-docs/limits.ts";
import type { RouteDocs } from "./api-docs/route-docs.ts";
import { sessionDocs } from "./api-docs/sessions.ts";
import { taskDocs } from "./api-docs/tasks.ts";
import { toolDocs } from "./api-docs/tools.ts";
import { worktreeDocs } from "./api-docs/worktrees.ts";
import { wrapperDocs } from "./api-docs/wrappers.ts";
import type { RouteName, SocketName } from "./routes.ts";

export { apiTags } from "./api-docs/route-docs.ts";

/** Each route in words. With its schemas it is all that the document of the API is made from. */
export const apiDocs: Record<RouteName, RouteDocs> = {
  ...gatewayDocs,
  ...sessionDocs,
  ...taskDocs,
  ...historyDocs,
  ...limitDocs,
  ...worktreeDocs,
  ...wrapperDocs,
  ...toolDocs,
};

/** Each WebSocket endpoint in words. */
export const socketDocs: Record<SocketName, string> = {
  events:
    "Every change as it happens, in frames of JSON: first a snapshot or what was missed since event number `since` of the store `store`, then each change. A window tells on it whether it has the focus.",
  terminal: "A session's terminal. Binary frames are bytes of the terminal, text frames are messages in JSON.",
  processTerminal: "The terminal of a worktree's process, spoken as a session's.",
  sessionFeed:
    "Every session as it begins, changes and ends, in frames of JSON. `since` is the number of the last one that was told; what came after it is told first.",
  taskOutput:
    "What a headless task does: first what was so far, then as it happens. The last frame has the ended task.",
};
