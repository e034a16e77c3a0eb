import * as z from "zod";
import { projectSchema, sessionSchema, taskSchema, worktreeSchema } from "./entities.ts";
import { accountSchema, pauseSchema } from "./limits.ts";
import { helperProcessSchema } from "./worktrees.ts";

/** Events carry whole entities, so that applying one needs nothing but the event. */
export const changeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("project.changed"), project: projectSchema }),
  z.object({ type: z.literal("project.removed"), id: z.string() }),
  z.object({ type: z.literal("worktree.changed"), worktree: worktreeSchema }),
  z.object({ type: z.literal("worktree.removed"), id: z.string() }),
  z.object({ type: z.literal("process.changed"), process: helperProcessSchema }),
  z.object({ type: z.literal("process.removed"), id: z.string() }),
  z.object({
    type: z.literal("session.changed"),
    session: sessionSchema,
    /** It is new, or over now. Absent: anything else. */
    transition: z.enum(["started", "ended"]).optional(),
  }),
  z.object({ type: z.literal("session.removed"), id: z.string() }),
  z.object({ type: z.literal("task.changed"), task: taskSchema }),
  z.object({
    type: z.literal("task.removed"),
    id: z.string(),
    /** The session that it was one of. Absent where an older version told of it. */
    sessionId: z.string().nullable().optional(),
  }),
  z.object({ type: z.literal("account.changed"), account: accountSchema }),
  /** Began, was prolonged, or ended. */
  z.object({ type: z.literal("pause.changed"), pause: pauseSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

export const eventSchema = z.object({
  /** Grows by one with every event of this store and is never reused. */
  seq: z.number().int().positive(),
  at: z.number().int(),
  change: changeSchema,
});
export type TallyEvent = z.infer<typeof eventSchema>;

/** All that a client shows, as of event `seq`. */
export const snapshotSchema = z.object({
  /** Sequence numbers mean something within one store only. */
  storeId: z.string(),
  seq: z.number().int().nonnegative(),
  projects: z.array(projectSchema),
  worktrees: z.array(worktreeSchema),
  processes: z.array(helperProcessSchema).default([]),
  sessions: z.array(sessionSchema),
  /** Those that have not ended, and the latest that have. */
  tasks: z.array(taskSchema),
  accounts: z.array(accountSchema).default([]),
  /** Those that have not ended. */
  pauses: z.array(pauseSchema).default([]),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/**
 * What `WS /v1/events` sends: first one `snapshot` or `events` (perhaps empty), then `events` as they happen. A client that
 * says its presence also hears whether it is the foremost window: the one that had the focus last.
 */
export const eventFrameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("snapshot"), snapshot: snapshotSchema }),
  z.object({ type: z.literal("events"), events: z.array(eventSchema) }),
  z.object({ type: z.literal("foremost"), isForemost: z.boolean() }),
]);
export type EventFrame = z.infer<typeof eventFrameSchema>;

/** Where a person wants to be told that a session waits for them. */
export const notificationPlaceSchema = z.enum(["editor", "desktop", "both", "off"]);
export type NotificationPlace = z.infer<typeof notificationPlaceSchema>;

/** What a window says on the events socket, at its start and whenever it changes. It holds until the socket closes. */
export const presenceSchema = z.object({
  type: z.literal("presence"),
  isFocused: z.boolean(),
  /** The session whose terminal is in front of the person in this window. */
  frontSessionId: z.string().nullable(),
  /** The window's setting; the last one said holds when no window is open. */
  notifications: notificationPlaceSchema,
});
export type Presence = z.infer<typeof presenceSchema>;
