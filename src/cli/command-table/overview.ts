import type { CommandEntry } from "./command-entry.ts";

/** What shows all that there is. */
export const overviewCommands = {
  list: {
    group: "overview",
    usage: "list [--here] [--waiting] [--all] [--json]",
    summary: "Sessions and worktrees of all projects; what waits for you comes first",
    details: [
      "The project that you stand in is the first; --here lists only that one.",
      "--waiting lists only those that wait for you, the longest waiting first; --all lists the ended ones too.",
      "A worktree shows how far its branch is from what it is counted against (↑ ahead, ↓ behind), how many files are changed, and",
      "its ports; under it is what runs in it.",
      "--json prints {projects, worktrees, processes, sessions}; with --waiting an array of sessions.",
    ],
    load: () => import("../commands/list.ts"),
  },
  status: {
    group: "overview",
    usage: "status [--json]",
    summary: "How the gateway is, how many sessions, worktrees and processes are in which state, and what is paused",
    details: ["Exits with 3 when the gateway is not running."],
    load: () => import("../commands/status.ts"),
  },
  show: {
    group: "overview",
    usage: "show <name|id> [--why] [--json]",
    summary: "All that is known of one worktree or session",
    details: [
      "A worktree comes before a session of the same name.",
      "--why tells where a session's state is known from: what each source last said, and which of them decides.",
    ],
    load: () => import("../commands/show.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
