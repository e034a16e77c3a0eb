import type { Stats } from "../stats/stats.ts";
import type { RouteHandlers } from "./router.ts";

type StatsRoutes = Pick<RouteHandlers, "stats" | "timeline" | "quotaHistory">;

export function statsRoutes(stats: Stats): StatsRoutes {
  return {
    stats: ({ query }) => stats.days(query),
    timeline: ({ query }) => stats.timeline(query),
    quotaHistory: ({ query }) => stats.quotas(query),
  };
}
