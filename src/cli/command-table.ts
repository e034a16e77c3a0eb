import type { CliContext } from "./context.ts";

/** A subcommand. @returns the exit code. @throws {UsageError} for a command line that it cannot take. */
export type RunCommand = (args: readonly string[], context: CliContext) => Promise<number>;

interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  /** More lines for the command's own help. */
  readonly details: readonly string[];
  /** Loaded when asked for, so that no command pays for another's code. */
  readonly load: () => Promise<{ run: RunCommand }>;
}

/** Every subcommand, in the order of the help. Agents cannot take these names. */
export const commands = {
  list: {
    usage: "list [--waiting] [--all] [--json]",
    summary: "Sessions of all projects; those that wait for you come first",
    details: [
      "--waiting lists only those that wait for you, the longest waiting first; --all lists the ended ones too.",
      "--json prints {projects, worktrees, sessions}; with --waiting an array of sessions.",
    ],
    load: () => import("./commands/list.ts"),
  },
  status: {
    usage: "status [--json]",
    summary: "How the gateway is, how many sessions are in which state, and what is paused",
    details: ["Exits with 3 when the gateway is not running."],
    load: () => import("./commands/status.ts"),
  },
  show: {
    usage: "show <id> [--why] [--json]",
    summary: "All that is known of one session",
    details: ["--why tells where its state is known from: what each source last said, and which of them decides."],
    load: () => import("./commands/show.ts"),
  },
  wait: {
    usage: "wait <id> [--for STATE,...] [--timeout 5m] [--json]",
    summary: "Wait until a session works no more, or is in a given state; for scripts",
    details: [
      "STATE is one of STARTING, RUNNING, WAITING_USER, IDLE, PAUSED, DONE and ERROR, in either case; without --for it is any",
      "but the first two. When the session is in such a state already, it is not waited for; one that is only guessed",
      "(`tally show <id> --why`) does not count. Prints the session's line.",
      "Exits with 1 when the session ended otherwise, and with 124 when the time was over first.",
    ],
    load: () => import("./commands/wait.ts"),
  },
  answer: {
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
    load: () => import("./commands/answer.ts"),
  },
  resume: {
    usage: "resume <id> [--prompt TEXT] [--force|--cancel|--auto] [--json]",
    summary: "Go on with a session's conversation, also when it has ended",
    details: [
      "In a terminal it is shown there, as attach does it.",
      "--prompt TEXT  what it is told first; without it only the conversation is there again",
      "--force        although a limit holds it; without it Tally says until when, and exits with 75",
      "--cancel       do not go on by itself when its limit resets",
      "--auto         go on by itself after all",
      "--json         print the session, and show it nowhere",
    ],
    load: () => import("./commands/resume.ts"),
  },
  limits: {
    usage: "limits [--history] [--json]",
    summary: "What is used of each account's allowance, and what is paused",
    details: [
      "Usage is what the agents themselves told last; a forecast needs some of it. --history lists earlier pauses.",
      "What looks like a limit and holds nothing can be dismissed with: tally unpause <pause id>",
    ],
    load: () => import("./commands/limits.ts"),
  },
  pause: {
    usage: "pause [agent|persona] [--for 2h|--until 3pm] [--reason TEXT] [--json]",
    summary: "Start nothing new on an account for a while",
    details: [
      "The account is the one that the agent has here, with this environment. Without a name it is the only one that is known.",
      "--for 2h       30m, 2h, 3d",
      "--until 3pm    3pm, 15:30, tomorrow 9am, 2026-11-24T07:56; without either it lasts until it is lifted",
      "--reason TEXT  shown to everybody who is held",
      "What runs already goes on. An account that you have paused already is paused anew: there is one such pause an account.",
    ],
    load: () => import("./commands/pause.ts"),
  },
  unpause: {
    usage: "unpause [agent|persona|pause id] [--all] [--json]",
    summary: "Lift a pause; what it held goes on at once",
    details: ["Without a name it lifts the only pause that there is; --all lifts every one."],
    load: () => import("./commands/unpause.ts"),
  },
  attach: {
    usage: "attach <id>",
    summary: "Show a running session in this terminal; Ctrl-\\ twice detaches",
    details: [
      "The session goes on when you detach or close the terminal.",
      "One that is held by a limit says until when, and begins there by itself.",
    ],
    load: () => import("./commands/attach.ts"),
  },
  logs: {
    usage: "logs <id> [--ansi] [--json]",
    summary: "What is on a session's terminal, with its scrollback",
    details: ["--ansi keeps colours and everything else that a terminal would show."],
    load: () => import("./commands/logs.ts"),
  },
  end: {
    usage: "end <id> [--force]",
    summary: "Ask a session's program to end; --force kills it",
    details: ["A program that does not end within its grace is killed. A launch that is held by a limit is cancelled."],
    load: () => import("./commands/end.ts"),
  },
  rename: {
    usage: "rename <id> <title>",
    summary: "Give a session another title",
    details: [],
    load: () => import("./commands/rename.ts"),
  },
  remove: {
    usage: "remove <id>",
    summary: "Forget an ended session",
    details: ["A session that still runs has to be ended first."],
    load: () => import("./commands/remove.ts"),
  },
  gateway: {
    usage: "gateway start|stop|restart|status|logs|url",
    summary: "The background process that keeps it all",
    details: [
      "start    start it, if it does not run",
      "stop     stop it; agents run on, and the next start finds them again",
      "restart  stop and start",
      "status   where it is; exits with 3 when it does not run",
      "logs     its log; -f follows it, -n <lines> sets how much (default 50)",
      "url      its address with its token in it, for clients that cannot send a header: whoever has it can do all that you can",
    ],
    load: () => import("./commands/gateway.ts"),
  },
  doctor: {
    usage: "doctor [--json]",
    summary: "Check that everything Tally needs is there, and say what to do about what is not",
    details: ["Exits with 1 when something is wrong. Starts the gateway if it does not run."],
    load: () => import("./commands/doctor.ts"),
  },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}
