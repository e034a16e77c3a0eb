import * as z from "zod";
import { reasonSourceSchema } from "./sources.ts";

/** Milliseconds since the epoch. */
const epochMs = z.number().int().nonnegative();

/** What kind of limit it is. `other`: the agent does not say. */
export const limitKindSchema = z.enum(["five-hour", "weekly", "daily", "model", "manual", "other"]);
export type LimitKind = z.infer<typeof limitKindSchema>;

/** One window of an account's allowance, as the agent last told it. */
export const quotaWindowSchema = z.object({
  kind: limitKindSchema.exclude(["manual"]),
  model: z.string().nullable().default(null).describe("Set where the window is one model's."),
  usedPercent: z.number().nonnegative().describe("0 to 100, and above where an agent lets it."),
  resetsAt: epochMs.nullable(),
  at: epochMs.describe("When the agent told it."),
  fullAt: epochMs
    .nullable()
    .default(null)
    .describe("When it is used up at the present pace; null where that is not known, or not before it resets."),
});
export type QuotaWindow = z.infer<typeof quotaWindowSchema>;

/** What a usage limit belongs to: an agent with a config home, an endpoint and a credential. */
export const accountSchema = z.object({
  id: z.string().describe("`<agent>-<hash>`: neither the credential nor anything to find it from is in it."),
  agent: z.string(),
  label: z.string().describe('"Claude Code", and where that is not the agent\'s usual account, which one it is.'),
  isDefault: z.boolean().describe("The account that the agent uses when nothing is set."),
  quotas: z.array(quotaWindowSchema),
  updatedAt: epochMs,
});
export type Account = z.infer<typeof accountSchema>;

export const pauseEndSchema = z.enum(["reset", "lifted"]);

/** A limit on an account, or on one model of it. */
export const pauseSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  agent: z.string(),
  label: z.string().describe("The account's, as it was."),
  model: z.string().nullable().describe("Only launches of this model are held. Null: all of the account's."),
  holdsUnnamedModel: z.boolean().default(true).describe("Whether a launch that names no model is one of `model`."),
  kind: limitKindSchema,
  since: epochMs,
  until: epochMs.nullable().describe("When it resets; null when nobody knows."),
  isInForce: z.boolean().describe("False: words on a screen that look like a limit. It is shown, and holds nothing."),
  reason: z.string().describe("Why, in a sentence for a person."),
  source: reasonSourceSchema,
  signal: z.string().nullable().describe('What exactly said so: "StopFailure hook".'),
  evidence: z.string().nullable().describe("The agent's own words."),
  sessionId: z.string().nullable().describe("The session that hit it."),
  nextTryAt: epochMs
    .nullable()
    .describe("When it is tried out whether the limit is still there; grows when it is. Null when nothing will be."),
  tries: z.number().int().nonnegative().describe("How often it was tried out, and the limit was still there."),
  endedAt: epochMs.nullable(),
  endedBy: pauseEndSchema.nullable(),
  createdAt: epochMs,
  updatedAt: epochMs,
});
export type Pause = z.infer<typeof pauseSchema>;

/** Whether a pause holds launches, now. It ends only by being ended: past its reset it is tried out first. */
export function isHolding(pause: Pause): boolean {
  return pause.isInForce && pause.endedAt === null;
}

/** What happens, or happened, to a session that a limit stopped. */
export const continuationSchema = z.object({
  pauseId: z.string(),
  owner: z.enum(["tally", "agent", "person"]).describe("Who goes on with it at the reset."),
  status: z.enum([
    /** It goes on when the pause ends. */
    "scheduled",
    /** It is being brought back. */
    "resuming",
    /** A new turn began. */
    "resumed",
    /** It will not go on by itself; `text` says why. */
    "not-resumed",
    /** A person cancelled it. */
    "cancelled",
  ]),
  at: epochMs.nullable().describe("When it is going to happen, or did. Null: when nobody knows."),
  text: z.string().describe("For a person, a sentence."),
});
export type Continuation = z.infer<typeof continuationSchema>;

export const blockModeSchema = z.enum(["block", "warn", "off"]);

/** `22:00-07:00`, in the local time of the gateway's machine. */
export const quietHoursSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "Write it as 22:00-07:00.");

export const personaSchema = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "Use letters, digits, dot, dash and underscore."),
  agent: z.string().min(1).max(100),
  configHome: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe("The folder that the agent keeps its settings and its login in. `~/` is the home folder."),
  args: z.array(z.string()).max(1_000).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
});
export type Persona = z.infer<typeof personaSchema>;

/** What a person has set; the windows tell the gateway, and it keeps what was told last. */
export const settingsSchema = z.object({
  block: blockModeSchema.default("block").describe("Whether a pause holds launches, only warns, or is ignored."),
  resumeBy: z
    .enum(["tally", "agent", "nobody"])
    .default("tally")
    .describe("Who goes on with a conversation when its limit resets: Tally, or the agent where it can by itself."),
  resumePrompt: z.string().trim().min(1).max(10_000).default("Continue where you left off."),
  quietHours: quietHoursSchema
    .nullable()
    .default(null)
    .describe("Nothing is resumed in these hours. Null: there are none."),
  maxConcurrentResumes: z.number().int().min(1).max(20).default(3),
  warnAtPercent: z.number().min(0).max(100).default(80).describe("Warn when so much of a window is used. 0: never."),
  personas: z.array(personaSchema).max(100).default([]),
  worktreePath: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .default("{parent}/{repository}-{name}")
    .describe(
      "Where a new worktree goes. `{parent}`: the folder that the main checkout is in, `{repository}`: its name, `{name}`: the worktree's.",
    ),
  worktreeAgent: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe(
      "The agent that `tally add` starts where neither the person nor tally.json names one. Null: the first that is installed.",
    ),
  carryClaudePermissions: z
    .boolean()
    .default(true)
    .describe("Whether what the main checkout allows Claude Code holds in a new worktree too."),
  maxTasks: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(4)
    .describe("How many tasks run at once, and how many of one account."),
  maxTasksPerAccount: z.number().int().min(1).max(50).default(2),
  minFreeMemoryMb: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(1_000)
    .describe("No task begins while less memory than this is free. 0: regardless."),
  taskTimeLimitMinutes: z
    .number()
    .int()
    .min(0)
    .max(10_080)
    .default(120)
    .describe("How long a task may take where it does not say. 0: as long as it wants."),
  historyInProject: z
    .boolean()
    .default(false)
    .describe("Whether a project's own folder gets a copy of its sessions' history: `.tally/sessions`."),
});
export type Settings = z.infer<typeof settingsSchema>;
