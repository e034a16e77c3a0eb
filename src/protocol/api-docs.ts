import type { ErrorCode } from "./errors.ts";
import type { RouteName, SocketName } from "./routes.ts";

/** What the document of the API lists together, in its order, and what each is about. */
export const apiTags = {
  Gateway: "The gateway itself.",
  Sessions:
    "Conversations of agents: start them, see why they are in their state, answer what they ask, end and resume them.",
  Tasks:
    "Work that is handed over to Tally: it waits in the queue until its account, its worktree, the slots and the memory allow.",
  History: "What was done in each session, with its numbers.",
  Limits: "Accounts, the pauses that hold their launches, settings and personas.",
  Worktrees: "Checkouts that Tally makes, repairs, removes and brings back.",
  Processes: "The helper commands of a worktree.",
  Repository: "What a repository's tally.json says, and its approval.",
  "Task API": "For wrappers that report tasks of their own, which belong to a project and to no session.",
  "Wrapper API": "For wrappers that start Claude Code in terminals of their own, and tell of it.",
  "Session API": "For tools that run agents through Tally, in words of their own.",
  "Session feed": "For tools that follow every session as it begins, changes and ends.",
  Documentation: "This document.",
} as const satisfies Record<string, string>;
export type ApiTag = keyof typeof apiTags;

export interface RouteDocs {
  readonly tag: ApiTag;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What it can be refused with, besides what every route can. */
  readonly codes: readonly ErrorCode[];
}

const folder = ["system-folder", "folder-missing", "folder-unreadable", "not-a-folder"] as const;
const program = ["agent-unknown", "program-missing", "program-not-executable"] as const;
const persona = ["persona-not-found", "approval-needed", "tally-json-invalid"] as const;
const host = ["spawn-failed", "pty-host-unavailable"] as const;
const launch = ["invalid-request", "inside-session", "paused", ...folder, ...program, ...persona, ...host] as const;
const repository = [...folder, "not-a-repository", "no-commits", "git-failed"] as const;
const worktree = ["worktree-not-found", "worktree-busy", "worktree-not-ready"] as const;
const operation = [...repository, ...worktree, "approval-needed", "tally-json-invalid", "name-invalid"] as const;
const newWorktree = [
  ...operation,
  "invalid-request",
  "worktree-exists",
  "branch-checked-out",
  "folder-exists",
  "ref-not-found",
  "no-free-port",
  ...program,
  ...persona,
  "paused",
] as const;

const execute = [
  "too-many-requests",
  "session-not-found",
  "session-live",
  "session-ended",
  "not-resumable",
  "agent-not-headless",
  "worktree-busy",
  ...launch,
] as const;

/** Each route in words. With its schemas it is all that the document of the API is made from. */
export const apiDocs: Record<RouteName, RouteDocs> = {
  health: { tag: "Gateway", summary: "How the gateway is", codes: [] },
  snapshot: { tag: "Gateway", summary: "All that there is: projects, worktrees, sessions, tasks, pauses", codes: [] },
  stopGateway: {
    tag: "Gateway",
    summary: "Stop the gateway; agents run on, and the next gateway finds them again",
    codes: [],
  },
  detectAgents: { tag: "Sessions", summary: "Which agents are installed on a PATH", codes: [] },
  createSession: {
    tag: "Sessions",
    summary: "Start an agent, or hold its launch while a pause is in force",
    codes: [...launch, "worktree-busy"],
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
      ...launch,
    ],
  },
  setAutoResume: {
    tag: "Sessions",
    summary: "Whether a session goes on by itself when a limit resets",
    codes: ["session-not-found"],
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

  addTask: {
    tag: "Tasks",
    summary: "Queue a task; it begins as soon as nothing holds it",
    codes: [
      "session-not-found",
      "session-live",
      "session-ended",
      "not-resumable",
      "agent-not-headless",
      ...worktree,
      ...launch,
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
      ...worktree,
      ...launch,
    ],
  },
  taskOutput: { tag: "Tasks", summary: "What a headless task has done so far", codes: ["task-not-found"] },

  history: { tag: "History", summary: "Sessions with their numbers, the newest first, by pages", codes: [] },
  sessionHistory: {
    tag: "History",
    summary: "One session with its tasks, by pages, and its plans",
    codes: ["session-not-found"],
  },

  limits: { tag: "Limits", summary: "Accounts, the pauses that have not ended, and the settings", codes: [] },
  pauseHistory: { tag: "Limits", summary: "All pauses, the latest first", codes: [] },
  startPause: {
    tag: "Limits",
    summary: "Pause an account by hand",
    codes: ["invalid-request", ...folder, ...program, ...persona],
  },
  endPause: { tag: "Limits", summary: "Lift a pause; what it held goes on at once", codes: ["pause-not-found"] },
  checkLaunch: {
    tag: "Limits",
    summary: "Which account a launch would be on, and the pause that would hold it now",
    codes: ["invalid-request", ...folder, ...program, ...persona],
  },
  setSettings: { tag: "Limits", summary: "Set what the person wants; all of it at once", codes: ["inside-session"] },
  personas: { tag: "Limits", summary: "The personas that a launch in a folder can name", codes: [...folder] },
  approvePersona: {
    tag: "Limits",
    summary: "Approve a repository's persona, as shown to a person",
    codes: ["inside-session", "invalid-request", ...folder, ...persona],
  },

  addWorktree: {
    tag: "Worktrees",
    summary: "Make a worktree on a branch, set it up, and start an agent in it",
    codes: newWorktree,
  },
  adoptWorktree: { tag: "Worktrees", summary: "Take over a checkout that somebody made with git", codes: newWorktree },
  resolveWorktree: {
    tag: "Worktrees",
    summary: "Find one worktree by its id, name, branch or path",
    codes: ["worktree-not-found", "worktree-ambiguous"],
  },
  worktreeRisk: { tag: "Worktrees", summary: "What would be lost with a worktree, read now", codes: [...operation] },
  removeWorktree: {
    tag: "Worktrees",
    summary: "End what runs in a worktree and remove it; a snapshot is kept",
    codes: [...operation, "work-at-risk", "cancelled", "end-timed-out", "pty-host-unavailable"],
  },
  cancelWorktree: { tag: "Worktrees", summary: "Undo what is just being done to a worktree", codes: [...worktree] },
  repairWorktree: { tag: "Worktrees", summary: "Finish or undo what was cut off or failed", codes: newWorktree },
  resumeWorktree: {
    tag: "Worktrees",
    summary: "Bring back a worktree's processes and conversations",
    codes: [...operation, ...host, "paused"],
  },
  snapshots: { tag: "Worktrees", summary: "The snapshots of a project, the latest first", codes: repository },
  restoreWorktree: {
    tag: "Worktrees",
    summary: "Bring a removed worktree back as it was",
    codes: [...newWorktree, "snapshot-not-found"],
  },
  dropSnapshot: {
    tag: "Worktrees",
    summary: "Forget a snapshot for good",
    codes: [...repository, "worktree-busy", "snapshot-not-found"],
  },
  pruneCandidates: { tag: "Worktrees", summary: "Which worktrees and snapshots can be swept", codes: repository },
  branches: { tag: "Worktrees", summary: "The branches that a worktree can begin from or take up", codes: repository },

  startProcess: {
    tag: "Processes",
    summary: "Start a process of a worktree, or start it again",
    codes: [
      "process-not-found",
      "process-running",
      "invalid-request",
      ...operation,
      ...host,
      "end-timed-out",
      "no-free-port",
    ],
  },
  stopProcess: {
    tag: "Processes",
    summary: "Stop a process; answers when it has ended",
    codes: ["process-not-found", "end-timed-out", "pty-host-unavailable", ...worktree],
  },
  processOutput: {
    tag: "Processes",
    summary: "What a process has printed",
    codes: ["process-not-found", "not-attachable", "pty-host-unavailable"],
  },

  repositoryCommands: { tag: "Repository", summary: "What the repository's tally.json would run", codes: repository },
  approveCommands: {
    tag: "Repository",
    summary: "Approve what the repository's tally.json runs, as shown to a person",
    codes: ["inside-session", "invalid-request", "approval-needed", "tally-json-invalid", ...repository],
  },
  proposeTallyJson: {
    tag: "Repository",
    summary: "A tally.json for a repository, from what is found in it",
    codes: ["invalid-request", ...repository],
  },

  taskState: { tag: "Task API", summary: "Every project and every task, as wrappers know them", codes: [] },
  upsertTask: {
    tag: "Task API",
    summary: "Report a task, or what has changed of it",
    codes: [...folder, "session-live", "task-live"],
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
    codes: ["invalid-request", ...folder],
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

  openSession: {
    tag: "Session API",
    summary: "Make a session; it starts nothing by itself, also during a pause",
    codes: ["too-many-requests", "invalid-request", "agent-not-headless", ...folder, ...program, ...persona],
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
  executeTask: { tag: "Session API", summary: "Run a task and answer when it has ended, well or not", codes: execute },
  streamTask: { tag: "Session API", summary: "Run a task and tell of it as it happens", codes: execute },

  createFeedSession: {
    tag: "Session feed",
    summary: "Make a session; everybody who listens is told at once",
    codes: ["too-many-requests", "invalid-request", "agent-not-headless", ...folder, ...program, ...persona],
  },
  listFeedSessions: { tag: "Session feed", summary: "Sessions, the newest first, by pages", codes: [] },
  getFeedSession: { tag: "Session feed", summary: "One session", codes: ["session-not-found"] },

  openapi: { tag: "Documentation", summary: "The API as an OpenAPI 3.1 document", codes: [] },
  docs: { tag: "Documentation", summary: "The API as a page to read", codes: [] },
};

/** Each WebSocket endpoint in words. */
export const socketDocs: Record<SocketName, string> = {
  events:
    "Every change as it happens, in frames of JSON: first a snapshot or what was missed since event number `since` of the store `store`, then each change. A window tells on it whether it has the focus.",
  terminal: "A session's terminal. Binary frames are bytes of the terminal, text frames are messages in JSON.",
  processTerminal: "The terminal of a worktree's process, spoken as a session's.",
  sessionFeed:
    "Every session as it begins, changes and ends, in frames of JSON. `since` is the number of the last one that was told; what came after it is told first.",
  taskOutput:
    "What a headless task does: first what was so far, then as it happens. The last frame has the ended task.",
};
