// What several routes can be refused with, by what the refusal is about.
export const folderCodes = ["system-folder", "folder-missing", "folder-unreadable", "not-a-folder"] as const;
export const programCodes = ["agent-unknown", "program-missing", "program-not-executable"] as const;
export const personaCodes = ["persona-not-found", "approval-needed", "tally-json-invalid"] as const;
export const hostCodes = ["spawn-failed", "pty-host-unavailable"] as const;
export const launchCodes = [
  "invalid-request",
  "inside-session",
  "paused",
  ...folderCodes,
  ...programCodes,
  ...personaCodes,
  ...hostCodes,
] as const;
export const repositoryCodes = [...folderCodes, "not-a-repository", "no-commits", "git-failed"] as const;
export const worktreeCodes = ["worktree-not-found", "worktree-busy", "worktree-not-ready"] as const;
