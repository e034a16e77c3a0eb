import * as z from "zod";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

/** A port that a worktree has for itself, under the name that `tally.json` gives it. */
export const portLeaseSchema = z.object({
  name: z.string(),
  port: z.number().int().min(1).max(65_535),
});
export type PortLease = z.infer<typeof portLeaseSchema>;

/** The variable in which everything that runs in a worktree finds one of its ports. */
export function portVariable(name: string): string {
  return `TALLY_PORT_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** What a worktree is to Tally. */
export const worktreeStatusSchema = z.enum([
  /** A session runs in it, and that is all: Tally neither made nor adopted it, and does not remove it. */
  "seen",
  "adding",
  "ready",
  "removing",
  /** What was done to it failed, or was cut off half way. It can be repaired: finished or undone. */
  "broken",
]);
export type WorktreeStatus = z.infer<typeof worktreeStatusSchema>;

export const stepIdSchema = z.enum([
  "ports",
  "checkout",
  "copy",
  "link",
  "permissions",
  "setup",
  "processes",
  "agent",
  "end",
  "teardown",
  "snapshot",
  "delete",
  "branch",
  "restore",
]);
export type StepId = z.infer<typeof stepIdSchema>;

/** One step of what is done to a worktree. */
export const stepSchema = z.object({
  id: stepIdSchema,
  label: z.string().describe('What it does, for a person: "Copy ignored files".'),
  state: z.enum(["pending", "running", "done", "skipped", "failed"]),
  detail: z.string().nullable().describe('How far it is, what came of it, or why it failed: "1,204 of 20,000 files".'),
  processId: z
    .string()
    .nullable()
    .default(null)
    .describe("The process whose terminal shows it, of a setup or teardown command."),
});
export type Step = z.infer<typeof stepSchema>;

export const operationSchema = z.object({
  id: z.string().describe("Given by whoever asked for it, so that they know it again in the events."),
  kind: z.enum(["add", "adopt", "remove", "restore"]),
  state: z.enum(["running", "done", "failed", "cancelled", "interrupted"]),
  steps: z.array(stepSchema),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe("Why it failed, with what to do about it."),
  startedAt: epochMs,
  endedAt: epochMs.nullable(),
});
export type Operation = z.infer<typeof operationSchema>;

/** What git says of a worktree. */
export const standingSchema = z.object({
  branch: z.string().nullable().describe("Null: detached."),
  head: z.string().nullable(),
  against: z
    .string()
    .nullable()
    .describe("What `ahead` and `behind` are counted against: its upstream, else the base it began from."),
  ahead: z.number().int().nonnegative(),
  behind: z.number().int().nonnegative(),
  dirty: z
    .number()
    .int()
    .nonnegative()
    .describe("Files with changes that are not committed, untracked ones among them."),
  at: epochMs,
});
export type Standing = z.infer<typeof standingSchema>;

export const processStateSchema = z.enum([
  "STOPPED",
  "STARTING",
  /** It runs, and listens where it has a port. */
  "RUNNING",
  /** It ended by itself with exit code 0. */
  "DONE",
  /** It ended by itself with another one, or could not be started, or does not listen. */
  "ERROR",
]);
export type ProcessState = z.infer<typeof processStateSchema>;

/** A named command of a worktree: a terminal, but no agent. */
export const helperProcessSchema = z.object({
  id: z.string(),
  projectId: z.string(),
  worktreeId: z.string(),
  name: z.string(),
  kind: z
    .enum(["process", "setup", "teardown"])
    .describe("`process`: it is to run all the time. `setup`, `teardown`: it is run once and waited for."),
  command: z.string().describe("The shell line as `tally.json` says it, with its prelude."),
  cwd: z.string(),
  port: z.number().int().nullable(),
  isListening: z.boolean().nullable().describe("Whether something answers on its port; null where it has none."),
  state: processStateSchema,
  reason: z.string().describe("Why it is in that state, a sentence for a person."),
  pid: z.number().int().nullable(),
  exitCode: z.number().int().nullable(),
  exitSignal: z.string().nullable(),
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  createdAt: epochMs,
  updatedAt: epochMs,
});
export type HelperProcess = z.infer<typeof helperProcessSchema>;

/** What of a worktree exists nowhere else, and so would be lost with it. */
export const workAtRiskSchema = z.object({
  uncommitted: z.array(z.string()).describe("Paths with changes that are not committed, staged ones among them."),
  untracked: z.array(z.string()),
  unpushed: z
    .array(z.string())
    .describe(
      "Commits that are on no remote, on no other branch and not in the base, as `abc1234 Subject`, the newest first.",
    ),
  inside: z
    .array(z.string())
    .default([])
    .describe("Commits in submodules and nested repositories that are nowhere else, as `abc1234 Subject (in lib)`."),
  underWay: z.string().nullable().describe('"a rebase", "a merge"; null when none is under way.'),
});
export type WorkAtRisk = z.infer<typeof workAtRiskSchema>;

/** What was kept of a removed worktree, under `refs/tally/snapshots/`. */
export const snapshotInfoSchema = z.object({
  ref: z.string(),
  name: z.string(),
  branch: z.string().nullable(),
  head: z.string(),
  path: z.string(),
  takenAt: epochMs,
  files: z.number().int(),
  bytes: z.number().int(),
  leftOut: z
    .array(z.string())
    .describe("Ignored folders that were left out, because they can be made again: `node_modules`."),
});
export type SnapshotInfo = z.infer<typeof snapshotInfoSchema>;
