import type { RouteName } from "../routes.ts";
import type { RouteDocs } from "./route-docs.ts";

/** What was done. */
export const historyDocs = {
  history: { tag: "History", summary: "Sessions with their numbers, the newest first, by pages", codes: [] },
  sessionHistory: {
    tag: "History",
    summary: "One session with its tasks, by pages, and its plans",
    codes: ["session-not-found"],
  },
  stats: {
    tag: "History",
    summary: "What was done day by day: tasks, tokens and cost of each agent in each project",
    codes: ["invalid-request"],
  },
  timeline: { tag: "History", summary: "The states of every session over time", codes: [] },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
