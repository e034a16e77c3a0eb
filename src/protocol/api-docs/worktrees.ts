import type { RouteName } from "../routes.ts";
import { hostCodes, personaCodes, programCodes, repositoryCodes, worktreeCodes } from "./refusals.ts";
import type { RouteDocs } from "./route-docs.ts";

const operationCodes = [
  ...repositoryCodes,
  ...worktreeCodes,
  "approval-needed",
  "tally-json-invalid",
  "name-invalid",
] as const;

const newWorktreeCodes = [
  ...operationCodes,
  "invalid-request",
  "worktree-exists",
  "branch-checked-out",
  "folder-exists",
  "ref-not-found",
  "no-free-port",
  ...programCodes,
  ...personaCodes,
  "paused",
] as const;

/** Checkouts, what runs in them, and what their repository says of them. */
export const worktreeDocs = {
  addWorktree: {
    tag: "Worktrees",
    summary: "Make a worktree on a branch, set it up, and start an agent in it",
    codes: newWorktreeCodes,
  },
  adoptWorktree: {
    tag: "Worktrees",
    summary: "Take over a checkout that somebody made with git",
    codes: newWorktreeCodes,
  },
  resolveWorktree: {
    tag: "Worktrees",
    summary: "Find one worktree by its id, name, branch or path",
    codes: ["worktree-not-found", "worktree-ambiguous"],
  },
  worktreeRisk: {
    tag: "Worktrees",
    summary: "What would be lost with a worktree, read now",
    codes: [...operationCodes],
  },
  removeWorktree: {
    tag: "Worktrees",
    summary: "End what runs in a worktree and remove it; a snapshot is kept",
    codes: [...operationCodes, "work-at-risk", "cancelled", "end-timed-out", "pty-host-unavailable"],
  },
  cancelWorktree: {
    tag: "Worktrees",
    summary: "Undo what is just being done to a worktree",
    codes: [...worktreeCodes],
  },
  repairWorktree: { tag: "Worktrees", summary: "Finish or undo what was cut off or failed", codes: newWorktreeCodes },
  resumeWorktree: {
    tag: "Worktrees",
    summary: "Bring back a worktree's processes and conversations",
    codes: [...operationCodes, ...hostCodes, "paused"],
  },
  snapshots: { tag: "Worktrees", summary: "The snapshots of a project, the latest first", codes: repositoryCodes },
  restoreWorktree: {
    tag: "Worktrees",
    summary: "Bring a removed worktree back as it was",
    codes: [...newWorktreeCodes, "snapshot-not-found"],
  },
  dropSnapshot: {
    tag: "Worktrees",
    summary: "Forget a snapshot for good",
    codes: [...repositoryCodes, "worktree-busy", "snapshot-not-found"],
  },
  pruneCandidates: { tag: "Worktrees", summary: "Which worktrees and snapshots can be swept", codes: repositoryCodes },
  branches: {
    tag: "Worktrees",
    summary: "The branches that a worktree can begin from or take up",
    codes: repositoryCodes,
  },

  startProcess: {
    tag: "Processes",
    summary: "Start a process of a worktree, or start it again",
    codes: [
      "process-not-found",
      "process-running",
      "invalid-request",
      ...operationCodes,
      ...hostCodes,
      "end-timed-out",
      "no-free-port",
    ],
  },
  stopProcess: {
    tag: "Processes",
    summary: "Stop a process; answers when it has ended",
    codes: ["process-not-found", "end-timed-out", "pty-host-unavailable", ...worktreeCodes],
  },
  processOutput: {
    tag: "Processes",
    summary: "What a process has printed",
    codes: ["process-not-found", "not-attachable", "pty-host-unavailable"],
  },

  repositoryCommands: {
    tag: "Repository",
    summary: "What the repository's tally.json would run",
    codes: repositoryCodes,
  },
  approveCommands: {
    tag: "Repository",
    summary: "Approve what the repository's tally.json runs, as shown to a person",
    codes: ["inside-session", "invalid-request", "approval-needed", "tally-json-invalid", ...repositoryCodes],
  },
  proposeTallyJson: {
    tag: "Repository",
    summary: "A tally.json for a repository, from what is found in it",
    codes: ["invalid-request", ...repositoryCodes],
  },
} as const satisfies Partial<Record<RouteName, RouteDocs>>;
