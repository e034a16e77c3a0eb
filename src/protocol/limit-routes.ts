import * as z from "zod";
import { accountSchema, pauseSchema, personaSchema, settingsSchema } from "./limits.ts";
import { absolutePathSchema } from "./paths.ts";

/** What says which account a launch would be on. */
export const launchOfSchema = z.object({
  agent: z.string().min(1).max(100).optional(),
  persona: z.string().min(1).max(100).optional(),
  args: z.array(z.string()).max(10_000).default([]),
  cwd: absolutePathSchema,
  env: z.record(z.string(), z.string()),
});

/** A persona with where it is from, and whether it may be used. */
export const offeredPersonaSchema = personaSchema.extend({
  from: z.enum(["settings", "repository"]),
  isApproved: z
    .boolean()
    .describe("One of a repository has to be approved by a person first, by this hash of exactly its content."),
  hash: z.string(),
});
export type OfferedPersona = z.infer<typeof offeredPersonaSchema>;

const pause = z.object({ pause: pauseSchema });

/** Routes of limits: accounts and their pauses, what the person has set, personas. */
export const limitRoutes = {
  /** Accounts, the pauses that have not ended, and the settings. */
  limits: {
    method: "GET",
    path: "/v1/limits",
    result: z.object({
      accounts: z.array(accountSchema),
      pauses: z.array(pauseSchema),
      settings: settingsSchema,
    }),
  },
  /** All pauses, the latest first. */
  pauseHistory: {
    method: "GET",
    path: "/v1/pauses",
    query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
    result: z.object({ pauses: z.array(pauseSchema) }),
  },
  /** Pauses an account by hand: that of a launch, or one that is known. `until` null: until it is lifted. */
  startPause: {
    method: "POST",
    path: "/v1/pauses",
    body: z.object({
      account: z.union([launchOfSchema, z.object({ accountId: z.string().min(1) })]),
      until: z.number().int().positive().nullable().default(null),
      reason: z.string().trim().min(1).max(500).optional(),
    }),
    result: pause,
  },
  /** Lifts a pause: what it held goes on at once. */
  endPause: { method: "POST", path: "/v1/pauses/:id/end", result: pause },
  /** Which account a launch would be on, and the pause that would hold it now. */
  checkLaunch: {
    method: "POST",
    path: "/v1/launches/check",
    body: launchOfSchema,
    result: z.object({ account: accountSchema, model: z.string().nullable(), pause: pauseSchema.nullable() }),
  },
  setSettings: {
    method: "POST",
    path: "/v1/settings",
    body: settingsSchema,
    result: z.object({ settings: settingsSchema }),
  },
  /** The personas that a launch in this folder can name. */
  personas: {
    method: "GET",
    path: "/v1/personas",
    query: z.object({ cwd: absolutePathSchema }),
    result: z.object({
      personas: z.array(offeredPersonaSchema),
      problem: z.string().nullable().describe("Why the repository's tally.json cannot be read, for a person."),
    }),
  },
  /** A person has seen this content of the repository's tally.json and approves it. Refused from inside a session. */
  approvePersona: {
    method: "POST",
    path: "/v1/personas/approve",
    body: z.object({ cwd: absolutePathSchema, name: z.string().min(1), hash: z.string().min(1) }),
    result: z.object({ persona: offeredPersonaSchema }),
  },
} as const;
