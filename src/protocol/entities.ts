import * as z from "zod";
import { sessionStateSchema, taskStateSchema } from "./states.ts";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The main worktree's folder; for a bare repository its git directory; outside git the folder itself. */
  path: z.string(),
  /** The git directory all worktrees of the project share, null for a plain folder. It is the project's identity. */
  commonDir: z.string().nullable(),
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
});
export type Worktree = z.infer<typeof worktreeSchema>;

/** Why a session is in its state, in words for a person, and where that knowledge comes from. */
export const reasonSchema = z.object({
  text: z.string(),
  source: z.enum(["person", "program-status", "process", "gateway"]),
  at: epochMs,
});
export type Reason = z.infer<typeof reasonSchema>;

export const sessionModeSchema = z.enum(["pty", "pipes"]);
export const originSchema = z.enum(["editor", "cli", "http"]);

export const sessionSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  worktreeId: z.string().nullable(),
  rootTaskId: z.string(),
  agent: z.string(),
  title: z.string(),
  /** The program and its arguments as the person gave them. */
  command: z.array(z.string()),
  cwd: z.string(),
  /** `pty`: it runs in the pty host and can be attached. `pipes`: it runs in its caller's own pipes. */
  mode: sessionModeSchema,
  origin: originSchema,
  state: sessionStateSchema,
  stateSince: epochMs,
  reason: reasonSchema,
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  createdAt: epochMs,
  endedAt: epochMs.nullable(),
  updatedAt: epochMs,
});
export type Session = z.infer<typeof sessionSchema>;

export const taskKindSchema = z.enum(["root", "prompt", "foreign"]);

export const taskSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  /** Null for a task that a foreign tool reported: it belongs to a project and to no session. */
  sessionId: z.string().nullable(),
  kind: taskKindSchema,
  agent: z.string(),
  title: z.string(),
  state: taskStateSchema,
  details: z.string().nullable(),
  pinned: z.boolean(),
  createdAt: epochMs,
  updatedAt: epochMs,
  endedAt: epochMs.nullable(),
});
export type Task = z.infer<typeof taskSchema>;
