import * as z from "zod";
import { projectSchema, sessionSchema, taskSchema, usageSchema } from "./entities.ts";

/** A cursor holds an id: 200 characters, each of up to six once it is written as JSON. */
export const MAX_CURSOR_CHARS = 2_000;

/** The numbers of a session's work. Prompts and headless runs count; its root task does not, nor what Tally gave it as a prompt, which is one. */
export const sessionStatsSchema = z.object({
  totalTasks: z.number().int().nonnegative(),
  completedTasks: z.number().int().nonnegative(),
  failedTasks: z.number().int().nonnegative(),
  cancelledTasks: z.number().int().nonnegative(),
  executionMs: z.number().nonnegative().describe("From the start of each task that has ended to its end, in all."),
});
export type SessionStats = z.infer<typeof sessionStatsSchema>;

/** A session with what was done in it. */
export const sessionHistorySchema = z.object({
  session: sessionSchema,
  project: projectSchema,
  stats: sessionStatsSchema,
  successRate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("Of those that ended well or badly, how many ended well; 0 to 1. Null while none has."),
  avgExecutionMs: z.number().nonnegative().nullable().describe("Null while no task has ended."),
  usage: usageSchema.nullable(),
  durationMs: z.number().nonnegative().describe("From its start to its end, or until now."),
});
export type SessionHistory = z.infer<typeof sessionHistorySchema>;

/** A plan that the agent proposed and the person accepted. */
export const acceptedPlanSchema = z.object({ taskId: z.string(), text: z.string(), acceptedAt: z.number() });
export type AcceptedPlan = z.infer<typeof acceptedPlanSchema>;

const page = {
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** The `nextCursor` of the page before. */
  cursor: z.string().max(MAX_CURSOR_CHARS).optional(),
};
const filter = {
  /** Only sessions that did something at or after this moment; milliseconds since the epoch. */
  since: z.coerce.number().int().nonnegative().optional(),
  projectId: z.string().optional(),
};

export const historyRoutes = {
  /** The sessions, the newest first, by pages. */
  history: {
    method: "GET",
    path: "/v1/history",
    query: z.object({ ...filter, ...page }),
    result: z.object({ sessions: z.array(sessionHistorySchema), nextCursor: z.string().nullable() }),
  },
  /** One session, with its tasks by pages, the newest first, and its plans. */
  sessionHistory: {
    method: "GET",
    path: "/v1/sessions/:id/history",
    query: z.object(page),
    result: z.object({
      history: sessionHistorySchema,
      tasks: z.array(taskSchema),
      plans: z.array(acceptedPlanSchema),
      nextCursor: z.string().nullable(),
    }),
  },
} as const;
