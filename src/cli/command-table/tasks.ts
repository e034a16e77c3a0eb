import type { CommandEntry } from "./command-entry.ts";

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

/** What agents do without you, and what became of it. */
export const taskCommands = {
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
    load: () => import("../commands/run.ts"),
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
    load: () => import("../commands/queue.ts"),
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
    load: () => import("../commands/task.ts"),
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
    load: () => import("../commands/history.ts"),
  },
  stats: {
    group: "tasks",
    usage: "stats [--since 7d] [--by day|agent|project] [--json]",
    summary: "How much was done: tasks and how they ended, time, tokens and cost, by day, agent or project",
    details: [
      "--since 7d    12h, 7d, yesterday, 2026-11-01; the day that it falls on counts as a whole. Without it the last 30 days",
      "--by WHAT     day, agent or project; without it by day, in this machine's time zone",
      "--json        {days, timeZone}: what was done on each day, by each agent, in each project",
      "What is counted are the tasks of tally history. They stay counted when their session is removed, for 400 days. Of a task that was",
      "done again its last end counts. A conversation that was begun outside Tally counts from when Tally took it up.",
    ],
    load: () => import("../commands/stats.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
