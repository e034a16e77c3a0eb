import * as z from "zod";
import { originSchema, projectSchema, sessionSchema, worktreeSchema } from "./entities.ts";
import { absolutePathSchema } from "./paths.ts";
import { helperProcessSchema, snapshotInfoSchema, standingSchema, workAtRiskSchema } from "./worktrees.ts";

const operationId = z.string().min(1).max(100).optional();
/** The environment for what is started, whole: the caller's own. Used and not stored. */
const env = z.record(z.string(), z.string());
const cwd = absolutePathSchema;

/** What a repository's `tally.json` would run. A person approves all of it at once, by a hash of exactly this. */
export const repositoryCommandsSchema = z.object({
  path: z.string().describe("Where the file is."),
  agent: z.string().nullable().describe("The agent that it has started; null where it names none."),
  prelude: z.string().nullable(),
  setup: z.array(z.object({ run: z.string(), cwd: z.string() })),
  teardown: z.array(z.object({ run: z.string(), cwd: z.string() })),
  processes: z.array(
    z.object({ name: z.string(), run: z.string(), cwd: z.string(), env: z.record(z.string(), z.string()) }),
  ),
  hash: z.string(),
  isApproved: z.boolean(),
});
export type RepositoryCommands = z.infer<typeof repositoryCommandsSchema>;

export const addWorktreeSchema = z.object({
  operationId,
  /** Any folder of the project. */
  cwd,
  name: z.string().max(300).describe("The branch's name, and where it comes from the name of the worktree."),
  from: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe("What the branch begins from. Left out: the project's default branch; of a branch that exists nothing."),
  agent: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .optional()
    .describe("Null: no agent. Left out: that of tally.json, of the settings, or the first that is installed."),
  persona: z.string().min(1).max(100).optional(),
  args: z.array(z.string()).max(10_000).default([]).describe("The agent's own arguments."),
  prompt: z.string().trim().min(1).max(100_000).optional().describe("The first thing that the agent is told."),
  env,
  origin: originSchema.default("http"),
  skipCommands: z
    .boolean()
    .default(false)
    .describe("Start nothing that tally.json names: neither setup nor processes."),
});
export type AddWorktree = z.input<typeof addWorktreeSchema>;

const worktree = z.object({ worktree: worktreeSchema });

export const branchSchema = z.object({
  name: z.string().describe("Without its remote's name."),
  remote: z.string().nullable().describe("Of one that is on a remote only."),
  checkedOutAt: z.string().nullable().describe("The worktree that has it checked out."),
  committedAt: z.number().int(),
});
export type Branch = z.infer<typeof branchSchema>;

/** What `tally prune` says of one worktree. */
export const pruneCandidateSchema = z.object({
  worktree: worktreeSchema,
  sizeBytes: z.number().int(),
  changedAt: z.number().int().describe("The last commit, or change that git knows of."),
  isMerged: z.boolean(),
  hasLiveSessions: z.boolean(),
  isMissing: z.boolean().describe("Its folder is gone."),
  isSafe: z.boolean().describe("Nothing would be lost, nothing runs in it, and its work is merged."),
  why: z.string().describe("Why it is safe or not, for a person."),
});
export type PruneCandidate = z.infer<typeof pruneCandidateSchema>;

/** Routes of worktrees. What takes long is answered once it is begun, and told of by events: `worktree.operation`. */
export const worktreeRoutes = {
  /** `approval-needed` with `details: {commands}` until a person has approved what tally.json would run. */
  addWorktree: {
    method: "POST",
    path: "/v1/worktrees",
    body: addWorktreeSchema,
    result: z.object({ worktree: worktreeSchema, project: projectSchema }),
  },
  /** Takes a checkout that somebody made with git for one of Tally's. */
  adoptWorktree: {
    method: "POST",
    path: "/v1/worktrees/adopt",
    body: z.object({ operationId, path: absolutePathSchema, env }),
    result: worktree,
  },
  /** By id, name, branch or path; by name first in the project that `cwd` is in. `worktree-not-found`, `worktree-ambiguous` */
  resolveWorktree: {
    method: "GET",
    path: "/v1/worktrees",
    query: z.object({ ref: z.string().min(1), cwd: cwd.optional() }),
    result: z.object({ worktree: worktreeSchema, project: projectSchema }),
  },
  /** What would be lost with it, read now. */
  worktreeRisk: {
    method: "GET",
    path: "/v1/worktrees/:id/risk",
    result: z.object({ risk: workAtRiskSchema, standing: standingSchema.nullable() }),
  },
  /**
   * Ends what runs in it and removes it. `work-at-risk` with `details: {risk}` while something would be lost, unless `force`, which keeps
   * it as a snapshot first. It is over once the worktree is gone from the events.
   */
  removeWorktree: {
    method: "POST",
    path: "/v1/worktrees/:id/remove",
    body: z.object({
      operationId,
      keepBranch: z.boolean().default(false),
      force: z.boolean().default(false),
      env,
      skipCommands: z.boolean().default(false).describe("Do not run its teardown commands."),
    }),
    result: z.object({
      worktree: worktreeSchema,
      snapshotRef: z.string().describe("What brings it back."),
      branch: z.object({
        name: z.string().nullable(),
        isDeleted: z.boolean(),
        why: z.string().describe('Why, for a person: "It is merged into main."'),
      }),
    }),
  },
  /** Of what is just done to it: what was made is undone, as far as nothing of the person's is in it. */
  cancelWorktree: { method: "POST", path: "/v1/worktrees/:id/cancel", body: z.object({}), result: worktree },
  /** Finishes or undoes what was cut off or failed. */
  repairWorktree: {
    method: "POST",
    path: "/v1/worktrees/:id/repair",
    body: z.object({ operationId, how: z.enum(["finish", "undo"]), env }),
    result: worktree,
  },
  /** Brings back what is missing: processes, and conversations whose process is gone. Any number of times. */
  resumeWorktree: {
    method: "POST",
    path: "/v1/worktrees/:id/resume",
    body: z.object({ env, force: z.boolean().default(false) }),
    result: z.object({
      worktree: worktreeSchema,
      sessions: z.array(
        z.object({
          session: sessionSchema,
          outcome: z.enum(["resumed", "running", "held", "failed"]),
          why: z.string().nullable().describe("Why it failed or is held."),
        }),
      ),
      processes: z.array(
        z.object({
          process: helperProcessSchema,
          outcome: z.enum(["started", "running", "failed"]),
          why: z.string().nullable(),
        }),
      ),
    }),
  },
  startProcess: {
    method: "POST",
    path: "/v1/processes/:id/start",
    body: z.object({ env, isRestart: z.boolean().default(false) }),
    result: z.object({ process: helperProcessSchema }),
  },
  /** Answers when it has ended. */
  stopProcess: {
    method: "POST",
    path: "/v1/processes/:id/stop",
    body: z.object({ force: z.boolean().default(false) }),
    result: z.object({ process: helperProcessSchema }),
  },
  processOutput: {
    method: "GET",
    path: "/v1/processes/:id/output",
    query: z.object({ format: z.enum(["text", "ansi"]).default("text") }),
    result: z.object({ data: z.string(), cols: z.number(), rows: z.number() }),
  },
  /** Of the project that `cwd` is in, the latest first. */
  snapshots: {
    method: "GET",
    path: "/v1/snapshots",
    query: z.object({ cwd }),
    result: z.object({ snapshots: z.array(snapshotInfoSchema) }),
  },
  /** Brings a removed worktree back as it was. `ref`: the name of the worktree, for its latest snapshot, or the ref of one. */
  restoreWorktree: {
    method: "POST",
    path: "/v1/snapshots/restore",
    body: z.object({ operationId, cwd, ref: z.string().min(1), env }),
    result: worktree,
  },
  /** Forgets a snapshot for good. */
  dropSnapshot: {
    method: "POST",
    path: "/v1/snapshots/drop",
    body: z.object({ cwd, ref: z.string().min(1) }),
    result: z.object({}),
  },
  /** What there is to sweep, in the project that `cwd` is in. */
  pruneCandidates: {
    method: "GET",
    path: "/v1/prune",
    query: z.object({ cwd }),
    result: z.object({ candidates: z.array(pruneCandidateSchema), snapshots: z.array(snapshotInfoSchema) }),
  },
  /** The branches that a worktree can begin from or take up, the latest first, and the default one. */
  branches: {
    method: "GET",
    path: "/v1/branches",
    query: z.object({ cwd }),
    result: z.object({ branches: z.array(branchSchema), defaultBranch: z.string().nullable() }),
  },
  /** What the repository's tally.json would run; null when there is none, or it runs nothing. */
  repositoryCommands: {
    method: "GET",
    path: "/v1/repository-commands",
    query: z.object({ cwd }),
    result: z.object({ commands: repositoryCommandsSchema.nullable(), problem: z.string().nullable() }),
  },
  /** A person has seen these commands and approves them. Refused from inside a session. */
  approveCommands: {
    method: "POST",
    path: "/v1/repository-commands/approve",
    body: z.object({ cwd, hash: z.string().min(1) }),
    result: z.object({ commands: repositoryCommandsSchema }),
  },
  /** A `tally.json` for this repository, from what is found in it. Written by nobody. */
  proposeTallyJson: {
    method: "GET",
    path: "/v1/tally-json/proposal",
    query: z.object({ cwd }),
    result: z.object({
      path: z.string().describe("Where it belongs."),
      exists: z.boolean(),
      text: z.string(),
      found: z.array(z.string()).describe('What was found, for a person: "manage.py in backend/".'),
    }),
  },
} as const;
