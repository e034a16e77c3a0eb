import type { RouteName } from "../routes.ts";
import type { RouteDocs } from "./route-docs.ts";

/** The gateway itself, and what it says of its API. */
export const gatewayDocs = {
  health: { tag: "Gateway", summary: "How the gateway is", codes: [] },
  snapshot: { tag: "Gateway", summary: "All that there is: projects, worktrees, sessions, tasks, pauses", codes: [] },
  stopGateway: {
    tag: "Gateway",
    summary: "Stop the gateway; agents run on, and the next gateway finds them again",
    codes: [],
  },

  openapi: { tag: "Documentation", summary: "The API as an OpenAPI 3.1 document", codes: [] },
  docs: { tag: "Documentation", summary: "The API as a page to read", codes: [] },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
