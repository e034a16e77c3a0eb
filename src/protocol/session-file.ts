import * as z from "zod";
import { usageSchema } from "./entities.ts";
import { taskTypeSchema } from "./tasks.ts";

/** ISO 8601 in UTC. */
const isoTime = z.iso.datetime();

/** A task in the words of the session API. */
export const taskRecordSchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  type: taskTypeSchema,
  description: z.string(),
  status: z.enum(["pending", "in_progress", "completed", "failed", "cancelled"]),
  createdAt: isoTime,
  updatedAt: isoTime,
  result: z.string().optional().describe("What the agent said at its end."),
  error: z.string().optional().describe("Why it failed."),
  plan: z.string().optional().describe("The plan that the agent proposed in it and the person accepted."),
});
export type TaskRecord = z.infer<typeof taskRecordSchema>;

/** A session in the words of the session API. Durations are milliseconds. */
export const sessionMetadataSchema = z.object({
  sessionId: z.string(),
  startTime: isoTime,
  endTime: isoTime.optional().describe("Once it has ended."),
  workingDirectory: z.string(),
  projectPath: z.string(),
  tasks: z.array(taskRecordSchema).describe("The oldest first."),
  plans: z.array(z.object({ taskId: z.string(), text: z.string() })),
  totalTasks: z.number().int().nonnegative(),
  completedTasks: z.number().int().nonnegative(),
  failedTasks: z.number().int().nonnegative(),
  totalExecutionTime: z.number().nonnegative(),
  status: z.enum(["active", "completed", "failed"]),
});
export type SessionMetadata = z.infer<typeof sessionMetadataSchema>;

/** Numbers in the words of the session API. Durations are milliseconds; what can not be told yet is 0. */
export const sessionNumbersSchema = z.object({
  duration: z.number().nonnegative(),
  successRate: z.number().min(0).max(1).describe("Of the tasks that ended well or badly, how many ended well; 0 to 1."),
  avgExecutionTime: z.number().nonnegative(),
});
export type SessionNumbers = z.infer<typeof sessionNumbersSchema>;

/** `<id>.session.json`: what was done in a session, for a person or a program to read. */
export const sessionFileSchema = z.object({
  version: z.literal(1),
  updatedAt: isoTime.describe("When what it tells was last changed."),
  agent: z.string(),
  title: z.string(),
  model: z.string().nullable(),
  usage: usageSchema.nullable(),
  metadata: sessionMetadataSchema,
  stats: sessionNumbersSchema,
});
export type SessionFile = z.infer<typeof sessionFileSchema>;
