import * as z from "zod";
import { originSchema, usageSchema } from "../../protocol/entities.ts";

/** What is kept of a task that was handed over, so that it can begin also after a restart of the machine. */
export const keptOrderSchema = z.object({
  agent: z.string(),
  persona: z.string().nullable(),
  /** As the person gave them. */
  args: z.array(z.string()),
  /** Variables that are no secrets. */
  env: z.record(z.string(), z.string()),
  /** Canonical. */
  cwd: z.string(),
  origin: originSchema,
  /** The model that it names, for pauses of one model. */
  model: z.string().nullable(),
  /** It begins in spite of pauses. */
  isForced: z.boolean(),
  /** Somebody waits for it: what cannot begin has failed, and waits for no person. */
  isImmediate: z.boolean().default(false),
  /** Its conversation has begun: it goes on there, and is not told the whole prompt again. */
  isContinued: z.boolean().default(false),
  /** What it used up in the runs before this one. */
  usageBefore: usageSchema.nullable().default(null),
  /** The pause of the limit that stopped it: that one it waits for, whatever the person has set for launches. */
  blockedBy: z.string().nullable().default(null),
  /** Not before this time; `retryText` says why. */
  retryAt: z.number().nullable().default(null),
  retryText: z.string().default("It is tried again."),
  /** How often what had done nothing yet was begun again. */
  retries: z.number().int().default(0),
  /** What a person has to do before it can begin, a sentence. */
  needs: z.string().nullable().default(null),
  /** Why it is being stopped. */
  stop: z.enum(["cancelled", "time-limit"]).nullable().default(null),
});
export type KeptOrder = z.infer<typeof keptOrderSchema>;

/** Reads what the store kept; null for what is no task of the queue. */
export function readKeptOrder(kept: string | null): KeptOrder | null {
  return kept === null ? null : (keptOrderSchema.safeParse(JSON.parse(kept)).data ?? null);
}
