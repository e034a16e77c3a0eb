import { isAbsolute } from "node:path";
import * as z from "zod";

/**
 * The session API that existing wrappers of Claude Code speak: they start it in terminals of their own, and tell of it. It means
 * the default account of Claude Code. Unknown fields are ignored; times are answered as ISO 8601 in UTC.
 */
export const wrappedAgent = "claude";

/** A session as a wrapper knows it: by an id of its own. */
const sessionId = z.string().trim().min(1).max(200);
const promptCount = z.number().int().nonnegative();

const isoTime = z.iso.datetime();
const success = z.literal(true);
const daemonStatus = z.literal("running");

/** Later than any time in seconds that is meant, and earlier than any in milliseconds. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** The end of what a date can say. */
const LAST_MILLISECONDS = 8_640_000_000_000_000;

/** Milliseconds or seconds since the epoch, or ISO 8601; without an offset that is local time, as a shell's `date` tells it. */
const moment = z.union(
  [
    z
      .number()
      .nonnegative()
      .max(LAST_MILLISECONDS)
      .transform((time) => Math.round(time < FIRST_MILLISECONDS ? time * 1000 : time)),
    z.iso.datetime({ offset: true, local: true }).transform((text) => Date.parse(text)),
  ],
  "must be a time: ISO 8601, or a number of milliseconds since 1970",
);

/** `.`: the folder that process `pid` works in. */
const workingDir = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (path) => path === "." || isAbsolute(path),
    "must be an absolute path, or . for the folder that the process is in",
  );

const pauseStatusSchema = z.object({
  isPaused: z.boolean(),
  pausedAt: isoTime.nullable(),
  resumeAt: isoTime.nullable().describe("Null as well when nobody knows until when."),
  reason: z.string().nullable(),
  daemonStatus,
});
export type PauseStatus = z.infer<typeof pauseStatusSchema>;

export const wrapperRoutes = {
  /** A session has started. Registering it again tells what has changed. */
  wrapperRegister: {
    method: "POST",
    path: "/api/session/register",
    body: z.object({ sessionId, workingDir, pid: z.number().int().positive(), startTime: moment.nullish() }),
    /** `resumeAt` is there while it is paused; null when nobody knows. */
    result: z.object({
      success,
      sessionId,
      daemonStatus,
      isPaused: z.boolean(),
      resumeAt: isoTime.nullable().optional(),
    }),
  },
  wrapperHeartbeat: {
    method: "POST",
    path: "/api/session/heartbeat",
    body: z.object({ sessionId, promptCount, status: z.string().max(100) }),
    result: z.object({ success, isPaused: z.boolean() }),
  },
  wrapperEnd: {
    method: "POST",
    path: "/api/session/end",
    body: z.object({ sessionId, reason: z.string().max(500), finalPromptCount: promptCount.nullish() }),
    result: z.object({ success }),
  },
  wrapperStatus: { method: "GET", path: "/api/session/status", result: pauseStatusSchema },
  /** Pauses by hand; without `resumeAt` until it is resumed. The body may be left out. */
  wrapperPause: {
    method: "POST",
    path: "/pause",
    body: z.object({ resumeAt: moment.nullish(), reason: z.string().trim().max(500).nullish() }).prefault({}),
    result: pauseStatusSchema,
  },
  /** Lifts what was paused by hand; a usage limit stays, and the answer says so. The body may be left out. */
  wrapperResume: { method: "POST", path: "/resume", body: z.object({}).prefault({}), result: pauseStatusSchema },
  wrapperHealth: {
    method: "GET",
    path: "/health",
    result: z.object({
      status: z.literal("ok"),
      isPaused: z.boolean(),
      version: z.string(),
      uptimeSeconds: z.number().nonnegative(),
    }),
  },
} as const;
