import * as z from "zod";
import { usageSchema } from "./entities.ts";
import { limitKindSchema } from "./limits.ts";
import { sessionStateSchema } from "./states.ts";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

/** How far back what is drawn over time is kept. */
export const STATS_KEPT_DAYS = 400;
export const TIMELINE_KEPT_DAYS = 14;
export const QUOTAS_KEPT_DAYS = 60;

/** What was done on one day, by one agent, in one project. */
export const dayStatsSchema = z.object({
  day: z.string().describe("`2026-11-21`, in the time zone that was asked for."),
  startsAt: epochMs.describe("When that day began."),
  agent: z.string(),
  projectId: z.string(),
  done: z.number().int().nonnegative().describe("Tasks that ended well on it: prompts and headless runs."),
  failed: z.number().int().nonnegative(),
  cancelled: z.number().int().nonnegative(),
  executionMs: z.number().nonnegative().describe("Of the tasks that ended on it, from the start of each to its end."),
  usage: usageSchema.describe(
    "What was used on it, dated to when the agent told it; `costUsd` is null where no agent told. Of a conversation that was begun outside Tally only what came since.",
  ),
});
export type DayStats = z.infer<typeof dayStatsSchema>;

/** Since when a session was in a state. It holds until the next one, or until now. */
export const stateSpanSchema = z.object({
  state: sessionStateSchema,
  isUnknown: z.boolean().describe("No source was good enough: the state is a guess."),
  from: epochMs,
});
export type StateSpan = z.infer<typeof stateSpanSchema>;

export const sessionTimelineSchema = z.object({
  sessionId: z.string(),
  spans: z.array(stateSpanSchema).describe("The oldest first. The first may have begun before what was asked for."),
  endedAt: epochMs.nullable(),
});
export type SessionTimeline = z.infer<typeof sessionTimelineSchema>;

/** What an agent once told of one window of an account's allowance. */
export const quotaSampleSchema = z.object({
  accountId: z.string(),
  kind: limitKindSchema.exclude(["manual"]),
  model: z.string().nullable(),
  usedPercent: z.number().nonnegative(),
  resetsAt: epochMs.nullable(),
  at: epochMs,
});
export type QuotaSample = z.infer<typeof quotaSampleSchema>;

const since = z.coerce.number().int().nonnegative();

export const statsRoutes = {
  /** What was done day by day, the oldest day first. It stays counted when its session is removed. */
  stats: {
    method: "GET",
    path: "/v1/stats",
    query: z.object({
      since: since
        .optional()
        .describe("Milliseconds since the epoch; the day that it is in counts as a whole. Left out: the last 30 days."),
      timeZone: z.string().max(100).optional().describe("As `Europe/Berlin`. Left out: that of the gateway's machine."),
      projectId: z.string().optional(),
      agent: z.string().optional(),
    }),
    result: z.object({ days: z.array(dayStatsSchema), timeZone: z.string() }),
  },
  /** The states of every session that lived at or after `since`. */
  timeline: {
    method: "GET",
    path: "/v1/timeline",
    query: z.object({ since: since.describe("Milliseconds since the epoch.") }),
    result: z.object({ sessions: z.array(sessionTimelineSchema), since: epochMs }),
  },
  /** How much of each account was used over time, the oldest first. Pauses are in `pauseHistory`. */
  quotaHistory: {
    method: "GET",
    path: "/v1/limits/history",
    query: z.object({ since: since.describe("Milliseconds since the epoch."), accountId: z.string().optional() }),
    result: z.object({ samples: z.array(quotaSampleSchema) }),
  },
} as const;
