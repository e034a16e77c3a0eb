import type { CommandEntry } from "./command-entry.ts";

/** Who waits for whom: you for a session, or a session for you. */
export const waitingCommands = {
  wait: {
    group: "sessions",
    usage: "wait <id> [--for STATE,...] [--timeout 5m] [--json]",
    summary: "Wait until a session works no more, or is in a given state; for scripts",
    details: [
      "STATE is one of STARTING, RUNNING, WAITING_USER, IDLE, PAUSED, DONE and ERROR, in either case; without --for it is any",
      "but the first two. When the session is in such a state already, it is not waited for; one that is only guessed",
      "(`tally show <id> --why`) does not count. Prints the session's line.",
      "Exits with 1 when the session ended otherwise, and with 124 when the time was over first.",
    ],
    load: () => import("../commands/wait.ts"),
  },
  answer: {
    group: "sessions",
    usage: "answer <id> [--allow|--deny|--choose N|--text TEXT]",
    summary: "Answer what a session asks you; without an option it shows all of it and asks",
    details: [
      "--message TEXT   with --deny: why, for the agent to read",
      "--choose N[,M]   the numbers of a question's options; --text TEXT: your own words. Repeat them, one a question",
      "--request ID     answer only this request; `tally show <id> --json` tells its id",
      "--json           print the session afterwards",
      "Exits with 1 when nothing is asked, or it was answered elsewhere, or you answered nothing; with 2 when there is no terminal",
      "to ask you in and no option says what to answer.",
      "It refuses to run inside a session, so that no agent answers for you. That guards against accidents and simple tricks, not",
      "against a program that is set on it: an agent has your rights on this machine.",
    ],
    load: () => import("../commands/answer.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
