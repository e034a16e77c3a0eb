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
  /** Set where the window is one model's. */
  model: z.string().nullable().default(null),
  /** 0 to 100, and above where an agent lets it. */
  usedPercent: z.number().nonnegative(),
  resetsAt: epochMs.nullable(),
  /** When the agent told it. */
  at: epochMs,
  /** When it is used up at the present pace; null where that is not known, or not before it resets. */
  fullAt: epochMs.nullable().default(null),
});
export type QuotaWindow = z.infer<typeof quotaWindowSchema>;

/** What a usage limit belongs to: an agent with a config home, an endpoint and a credential. */
export const accountSchema = z.object({
  /** `<agent>-<hash>`: neither the credential nor anything to find it from is in it. */
  id: z.string(),
  agent: z.string(),
  /** "Claude Code", and where that is not the agent's usual account, which one it is. */
  label: z.string(),
  /** The account that the agent uses when nothing is set. */
  isDefault: z.boolean(),
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
  /** The account's, as it was. */
  label: z.string(),
  /** Only launches of this model are held. Null: all of the account's. */
  model: z.string().nullable(),
  /** Whether a launch that names no model is one of `model`. */
  holdsUnnamedModel: z.boolean().default(true),
  kind: limitKindSchema,
  since: epochMs,
  /** When it resets; null when nobody knows. */
  until: epochMs.nullable(),
  /** False: words on a screen that look like a limit. It is shown, and holds nothing. */
  isInForce: z.boolean(),
  /** Why, in a sentence for a person. */
  reason: z.string(),
  source: reasonSourceSchema,
  /** What exactly said so: "StopFailure hook". */
  signal: z.string().nullable(),
  /** The agent's own words. */
  evidence: z.string().nullable(),
  /** The session that hit it. */
  sessionId: z.string().nullable(),
  /** When it is tried out whether the limit is still there; grows when it is. Null when nothing will be. */
  nextTryAt: epochMs.nullable(),
  /** How often it was tried out, and the limit was still there. */
  tries: z.number().int().nonnegative(),
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
  /** Who goes on with it at the reset. */
  owner: z.enum(["tally", "agent", "person"]),
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
  /** When it is going to happen, or did. Null: when nobody knows. */
  at: epochMs.nullable(),
  /** For a person, a sentence. */
  text: z.string(),
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
  /** The folder that the agent keeps its settings and its login in. `~/` is the home folder. */
  configHome: z.string().min(1).max(4096).optional(),
  args: z.array(z.string()).max(1_000).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
});
export type Persona = z.infer<typeof personaSchema>;

/** What a person has set; the windows tell the gateway, and it keeps what was told last. */
export const settingsSchema = z.object({
  /** Whether a pause holds launches, only warns, or is ignored. */
  block: blockModeSchema.default("block"),
  /** Who goes on with a conversation when its limit resets: Tally, or the agent where it can by itself. */
  resumeBy: z.enum(["tally", "agent", "nobody"]).default("tally"),
  resumePrompt: z.string().trim().min(1).max(10_000).default("Continue where you left off."),
  /** Nothing is resumed in these hours. Null: there are none. */
  quietHours: quietHoursSchema.nullable().default(null),
  maxConcurrentResumes: z.number().int().min(1).max(20).default(3),
  /** Warn when so much of a window is used. 0: never. */
  warnAtPercent: z.number().min(0).max(100).default(80),
  personas: z.array(personaSchema).max(100).default([]),
  /** Where a new worktree goes. `{parent}`: the folder that the main checkout is in, `{repository}`: its name, `{name}`: the worktree's. */
  worktreePath: z.string().trim().min(1).max(1_000).default("{parent}/{repository}-{name}"),
  /** The agent that `tally add` starts where neither the person nor tally.json names one. Null: the first that is installed. */
  worktreeAgent: z.string().min(1).max(100).nullable().default(null),
  /** Whether what the main checkout allows Claude Code holds in a new worktree too. */
  carryClaudePermissions: z.boolean().default(true),
  /** How many tasks run at once, and how many of one account. */
  maxTasks: z.number().int().min(1).max(50).default(4),
  maxTasksPerAccount: z.number().int().min(1).max(50).default(2),
  /** No task begins while less memory than this is free. 0: regardless. */
  minFreeMemoryMb: z.number().int().min(0).max(1_000_000).default(1_000),
  /** How long a task may take where it does not say. 0: as long as it wants. */
  taskTimeLimitMinutes: z.number().int().min(0).max(10_080).default(120),
  /** Whether a project's own folder gets a copy of its sessions' history: `.tally/sessions`. */
  historyInProject: z.boolean().default(false),
});
export type Settings = z.infer<typeof settingsSchema>;
