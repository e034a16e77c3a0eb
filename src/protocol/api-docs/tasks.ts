import type { RouteName } from "../routes.ts";
import { launchCodes, worktreeCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

/** Work that is handed over to Tally. */
export const taskDocs = {
  addTask: {
    tag: "Tasks",
    summary: "Queue a task; it begins as soon as nothing holds it",
    codes: [
      "session-not-found",
      "session-live",
      "session-ended",
      "not-resumable",
      "agent-not-headless",
      ...worktreeCodes,
      ...launchCodes,
    ],
  },
  listTasks: { tag: "Tasks", summary: "Tasks, the newest first, by pages", codes: [] },
  queue: { tag: "Tasks", summary: "What waits, in the order in which it is going to run, after what runs", codes: [] },
  getTask: { tag: "Tasks", summary: "One task with its session", codes: ["task-not-found"] },
  moveTask: {
    tag: "Tasks",
    summary: "Move a task that waits to another place in the queue",
    codes: ["task-not-found", "task-not-queued"],
  },
  cancelTask: {
    tag: "Tasks",
    summary: "Take a task out of the queue, or stop it; answers when all that it started has ended",
    codes: [
      "task-not-found",
      "task-not-queued",
      "task-ended",
      "end-timed-out",
      "pty-host-unavailable",
      "invalid-request",
    ],
  },
  retryTask: {
    tag: "Tasks",
    summary: "Queue a task again that has ended, or that waits for a person",
    codes: [
      "task-not-found",
      "task-not-queued",
      "task-live",
      "session-not-found",
      "not-resumable",
      "agent-not-headless",
      ...worktreeCodes,
      ...launchCodes,
    ],
  },
  taskOutput: { tag: "Tasks", summary: "What a headless task has done so far", codes: ["task-not-found"] },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
