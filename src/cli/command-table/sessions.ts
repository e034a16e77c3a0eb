import type { CommandEntry } from "./command-entry.ts";

/** What is done with one session, from showing it to putting it away. */
export const sessionCommands = {
  attach: {
    group: "sessions",
    usage: "attach <id>",
    summary: "Show a running session in this terminal; Ctrl-\\ twice detaches",
    details: [
      "The session goes on when you detach or close the terminal.",
      "One that is held by a limit says until when, and begins there by itself.",
    ],
    load: () => import("../commands/attach.ts"),
  },
  logs: {
    group: "sessions",
    usage: "logs <id> [--ansi] [--json]",
    summary: "What is on a session's terminal, with its scrollback",
    details: ["--ansi keeps colours and everything else that a terminal would show."],
    load: () => import("../commands/logs.ts"),
  },
  end: {
    group: "sessions",
    usage: "end <id> [--force]",
    summary: "Ask a session's program to end; --force kills it",
    details: ["A program that does not end within its grace is killed. A launch that is held by a limit is cancelled."],
    load: () => import("../commands/end.ts"),
  },
  rename: {
    group: "sessions",
    usage: "rename <id> <title>",
    summary: "Give a session another title",
    details: [],
    load: () => import("../commands/rename.ts"),
  },
  archive: {
    group: "sessions",
    usage: "archive <session>...|--ended [--json]",
    summary: "Put ended sessions away: they are listed only where all are asked for",
    details: [
      "--ended  all that have ended",
      "--json   print the sessions",
      "Nothing of them is lost. tally list --all shows them, tally unarchive brings them back, and so does tally resume.",
    ],
    load: () => import("../commands/archive.ts"),
  },
  unarchive: {
    group: "sessions",
    usage: "unarchive <session>... [--json]",
    summary: "Bring archived sessions back into the list",
    details: ["--json  print the sessions"],
    load: () => import("../commands/unarchive.ts"),
  },
  link: {
    group: "sessions",
    usage: "link <id> [--scheme vscode]",
    summary: "Print a link that shows the session in VS Code, and does nothing else",
    details: [
      "It works on this machine only, for as long as the session is known. Nothing is started or answered by it.",
      "--scheme NAME  that of another editor: vscode-insiders, vscodium",
    ],
    load: () => import("../commands/link.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
