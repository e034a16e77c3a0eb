import * as z from "zod";
import { absolutePathSchema } from "./paths.ts";
import { LISTED_TASKS, newSessionFields, sessionsPageQuery } from "./session-api.ts";
import { taskRecordSchema } from "./session-file.ts";

/** So much of a session is told again with each of its changes; where several are listed, as much as {@link LISTED_TASKS}. */
export const MAX_CHAINS = 50;
export const MAX_CHAIN_PROMPT_CHARS = 1_000;

/** ISO 8601 in UTC. */
const isoTime = z.iso.datetime();

/** One prompt or run of a session, and what came of it. */
const chainSchema = z.object({
  id: z.string(),
  prompt: z.string().describe(`Its first ${MAX_CHAIN_PROMPT_CHARS} characters.`),
  status: taskRecordSchema.shape.status,
  startedAt: isoTime.nullable().describe("Null while it waits."),
  endedAt: isoTime.nullable(),
});
export type Chain = z.infer<typeof chainSchema>;

/** A session in the words of the feed. */
export const feedSessionSchema = z
  .object({
    id: z.string(),
    cwd: z.string(),
    hostname: z.string(),
    platform: z.string().describe("As Node.js names it: linux, darwin, win32."),
    user: z.string(),
    chains: z
      .array(chainSchema)
      .describe(`The latest ${MAX_CHAINS}, the oldest first; in a list the latest ${LISTED_TASKS}.`),
    status: z.enum(["pending", "in_progress", "ended"]).describe("`pending`: nothing has been done in it yet."),
    startedAt: isoTime,
    endedAt: isoTime.optional().describe("Once it has ended."),
  })
  .describe("A session. Times are ISO 8601 in UTC.");
export type FeedSession = z.infer<typeof feedSessionSchema>;

export const sessionFeedRoutes = {
  /** Makes a session without a terminal; everybody who listens at `/ws` is told at once. */
  createFeedSession: {
    method: "POST",
    path: "/api/sessions",
    body: z.object({ cwd: absolutePathSchema, ...newSessionFields }),
    result: feedSessionSchema,
    status: 201,
  },
  /** Every session, whoever made it, the newest first, by pages. */
  listFeedSessions: {
    method: "GET",
    path: "/api/sessions",
    query: sessionsPageQuery,
    result: z.object({ sessions: z.array(feedSessionSchema), nextCursor: z.string().nullable() }),
  },
  getFeedSession: { method: "GET", path: "/api/sessions/:id", result: feedSessionSchema },
} as const;

/** The number of an event. Whoever comes back says the last one that it was told, and hears all that came after it. */
const seq = z.number().int().nonnegative();

/** What `WS /ws` sends. Whatever a client says there is ignored. */
export const feedFrameSchema = z.discriminatedUnion("type", [
  /** First, with the number from which on everything is told: `since` where that is kept. Also last after a `reset`. */
  z.object({ type: z.literal("ready"), seq }),
  /**
   * What came after `since` is no longer kept: forget all sessions, they are all told anew. Their numbers are 0 until `ready`, so that
   * whoever is cut off before it begins again.
   */
  z.object({ type: z.literal("reset"), seq }),
  z.object({
    type: z.enum(["session:started", "session:updated", "session:ended"]),
    sessionId: z.string(),
    timestamp: isoTime,
    data: feedSessionSchema,
    seq,
  }),
]);
export type FeedFrame = z.infer<typeof feedFrameSchema>;

export const sessionFeedSockets = {
  /** Frames are {@link feedFrameSchema}. `since`: the number that the client was told last. Left out: only what happens from now on. */
  sessionFeed: { path: "/ws", query: z.object({ since: z.coerce.number().int().nonnegative().optional() }) },
} as const;
