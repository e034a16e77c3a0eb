import type { RouteName } from "../routes.ts";
import { folderCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

/** For wrappers that report what they do themselves. */
export const wrapperDocs = {
  taskState: { tag: "Task API", summary: "Every project and every task, as wrappers know them", codes: [] },
  upsertTask: {
    tag: "Task API",
    summary: "Report a task, or what has changed of it",
    codes: [...folderCodes, "session-live", "task-live"],
  },
  setTaskState: {
    tag: "Task API",
    summary: "Report a task's state",
    codes: ["task-not-found", "session-live", "task-live"],
  },
  setTaskDetails: { tag: "Task API", summary: "Report a task's details", codes: ["task-not-found", "session-live"] },
  finishTask: {
    tag: "Task API",
    summary: "Report that a task is done",
    codes: ["task-not-found", "session-live", "task-live"],
  },
  deleteTask: { tag: "Task API", summary: "Forget a task", codes: ["task-not-found", "session-live", "task-live"] },
  pinTask: { tag: "Task API", summary: "Pin a task, or take its pin off", codes: ["task-not-found", "session-live"] },

  wrapperRegister: {
    tag: "Wrapper API",
    summary: "A session has started, or something of it has changed",
    codes: ["invalid-request", ...folderCodes],
  },
  wrapperHeartbeat: {
    tag: "Wrapper API",
    summary: "A session is alive",
    codes: ["session-not-found", "session-ended"],
  },
  wrapperEnd: { tag: "Wrapper API", summary: "A session has ended", codes: ["session-not-found"] },
  wrapperStatus: { tag: "Wrapper API", summary: "Whether the default account is paused, and until when", codes: [] },
  wrapperPause: { tag: "Wrapper API", summary: "Pause the default account by hand", codes: ["invalid-request"] },
  wrapperResume: { tag: "Wrapper API", summary: "Lift what was paused by hand", codes: [] },
  wrapperHealth: { tag: "Wrapper API", summary: "Whether the gateway runs", codes: [] },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
