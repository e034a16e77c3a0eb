import type { CommandEntry } from "./command-entry.ts";

/** Tally itself. */
export const tallyCommands = {
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
    load: () => import("../commands/gateway.ts"),
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
    load: () => import("../commands/api.ts"),
  },
  doctor: {
    group: "tally",
    usage: "doctor [--json]",
    summary: "Check that everything Tally needs is there, and say what to do about what is not",
    details: [
      "Exits with 1 when there is a problem; a warning is none. Starts the gateway if it does not run.",
      "Agents are asked for their version, and nothing else. --json prints {problems, warnings, checks}.",
    ],
    load: () => import("../commands/doctor.ts"),
  },
  completion: {
    group: "tally",
    usage: "completion bash|zsh|fish",
    summary: "Print what makes your shell complete commands, options and names with Tab",
    details: [
      "Put it where your shell looks, once; it asks Tally each time, so that it needs no renewal:",
      "bash  tally completion bash > ~/.local/share/bash-completion/completions/tally",
      '      or in ~/.bashrc: eval "$(tally completion bash)"',
      "zsh   in ~/.zshrc, behind compinit: source <(tally completion zsh)",
      "      or as the file _tally in a folder of your $fpath",
      "fish  tally completion fish > ~/.config/fish/completions/tally.fish",
      "Names of sessions, worktrees, tasks, processes and personas are completed while the gateway runs; it is not started for that.",
    ],
    load: () => import("../commands/completion.ts"),
  },
} as const satisfies Record<string, CommandEntry>;
