import * as z from "zod";
import { absolutePathSchema } from "./paths.ts";
import { MAX_PROMPT_CHARS } from "./queue-routes.ts";
import { sessionMetadataSchema, sessionNumbersSchema, taskRecordSchema } from "./session-file.ts";
import { outputEntrySchema, taskTypeSchema } from "./tasks.ts";
import { usageSchema } from "./entities.ts";

/**
 * The session API for tools that run agents through Tally. Its words are its own, and are mapped at its routes; unknown fields are
 * ignored, times are ISO 8601 in UTC, durations are milliseconds.
 */

/** So many of a session's tasks are in its metadata, the latest; fewer where several sessions are listed. */
export const METADATA_TASKS = 100;
export const LISTED_TASKS = 10;

const environment = z
  .record(z.string(), z.string())
  .describe("The environment of the agent, whole. Left out: the gateway's own. On disk goes only what is no secret.");

/** What a new session may be told besides its folder. */
export const newSessionFields = {
  agent: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Left out: the persona's; else the one that is set for worktrees; else the first that is installed."),
  persona: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("A persona of the settings, or an approved one of the repository."),
  title: z.string().trim().min(1).max(500).optional(),
  env: environment.optional(),
};

const sessionMetadata = sessionMetadataSchema.describe(
  `A session. Times are ISO 8601 in UTC, durations are milliseconds. Its tasks are the latest ${METADATA_TASKS}; in a list the latest ${LISTED_TASKS}.`,
);
const sessionNumbers = sessionNumbersSchema.describe(
  "Durations are milliseconds. What can not be told yet, because no task has ended, is 0.",
);

/** Every change is answered with the session as it now is. */
const changedSession = z.object({ sessionId: z.string(), metadata: sessionMetadata });

const executeSchema = z.object({
  sessionId: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Left out: the current session if it is open and fits workingDirectory, agent and persona; else a new one, which is then the current one.",
    ),
  task: z
    .union([
      z.string().trim().min(1).max(MAX_PROMPT_CHARS),
      z.object({ description: z.string().trim().min(1).max(MAX_PROMPT_CHARS), type: taskTypeSchema.default("code") }),
    ])
    .describe("The prompt.")
    .transform((task) => (typeof task === "string" ? { description: task, type: "code" as const } : task)),
  workingDirectory: absolutePathSchema
    .optional()
    .describe(
      "Where a new session works. Left out: in the person's home folder. A session that is named has to work there.",
    ),
  agent: newSessionFields.agent,
  persona: newSessionFields.persona,
  args: z.array(z.string()).max(1_000).default([]).describe("Further arguments of the agent, for this task."),
  env: environment.optional(),
  timeLimitMs: z
    .number()
    .int()
    .positive()
    .max(7 * 24 * 3_600_000)
    .nullish()
    .describe("In milliseconds. Null: as long as it wants. Left out: as is set."),
});

const executedSchema = changedSession.extend({
  taskId: z.string(),
  status: z.enum(["completed", "failed", "cancelled"]),
  result: z.string().nullable().describe("What the agent said at the end."),
  error: z.string().nullable().describe("Why it failed, for a person."),
  usage: usageSchema.nullable(),
});
export type Executed = z.infer<typeof executedSchema>;

/** What `POST /agent/execute/stream` tells, in this order; `task` again whenever its status changes. */
const executeEventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("session"), data: changedSession }),
  z.object({ event: z.literal("task"), data: taskRecordSchema }),
  z.object({ event: z.literal("output"), data: z.object({ entries: z.array(outputEntrySchema) }) }),
  z.object({ event: z.literal("result"), data: executedSchema }),
]);
export type ExecuteEvent = z.infer<typeof executeEventSchema>;

/** A page of sessions. */
export const sessionsPageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(300).optional().describe("The `nextCursor` of the page before."),
});

export const sessionApiRoutes = {
  /** Makes a session and starts nothing: it is idle until a task is run in it. Allowed during a pause. It is then the current one. */
  openSession: {
    method: "POST",
    path: "/sessions",
    body: z.object({ workingDirectory: absolutePathSchema, ...newSessionFields }),
    result: changedSession,
  },
  /** Every session, whoever made it, the newest first, by pages. */
  listSessions: {
    method: "GET",
    path: "/sessions",
    query: sessionsPageQuery,
    result: z.object({ sessions: z.array(sessionMetadata), nextCursor: z.string().nullable() }),
  },
  sessionMetadata: {
    method: "GET",
    path: "/sessions/:id",
    result: z.object({ metadata: sessionMetadata, stats: sessionNumbers }),
  },
  /** Ends any session; answers when it has ended. */
  closeSession: { method: "POST", path: "/sessions/:id/end", result: changedSession },
  /** Makes it the one that `/agent/execute` means when it names none. */
  switchSession: { method: "POST", path: "/sessions/:id/switch", result: changedSession },
  /** Runs a task and answers when it has ended, well or not. Whoever goes away meanwhile does not end it. */
  executeTask: { method: "POST", path: "/agent/execute", body: executeSchema, result: executedSchema },
  streamTask: {
    method: "POST",
    path: "/agent/execute/stream",
    body: executeSchema,
    result: executeEventSchema,
    answers: "text/event-stream",
  },
} as const;
