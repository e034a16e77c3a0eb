import type { RouteName } from "../routes.ts";
import { launchCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

/** Conversations of agents. */
export const sessionDocs = {
  detectAgents: { tag: "Sessions", summary: "Which agents are installed on a PATH", codes: [] },
  createSession: {
    tag: "Sessions",
    summary: "Start an agent, or hold its launch while a pause is in force",
    codes: [...launchCodes, "worktree-busy"],
  },
  resolveSession: {
    tag: "Sessions",
    summary: "Find one session by its id, a unique prefix of it, its root task's id, or the name of its worktree",
    codes: ["session-not-found", "session-ambiguous"],
  },
  getSession: { tag: "Sessions", summary: "One session with its project and its tasks", codes: ["session-not-found"] },
  whySession: {
    tag: "Sessions",
    summary: "Why a session is in its state: what each source last said",
    codes: ["session-not-found"],
  },
  answerSession: {
    tag: "Sessions",
    summary: "Answer what a session's agent asks",
    codes: [
      "session-not-found",
      "session-ended",
      "invalid-request",
      "inside-session",
      "request-gone",
      "not-answerable",
      "answer-undelivered",
    ],
  },
  renameSession: { tag: "Sessions", summary: "Give a session another title", codes: ["session-not-found"] },
  endSession: {
    tag: "Sessions",
    summary: "Ask a session's program to end, and after a grace make it; answers when it has ended",
    codes: ["session-not-found", "session-ended", "end-timed-out", "pty-host-unavailable"],
  },
  resumeSession: {
    tag: "Sessions",
    summary: "Go on with a session's conversation, or start a launch that was held",
    codes: [
      "session-not-found",
      "session-live",
      "session-ended",
      "not-resumable",
      "end-timed-out",
      "worktree-busy",
      ...launchCodes,
    ],
  },
  setAutoResume: {
    tag: "Sessions",
    summary: "Whether a session goes on by itself when a limit resets",
    codes: ["session-not-found"],
  },
  archiveSession: {
    tag: "Sessions",
    summary: "Put an ended session away, or bring it back",
    codes: ["session-not-found", "session-live"],
  },
  removeSession: { tag: "Sessions", summary: "Forget an ended session", codes: ["session-not-found", "session-live"] },
  sessionOutput: {
    tag: "Sessions",
    summary: "What is on a session's terminal, scrollback first; also after it ended",
    codes: ["session-not-found", "not-attachable", "pty-host-unavailable"],
  },
  sessionStarted: {
    tag: "Sessions",
    summary: "Of a session in its caller's own pipes: its program was started",
    codes: ["session-not-found", "session-ended", "invalid-request"],
  },
  sessionExited: {
    tag: "Sessions",
    summary: "Of a session in its caller's own pipes: its program has exited",
    codes: ["session-not-found", "session-ended", "invalid-request"],
  },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
