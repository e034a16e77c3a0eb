import * as z from "zod";
import type { AgentLaunch } from "../../agents/adapter.ts";
import { evidenceSchema, noEvidence } from "./evidence.ts";
import { usageSchema } from "../../../protocol/entities.ts";
import { limitKindSchema } from "../../../protocol/limits.ts";
import { reasonSourceSchema } from "../../../protocol/sources.ts";

/** The usage limit that an agent last told of. */
const toldLimitSchema = z.object({
  kind: limitKindSchema,
  model: z.string().nullable(),
  resetsAt: z.number().nullable(),
  isExact: z.boolean(),
  isGuess: z.boolean().default(false),
  text: z.string(),
  at: z.number(),
});
export type ToldLimit = z.infer<typeof toldLimitSchema>;

/** What a gateway needs to follow a session that another one launched. Kept in the store. */
export const trackingSchema = z.object({
  expects: z.array(reasonSourceSchema.exclude(["process", "gateway", "person"])),
  whereabouts: z.object({
    launch: z.record(z.string(), z.string()),
    cwd: z.string(),
    pid: z.number().nullable(),
    conversationId: z.string().nullable(),
    transcriptPath: z.string().nullable(),
  }),
  evidence: evidenceSchema,
  /** Of each conversation of the session, by its id; `process` is what the agent counts over all of them. */
  usages: z.record(z.string(), usageSchema).default({}),
  /** The limit that has stopped it; null once it works on. */
  limit: toldLimitSchema.nullable().default(null),
  /** Whether the agent goes on by itself when a limit resets. */
  continuesItself: z.boolean().default(false),
  /** When it was launched: no limit from before it has stopped it. */
  launchedAt: z.number().default(0),
  /** When its process was first seen to run. */
  runningSince: z.number().nullable(),
  /** A person chose the title, so no prompt replaces it. */
  isTitleGiven: z.boolean(),
});
export type Tracking = z.infer<typeof trackingSchema>;

export function newTracking(
  launch: Pick<AgentLaunch, "expects" | "whereabouts" | "conversationId" | "continuesItself">,
  cwd: string,
  isTitleGiven: boolean,
  now: number,
): Tracking {
  return {
    expects: [...launch.expects],
    whereabouts: {
      launch: { ...launch.whereabouts },
      cwd,
      pid: null,
      conversationId: launch.conversationId,
      transcriptPath: null,
    },
    evidence: noEvidence,
    usages: {},
    limit: null,
    continuesItself: launch.continuesItself,
    launchedAt: now,
    runningSince: null,
    isTitleGiven,
  };
}

/** The tracking for a program that goes on with the same session in its terminal. */
export function trackingAfterRelaunch(
  before: Tracking,
  launch: Pick<AgentLaunch, "expects" | "whereabouts" | "conversationId" | "continuesItself">,
  now: number,
): Tracking {
  const fresh = newTracking(launch, before.whereabouts.cwd, before.isTitleGiven, now);
  const conversationId = launch.conversationId ?? before.whereabouts.conversationId;
  const isSame = conversationId === before.whereabouts.conversationId;
  const transcriptPath = isSame ? before.whereabouts.transcriptPath : null;
  return { ...fresh, whereabouts: { ...fresh.whereabouts, conversationId, transcriptPath }, usages: before.usages };
}

/** Whether nothing changed but when a source was last heard, which is kept with the next change. */
export function isSameTracking(one: Tracking, other: Tracking): boolean {
  if (one === other) return true;
  const { evidence: oneEvidence, ...oneRest } = one;
  const { evidence: otherEvidence, ...otherRest } = other;
  const sameRest = (Object.keys(oneRest) as (keyof typeof oneRest)[]).every((key) => oneRest[key] === otherRest[key]);
  return (
    sameRest &&
    oneEvidence.words === otherEvidence.words &&
    oneEvidence.requests === otherEvidence.requests &&
    oneEvidence.background === otherEvidence.background &&
    oneEvidence.answeredAt === otherEvidence.answeredAt
  );
}

/** Reads what the store kept; null when there is none, or none that this version understands. */
export function readTracking(kept: string | null): Tracking | null {
  if (kept === null) return null;
  return trackingSchema.safeParse(JSON.parse(kept)).data ?? null;
}
