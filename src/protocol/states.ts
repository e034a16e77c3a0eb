import * as z from "zod";

/** What a session is doing. One vocabulary, in the store, on the wire and on the screen. */
export const sessionStateSchema = z.enum(["STARTING", "RUNNING", "WAITING_USER", "IDLE", "PAUSED", "DONE", "ERROR"]);
export type SessionState = z.infer<typeof sessionStateSchema>;

export const taskStateSchema = z.enum([
  "QUEUED",
  "RUNNING",
  "WAITING_USER",
  "BLOCKED",
  "IDLE",
  "DONE",
  "ERROR",
  "CANCELLED",
]);
export type TaskState = z.infer<typeof taskStateSchema>;

/**
 * Whether the session's process is over. The state alone does not say: a live agent whose turn failed is `ERROR` too.
 */
export function isEnded(session: { readonly endedAt: number | null }): boolean {
  return session.endedAt !== null;
}

/** A task in one of these states will not move again by itself. */
export function isTaskEnded(state: TaskState): boolean {
  return state === "DONE" || state === "ERROR" || state === "CANCELLED";
}

/** The state of a session's root task, which follows the session. */
export function rootTaskState(state: SessionState): TaskState {
  switch (state) {
    case "STARTING":
      return "RUNNING";
    case "PAUSED":
      return "BLOCKED";
    default:
      return state;
  }
}
