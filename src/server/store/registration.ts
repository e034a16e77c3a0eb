import * as z from "zod";

/** What a wrapper last told of a session that it registered. */
export const registrationSchema = z.object({
  /** The wrapper's own id of the session. */
  id: z.string(),
  sessionId: z.string(),
  startedAt: z.number(),
  lastActivityAt: z.number(),
  promptCount: z.number(),
  /** In the wrapper's own word. */
  status: z.string(),
});
export type Registration = z.infer<typeof registrationSchema>;
