import type { CliContext } from "./context.ts";

/** A subcommand. @returns the exit code. @throws {UsageError} for a command line that it cannot take. */
export type RunCommand = (args: readonly string[], context: CliContext) => Promise<number>;

/** What the help lists together, in its order. */
export const commandGroups = {
  overview: "What there is:",
  worktrees: "Worktrees:",
  sessions: "Sessions:",
  tasks: "Tasks, which agents do without you:",
  limits: "Usage limits:",
  tally: "Tally itself:",
} as const;
export type CommandGroup = keyof typeof commandGroups;

/** What the help says of a command, or of one of its actions. */
export interface HelpEntry {
  readonly usage: string;
  readonly summary: string;
  /** More lines for the command's own help. */
  readonly details: readonly string[];
}

export interface CommandEntry extends HelpEntry {
  readonly group: CommandGroup;
  /** Its actions that have a help of their own. */
  readonly actions?: Readonly<Record<string, HelpEntry>>;
  /** Loaded when asked for, so that no command pays for another's code. */
  readonly load: () => Promise<{ run: RunCommand }>;
}

/** Of whatever hands tasks over. */
const taskDetails = [
  "--session ID       in the conversation of a session; --worktree NAME: in a worktree; without either it is done here",
  "--new NAME         a new worktree; --from REF: what its branch begins from; --no-setup: start nothing that tally.json names",
  "--agent NAME       the agent; without it that of the persona, of your settings, or the first that is installed",
  "--persona NAME     as this persona",
  "--type TYPE        what kind of work it is: code, git, file or command",
  "--time-limit 30m   stop it after so long; none: never",
  "--follow           show what it does: what it says on stdout, all else on stderr. Ctrl-C cancels it; a second one leaves that",
  "                   to the gateway. Exits with 0 when it is done, 1 when it failed, 130 when it was cancelled, 3 when the",
  "                   gateway was stopped meanwhile",
  "--trust            approve what the repository's tally.json runs, unasked",
] as const;

/** Every subcommand, in the order of the help. Agents cannot take these names. */
export const commands = {
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
    load: () => import("./commands/list.ts"),
  },
  status: {
    group: "overview",
    usage: "status [--json]",
    summary: "How the gateway is, how many sessions, worktrees and processes are in which state, and what is paused",
    details: ["Exits with 3 when the gateway is not running."],
    load: () => import("./commands/status.ts"),
  },
  show: {
    group: "overview",
    usage: "show <name|id> [--why] [--json]",
    summary: "All that is known of one worktree or session",
    details: [
      "A worktree comes before a session of the same name.",
      "--why tells where a session's state is known from: what each source last said, and which of them decides.",
    ],
    load: () => import("./commands/show.ts"),
  },
  add: {
    group: "worktrees",
    usage: "add <name> [--from REF] [--agent NAME|--no-agent] [--prompt TEXT]",
    summary: "Make a worktree on a branch of this name, set it up, and start an agent in it",
    details: [
      "What is copied, linked, set up and started is said by tally.json in the repository; see `tally init`.",
      "--from REF      what the branch begins from; without it tally.json's base, else the default branch. A branch that exists, here or",
      "                on a remote, is taken up",
      "--agent NAME    the agent to start; without it that of tally.json, of your settings, or the first that is installed",
      "--no-agent      start none",
      "--persona NAME  start it as this persona",
      "--prompt TEXT   the first thing that it is told",
      "--no-setup      start nothing that tally.json names: neither its setup commands nor its processes",
      "--trust         approve what tally.json runs, unasked: for scripts. Otherwise it is shown, and you are asked once",
      "--json          print {worktree, project}",
      "-- ARGUMENTS    the agent's own",
      "Ctrl-C undoes what was made so far. What fails before the setup leaves nothing; a setup that fails can be repaired.",
    ],
    load: () => import("./commands/add.ts"),
  },
  remove: {
    group: "worktrees",
    usage: "remove <name|id> [--keep-branch] [--force] [--json]",
    summary: "Remove a worktree with all that runs in it, or forget an ended session",
    details: [
      "What is not committed, not tracked or nowhere else is listed, and nothing is removed. A snapshot is kept each time: tally restore",
      "brings the worktree back as it was. Its branch goes where it is merged.",
      "--keep-branch  keep the branch in any case",
      "--force        remove it although something would be lost: the snapshot keeps that too",
      "--no-teardown  do not run tally.json's teardown commands",
      "--trust        approve them, unasked",
      "--json         print {name, snapshotRef, branch}",
      "A session that still runs has to be ended first.",
    ],
    load: () => import("./commands/remove.ts"),
  },
  resume: {
    group: "worktrees",
    usage: "resume [name|id] [--all] [--force] [--json]",
    summary: "Bring back what is missing: a worktree's processes and conversations, or one session's",
    details: [
      "A worktree by its name; without one all worktrees of this project, outside of any project or with --all every one. As often",
      "as you like: what runs already runs on.",
      "--force        although a limit holds it; without it Tally says until when, and exits with 75 when all of it is held",
      "--trust        approve what the repository's tally.json runs, unasked",
      "--json         print what came back",
      "A session by its id goes on with its conversation, also when it has ended; in a terminal it is shown there, as attach does it.",
      "--prompt TEXT  what it is told first; without it only the conversation is there again",
      "--cancel       do not go on by itself when its limit resets",
      "--auto         go on by itself after all",
      "--json         print the session, and show it nowhere",
    ],
    load: () => import("./commands/resume.ts"),
  },
  restore: {
    group: "worktrees",
    usage: "restore [name|ref] [--list] [--json]",
    summary: "Bring a removed worktree back as it was; without a name the list of those",
    details: ["A name means the latest snapshot of it. --trust approves what tally.json runs, unasked."],
    load: () => import("./commands/restore.ts"),
  },
  repair: {
    group: "worktrees",
    usage: "repair [name] [--finish|--undo] [--json]",
    summary: "Finish or undo what failed or was cut off half way",
    details: [
      "Without a name it is the only worktree that is broken. Without --finish or --undo it says what went wrong, and asks.",
      "--undo also cancels what is still being done, wherever it was begun.",
      "--trust approves what tally.json runs, unasked.",
    ],
    load: () => import("./commands/repair.ts"),
  },
  adopt: {
    group: "worktrees",
    usage: "adopt <path> [--json]",
    summary: "Take a worktree that you made with git for one of Tally's",
    details: ["It gets ports as tally.json says. --trust approves what tally.json runs, unasked."],
    load: () => import("./commands/adopt.ts"),
  },
  prune: {
    group: "worktrees",
    usage: "prune [--yes|--dry-run] [--snapshots AGE] [--json]",
    summary: "What each worktree takes up, and remove those that nobody needs any more",
    details: [
      "Safe to remove is a worktree whose work is merged, in which nothing runs and nothing would be lost. Tally asks first.",
      "--yes            remove what is safe, unasked",
      "--dry-run        remove nothing",
      "--snapshots AGE  forget snapshots of removed worktrees that are older: 30d, 12w",
      "--no-teardown    do not run tally.json's teardown commands; --trust approves them, unasked",
      "--json           print {candidates, snapshots, removed}; it asks nothing in a pipe, so without --yes nothing is removed there",
    ],
    load: () => import("./commands/prune.ts"),
  },
  init: {
    group: "worktrees",
    usage: "init [--print] [--force]",
    summary: "Look at this repository and write a tally.json for its worktrees, to edit",
    details: ["--print writes no file. --force replaces the tally.json that is there."],
    load: () => import("./commands/init.ts"),
  },
  process: {
    group: "worktrees",
    usage: "process start|stop|restart|logs|attach <worktree> [process]",
    summary: "The helper processes of a worktree; without a name all of them",
    details: [
      "start    start what does not run; --trust approves what tally.json runs, unasked",
      "stop     stop it; --force kills it",
      "restart  stop and start",
      "logs     what it has printed; --ansi keeps colours. Also of setup and teardown commands, by name",
      "attach   show its terminal here; Ctrl-\\ twice detaches",
      "--json   print the processes, or with logs their output",
      "`tally list` shows which there are. The worktree may be `.`, the one you stand in.",
    ],
    load: () => import("./commands/process.ts"),
  },
  path: {
    group: "worktrees",
    usage: "path <name>",
    summary: "Print a worktree's folder, and nothing else: cd $(tally path <name>)",
    details: [],
    load: () => import("./commands/path.ts"),
  },
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
    load: () => import("./commands/wait.ts"),
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
    load: () => import("./commands/answer.ts"),
  },
  run: {
    group: "tasks",
    usage: 'run "<prompt>" [--session ID|--worktree NAME|--new NAME] [--follow] [--json]',
    summary: "Hand a task over to an agent, without a terminal; it begins at once",
    details: [
      "It is done here, or in the conversation of a session, in a worktree, or in one that is made for it. Without a prompt, or with -,",
      "that is read from stdin.",
      ...taskDetails,
      "--wait, --force    while a usage limit holds it: wait for its end, or begin anyway. Without either it exits with 75",
      '--json             print the task; with --follow one object a line: {type: "output" or "task", ...}',
      "-- ARGUMENTS       the agent's own: a model, what it may do without asking",
    ],
    load: () => import("./commands/run.ts"),
  },
  queue: {
    group: "tasks",
    usage: "queue [list|add|move|remove|retry] [task] [--json]",
    summary: "The tasks that run and those that wait, in their order; they begin by themselves when they may",
    details: [
      "list    what runs and what waits, and for what",
      'add     add "<prompt>": the last of all, with the options of `tally run`; --first: before all others. --file FILE: one task a line,',
      "        or what stands between lines of ---; - is stdin",
      "move    move <task> first|last|up|down, or before|after <other task>",
      "remove  remove <task>...: take it out; one that runs is stopped with all that it started",
      "retry   retry <task>...: queue what has ended again; --failed: all that failed in the last 24 hours",
      "A task waits for its account, its worktree, a free place and memory; what a limit stops goes on when that resets.",
      "A task is named by its id, the end of it that is listed, or its title.",
    ],
    actions: {
      list: {
        usage: "queue [list] [--json]",
        summary: "What runs and what waits, in its order, and for what",
        details: ["--json  print an array of tasks"],
      },
      add: {
        usage: 'queue add "<prompt>"|--file FILE [--session ID|--worktree NAME|--new NAME] [--first] [--json]',
        summary: "Queue a task, or one for each prompt of a file; it begins by itself when it may",
        details: [
          "Without a prompt, or with -, that is read from stdin.",
          "--file FILE        one task a line, or what stands between lines of ---; - is stdin",
          "--first            before all others; without it behind them",
          ...taskDetails,
          "--wait, --force    while a usage limit holds it: wait for its end, as it does without either, or begin anyway",
          "--json             print the task; with --file an array",
          "-- ARGUMENTS       the agent's own: a model, what it may do without asking",
        ],
      },
      move: {
        usage:
          "queue move <task> first|last|up|down [--json], or: queue move <task> before|after <other task> [--json]",
        summary: "Change the order of what waits",
        details: ["A task is named by its id, the end of it that is listed, or its title.", "--json  print the task"],
      },
      remove: {
        usage: "queue remove <task>... [--json]",
        summary: "Take tasks out of the queue; one that runs is stopped with all that it started",
        details: ["A task is named by its id, the end of it that is listed, or its title.", "--json  print the tasks"],
      },
      retry: {
        usage: "queue retry <task>...|--failed [--json]",
        summary: "Queue what has ended again, behind all others",
        details: ["--failed  all that failed in the last 24 hours", "--json    print the tasks"],
      },
    },
    load: () => import("./commands/queue.ts"),
  },
  task: {
    group: "tasks",
    usage: "task [follow|cancel] <task> [--json]",
    summary: "All that is known of one task, with its result",
    details: [
      "follow  show what it does until it has ended; Ctrl-C looks away, and it goes on",
      "cancel  stop it, with all that it started",
      "--json  print {task, session}; with follow one object a line, with cancel the task",
    ],
    load: () => import("./commands/task.ts"),
  },
  history: {
    group: "tasks",
    usage: "history [--since 7d] [--project NAME] [--session ID] [--json|--csv]",
    summary: "What was done: sessions with their tasks, how these ended, time, tokens and cost",
    details: [
      "--since 7d      sessions that did something since then: 12h, 7d, 2026-11-01, 2026-11-01T15:30. Their numbers are those of all they did",
      "--project NAME  those of one project, by its name or its path",
      "--session ID    one session, with its tasks",
      "--limit N       so many sessions, or tasks of the one session; without it a person is shown 30, and --json and --csv have all",
      "--json          an array of sessions: {session, project, stats, successRate, avgExecutionMs, usage, durationMs, plans, tasks}",
      "--csv           RFC 4180, one row a task, with what is known of its session in each; text that a spreadsheet would take for a",
      "                formula has an apostrophe in front. With --since both have only the tasks that had not ended before",
      "A prompt that you typed counts as a task, and so does what Tally ran; a cancelled one counts neither as done nor as failed.",
      "To go on with a session of the past: tally resume <id>",
    ],
    load: () => import("./commands/history.ts"),
  },
  limits: {
    group: "limits",
    usage: "limits [--history] [--json]",
    summary: "What is used of each account's allowance, and what is paused",
    details: [
      "Usage is what the agents themselves told last; a forecast needs some of it. --history lists earlier pauses.",
      "What looks like a limit and holds nothing can be dismissed with: tally unpause <pause id>",
    ],
    load: () => import("./commands/limits.ts"),
  },
  pause: {
    group: "limits",
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
    group: "limits",
    usage: "unpause [agent|persona|pause id] [--all] [--json]",
    summary: "Lift a pause; what it held goes on at once",
    details: ["Without a name it lifts the only pause that there is; --all lifts every one."],
    load: () => import("./commands/unpause.ts"),
  },
  attach: {
    group: "sessions",
    usage: "attach <id>",
    summary: "Show a running session in this terminal; Ctrl-\\ twice detaches",
    details: [
      "The session goes on when you detach or close the terminal.",
      "One that is held by a limit says until when, and begins there by itself.",
    ],
    load: () => import("./commands/attach.ts"),
  },
  logs: {
    group: "sessions",
    usage: "logs <id> [--ansi] [--json]",
    summary: "What is on a session's terminal, with its scrollback",
    details: ["--ansi keeps colours and everything else that a terminal would show."],
    load: () => import("./commands/logs.ts"),
  },
  end: {
    group: "sessions",
    usage: "end <id> [--force]",
    summary: "Ask a session's program to end; --force kills it",
    details: ["A program that does not end within its grace is killed. A launch that is held by a limit is cancelled."],
    load: () => import("./commands/end.ts"),
  },
  rename: {
    group: "sessions",
    usage: "rename <id> <title>",
    summary: "Give a session another title",
    details: [],
    load: () => import("./commands/rename.ts"),
  },
  gateway: {
    group: "tally",
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
  api: {
    group: "tally",
    usage: "api <METHOD> <path>|docs|openapi [--data JSON|-]",
    summary: "Ask the gateway what the editor and this command ask it",
    details: [
      "api GET /v1/sessions?ref=swift  prints the answer; an event stream as it comes. A failure is printed on stderr, and exits with 1",
      "--data JSON  the body; with - it is read from stdin",
      "--include    print the answer's head before it",
      "docs         write the whole API as a page to read, and print where it is",
      "openapi      print it as an OpenAPI 3.1 document, for programs",
    ],
    load: () => import("./commands/api.ts"),
  },
  doctor: {
    group: "tally",
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
