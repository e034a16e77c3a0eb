import * as z from "zod";
import { originSchema, sessionSchema, taskKindSchema, taskSchema } from "./entities.ts";
import { MAX_CURSOR_CHARS } from "./history.ts";
import { absolutePathSchema } from "./paths.ts";
import { taskStateSchema } from "./states.ts";
import { outputEntrySchema, taskTypeSchema } from "./tasks.ts";

export const MAX_PROMPT_CHARS = 100_000;
export const MAX_TASKS_PER_PAGE = 500;

/** Where a task is done: in the conversation of a session, or in a new one in a worktree or a folder. */
const taskPlaceSchema = z.union([
  z.object({ sessionId: z.string().min(1) }),
  z.object({ worktreeId: z.string().min(1) }),
  z.object({ cwd: absolutePathSchema }),
]);

export const addTaskSchema = z.object({
  prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
  type: taskTypeSchema.default("code"),
  place: taskPlaceSchema,
  agent: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      "Only for a new session. Left out: the persona's; else the one that is set for worktrees; else the first that is installed.",
    ),
  persona: z.string().min(1).max(100).optional(),
  args: z
    .array(z.string())
    .max(1_000)
    .default([])
    .describe("Further arguments of the agent: a model, what it may do without asking."),
  env: z
    .record(z.string(), z.string())
    .describe("The caller's environment, whole. Kept in memory; on disk only what is no secret."),
  origin: originSchema.default("http"),
  timeLimitMs: z
    .number()
    .int()
    .positive()
    .max(7 * 24 * 3_600_000)
    .nullish()
    .describe("Null: it may take as long as it wants. Left out: as is set."),
  at: z.enum(["first", "last"]).default("last").describe("`first`: before all that wait."),
  whenPaused: z
    .enum(["wait", "refuse", "start"])
    .default("wait")
    .describe(
      "While a pause holds its account: `wait` for its end, `refuse` answers `paused`, `start` begins all the same.",
    ),
});
export type AddTask = z.input<typeof addTaskSchema>;

const changedTask = z.object({ task: taskSchema, session: sessionSchema.nullable() });

/** A list of states, as `QUEUED,RUNNING`. */
const statesSchema = z
  .string()
  .transform((list) => list.split(",").map((word) => word.trim().toUpperCase()))
  .pipe(z.array(taskStateSchema).min(1));

const listQuery = z.object({
  state: statesSchema.optional(),
  kind: taskKindSchema.optional(),
  sessionId: z.string().optional(),
  worktreeId: z.string().optional(),
  projectId: z.string().optional(),
  since: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("Only those made at or after this moment; milliseconds since the epoch."),
  limit: z.coerce.number().int().min(1).max(MAX_TASKS_PER_PAGE).default(100),
  cursor: z.string().max(MAX_CURSOR_CHARS).optional().describe("The `nextCursor` of the page before."),
});

export const queueRoutes = {
  /** Queues a task; it begins as soon as its account, its worktree, the slots and the memory allow. */
  addTask: { method: "POST", path: "/v1/tasks", body: addTaskSchema, result: changedTask, status: 201 },
  /** The newest first, by pages. */
  listTasks: {
    method: "GET",
    path: "/v1/tasks",
    query: listQuery,
    result: z.object({ tasks: z.array(taskSchema), nextCursor: z.string().nullable() }),
  },
  /** What waits, in the order in which it is going to run, and what runs before it. */
  queue: { method: "GET", path: "/v1/queue", result: z.object({ tasks: z.array(taskSchema) }) },
  getTask: { method: "GET", path: "/v1/tasks/:id", result: changedTask },
  moveTask: {
    method: "POST",
    path: "/v1/tasks/:id/move",
    body: z.union([
      z.object({ to: z.enum(["first", "last"]) }),
      z.object({ before: z.string().min(1) }),
      z.object({ after: z.string().min(1) }),
    ]),
    result: changedTask,
  },
  /** Takes it out of the queue, or stops it: its process and all that it started have ended when this is answered. */
  cancelTask: { method: "POST", path: "/v1/tasks/:id/cancel", result: changedTask },
  /** Queues a task again that has ended, or that waits for a person: with this environment. */
  retryTask: {
    method: "POST",
    path: "/v1/tasks/:id/retry",
    body: z.object({ env: z.record(z.string(), z.string()), at: z.enum(["first", "last"]).default("last") }),
    result: changedTask,
  },
  /** What a headless task has done so far. `from`: how many entries to leave out. */
  taskOutput: {
    method: "GET",
    path: "/v1/tasks/:id/output",
    query: z.object({ from: z.coerce.number().int().nonnegative().default(0) }),
    result: z.object({ entries: z.array(outputEntrySchema), task: taskSchema }),
  },
} as const;

/** `WS /v1/tasks/:id/output`: first what was so far, then as it happens; the last frame has the ended task, then it closes. */
export const taskOutputFrameSchema = z.object({ entries: z.array(outputEntrySchema), task: taskSchema });
export type TaskOutputFrame = z.infer<typeof taskOutputFrameSchema>;
