import type { RouteName } from "../routes.ts";
import { folderCodes, launchCodes, personaCodes, programCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

const newSessionCodes = [
  "too-many-requests",
  "invalid-request",
  "agent-not-headless",
  ...folderCodes,
  ...programCodes,
  ...personaCodes,
] as const;

const executeCodes = [
  "too-many-requests",
  "session-not-found",
  "session-live",
  "session-ended",
  "not-resumable",
  "agent-not-headless",
  "worktree-busy",
  ...launchCodes,
] as const;

/** For tools that run agents through Tally, or follow them. */
export const toolDocs = {
  openSession: {
    tag: "Session API",
    summary: "Make a session; it starts nothing by itself, also during a pause",
    codes: newSessionCodes,
  },
  listSessions: { tag: "Session API", summary: "Sessions, the newest first, by pages", codes: [] },
  sessionMetadata: { tag: "Session API", summary: "One session with its numbers", codes: ["session-not-found"] },
  closeSession: {
    tag: "Session API",
    summary: "End a session; answers when it has ended",
    codes: ["session-not-found", "session-ended", "end-timed-out", "pty-host-unavailable"],
  },
  switchSession: {
    tag: "Session API",
    summary: "Make a session the one that is meant where none is named",
    codes: ["session-not-found", "session-ended"],
  },
  executeTask: {
    tag: "Session API",
    summary: "Run a task and answer when it has ended, well or not",
    codes: executeCodes,
  },
  streamTask: { tag: "Session API", summary: "Run a task and tell of it as it happens", codes: executeCodes },

  createFeedSession: {
    tag: "Session feed",
    summary: "Make a session; everybody who listens is told at once",
    codes: newSessionCodes,
  },
  listFeedSessions: { tag: "Session feed", summary: "Sessions, the newest first, by pages", codes: [] },
  getFeedSession: { tag: "Session feed", summary: "One session", codes: ["session-not-found"] },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
