import * as z from "zod";
import { absolutePathSchema } from "./paths.ts";
import type { TaskState } from "./states.ts";

/**
 * The task API that existing wrappers speak: they report tasks of their own, which belong to a project and to no session.
 * Unknown fields are ignored, and both vocabularies of states are understood; they are mapped here and nowhere else.
 */
const foreignStates: Record<string, TaskState> = {
  QUEUED: "QUEUED",
  PENDING: "QUEUED",
  RUNNING: "RUNNING",
  WORKING: "RUNNING",
  IN_PROGRESS: "RUNNING",
  ACTIVE: "RUNNING",
  WAITING_USER: "WAITING_USER",
  BLOCKED: "BLOCKED",
  IDLE: "IDLE",
  DONE: "DONE",
  COMPLETED: "DONE",
  ERROR: "ERROR",
  FAILED: "ERROR",
  CANCELLED: "CANCELLED",
};

const stateSchema = z.string().transform((word, context): TaskState => {
  const state = foreignStates[word.trim().toUpperCase()];
  if (state) return state;
  context.addIssue({
    code: "custom",
    message: `unknown state "${word}"; use one of ${Object.keys(foreignStates).join(", ")}`,
  });
  return z.NEVER;
});

const taskId = z.string().trim().min(1).max(200);
const details = z.string().max(20_000).nullish();

const upsertSchema = z.object({
  project: z
    .object({
      name: z.string().trim().max(200).optional(),
      repoPath: absolutePathSchema,
      preferredIDE: z.string().nullish(),
      preferredIde: z.string().nullish(),
    })
    .transform(({ preferredIDE, preferredIde, ...project }) => ({
      ...project,
      ide: preferredIDE ?? preferredIde ?? null,
    })),
  task: z.object({
    id: taskId,
    agent: z.string().trim().max(100).optional(),
    title: z.string().trim().max(500).optional(),
    state: stateSchema.optional(),
    details,
  }),
});

const foreignProjectSchema = z.object({
  id: z.string(),
  name: z.string(),
  repoPath: z.string(),
  preferredIDE: z.string().nullable(),
  preferredIde: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

const foreignTaskSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  sessionId: z.string().nullable(),
  agent: z.string(),
  title: z.string(),
  state: z.string(),
  details: z.string().nullable(),
  pinned: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

/** What every change is answered with: the task as it now is. */
const changed = z.object({ success: z.literal(true), task: foreignTaskSchema });

export const foreignStateSchema = z.object({
  projects: z.record(z.string(), foreignProjectSchema),
  tasks: z.record(z.string(), foreignTaskSchema),
  updatedAt: z.number(),
});
export type ForeignState = z.infer<typeof foreignStateSchema>;
export type ForeignTask = z.infer<typeof foreignTaskSchema>;

export const taskRoutes = {
  taskState: { method: "GET", path: "/v1/state", result: foreignStateSchema },
  upsertTask: { method: "POST", path: "/v1/tasks/upsert", body: upsertSchema, result: changed },
  setTaskState: {
    method: "POST",
    path: "/v1/tasks/state",
    body: z.object({ taskId, state: stateSchema, details }),
    result: changed,
  },
  setTaskDetails: {
    method: "POST",
    path: "/v1/tasks/details",
    body: z.object({ taskId, details: z.string().max(20_000).nullable() }),
    result: changed,
  },
  finishTask: {
    method: "POST",
    path: "/v1/tasks/done",
    body: z.object({ taskId, details }),
    result: changed,
  },
  deleteTask: {
    method: "POST",
    path: "/v1/tasks/delete",
    body: z.object({ taskId }),
    result: z.object({ success: z.literal(true) }),
  },
  pinTask: {
    method: "POST",
    path: "/v1/tasks/pin",
    body: z.object({ taskId, pinned: z.boolean().default(true) }),
    result: changed,
  },
} as const;
