import * as z from "zod";
import { continuationSchema } from "./limits.ts";
import { agentRequestSchema } from "./requests.ts";
import { reasonSourceSchema } from "./sources.ts";
import { sessionStateSchema, taskStateSchema } from "./states.ts";
import { taskRunSchema, taskTypeSchema } from "./tasks.ts";
import { operationSchema, portLeaseSchema, standingSchema, worktreeStatusSchema } from "./worktrees.ts";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  path: z
    .string()
    .describe("The main worktree's folder; for a bare repository its git directory; outside git the folder itself."),
  commonDir: z
    .string()
    .nullable()
    .describe(
      "The git directory all worktrees of the project share, null for a plain folder. It is the project's identity.",
    ),
  preferredIde: z.string().nullable(),
  createdAt: epochMs,
  updatedAt: epochMs,
});
export type Project = z.infer<typeof projectSchema>;

export const worktreeSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  name: z.string(),
  path: z.string(),
  branch: z.string().nullable(),
  status: worktreeStatusSchema.default("seen"),
  base: z.string().nullable().default(null).describe("What its branch began from; null where nobody knows."),
  ports: z.array(portLeaseSchema).default([]),
  shared: z
    .array(z.string())
    .default([])
    .describe("Paths in it that are links to those of the main checkout: a change there reaches every worktree."),
  standing: standingSchema.nullable().default(null).describe("Null until git was asked."),
  operation: operationSchema.nullable().default(null).describe("What is done to it, or was last."),
  agentSessionId: z.string().nullable().default(null).describe("The session that was started with it."),
  createdAt: epochMs.default(0),
  updatedAt: epochMs.default(0),
});
export type Worktree = z.infer<typeof worktreeSchema>;

/** Why a session is in its state, in words for a person, and where that knowledge comes from. */
export const reasonSchema = z.object({
  text: z.string(),
  source: reasonSourceSchema,
  signal: z
    .string()
    .nullable()
    .default(null)
    .describe('What exactly said so: "PermissionRequest hook", "state file: busy".'),
  at: epochMs,
  isUnknown: z
    .boolean()
    .default(false)
    .describe('No source is good enough: the state is a guess, and `text` begins with "unknown, because".'),
  caveat: z
    .string()
    .nullable()
    .default(null)
    .describe("A source that should speak and does not, in words for a person."),
});
export type Reason = z.infer<typeof reasonSchema>;

/** Tokens and cost, of a session or of one prompt. */
export const usageSchema = z.object({
  inputTokens: z.number().nonnegative(),
  outputTokens: z.number().nonnegative(),
  cacheReadTokens: z.number().nonnegative(),
  cacheWriteTokens: z.number().nonnegative(),
  costUsd: z.number().nonnegative().nullable().describe("Null where the agent does not tell."),
});
export type Usage = z.infer<typeof usageSchema>;

export const sessionModeSchema = z.enum(["pty", "pipes", "external", "headless"]);
export const originSchema = z.enum(["editor", "cli", "http"]);

export const sessionSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  worktreeId: z.string().nullable(),
  rootTaskId: z.string(),
  agent: z.string(),
  title: z.string(),
  command: z.array(z.string()).describe("The program and its arguments as the person gave them."),
  cwd: z.string(),
  mode: sessionModeSchema.describe(
    "`pty`: it runs in the pty host and can be attached. `pipes`: it runs in its caller's own pipes. `external`: a wrapper started it and told us of it; it runs in a terminal that is not ours. `headless`: Tally runs it task by task, without a terminal; between tasks it is IDLE and has no process.",
  ),
  origin: originSchema,
  state: sessionStateSchema,
  stateSince: epochMs,
  reason: reasonSchema,
  request: agentRequestSchema
    .nullable()
    .default(null)
    .describe("What the agent waits for, in state `WAITING_USER`, where it says."),
  conversationId: z.string().nullable().default(null).describe("The agent's own id of the conversation, once known."),
  agentVersion: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  promptCount: z.number().int().nonnegative().default(0),
  usage: usageSchema.nullable().default(null),
  accountId: z
    .string()
    .nullable()
    .default(null)
    .describe("What its limits belong to. Null for a session from before accounts were known."),
  persona: z.string().nullable().default(null),
  autoResume: z.boolean().default(true).describe("Whether it goes on by itself when a limit resets."),
  continuation: continuationSchema
    .nullable()
    .default(null)
    .describe("What happens to it because of a limit, or last did."),
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  createdAt: epochMs,
  endedAt: epochMs.nullable(),
  archivedAt: epochMs
    .nullable()
    .default(null)
    .describe(
      "Since when it is put away, and only shown where all are asked for: a person did, or its worktree was removed.",
    ),
  updatedAt: epochMs,
});
export type Session = z.infer<typeof sessionSchema>;

export const taskKindSchema = z.enum([
  /** Stands for its whole session. */
  "root",
  /** A person's, in the session's terminal. */
  "prompt",
  /** Handed over to Tally: it waits in the queue until it is run. */
  "run",
  /** A foreign tool reported it. */
  "foreign",
]);

export const taskSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  sessionId: z
    .string()
    .nullable()
    .describe("Null for a task that a foreign tool reported: it belongs to a project and to no session."),
  kind: taskKindSchema,
  agent: z.string(),
  title: z.string(),
  state: taskStateSchema,
  details: z.string().nullable(),
  type: taskTypeSchema.default("code"),
  description: z
    .string()
    .nullable()
    .default(null)
    .describe("The whole prompt, of a task that was handed over to Tally."),
  result: z.string().nullable().default(null).describe("What the agent said at the end of a run."),
  error: z.string().nullable().default(null).describe("Why it failed, for a person."),
  plan: z.string().nullable().default(null).describe("The plan that the agent proposed in it and the person accepted."),
  worktreeId: z.string().nullable().default(null).describe("Of a run: where it is done."),
  accountId: z.string().nullable().default(null).describe("Of a run: what its limits belong to."),
  startedAt: epochMs.nullable().default(null).describe("Of a run: when it last began."),
  position: z
    .number()
    .nullable()
    .default(null)
    .describe("Orders what waits in the queue, the smallest first. Null: it does not wait."),
  run: taskRunSchema.nullable().default(null),
  usage: usageSchema.nullable().default(null),
  pinned: z.boolean(),
  createdAt: epochMs,
  updatedAt: epochMs,
  endedAt: epochMs.nullable(),
});
export type Task = z.infer<typeof taskSchema>;
