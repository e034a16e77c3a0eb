import { agentNames } from "../protocol/agents.ts";
import {
  type CommandEntry,
  type CommandGroup,
  commandGroups,
  type CommandName,
  commandNames,
  commands,
  type HelpEntry,
} from "./command-table.ts";

const COLUMN = 44;

/** What `tally` alone prints. */
export function helpText(): string {
  const lines = [
    "Runs coding agents side by side and keeps them alive, whatever happens to this terminal.",
    "",
    "Usage:",
    row("tally <agent> [arguments]", `Run an agent here: ${agentNames.join(", ")}`),
    row("tally <program> [arguments]", "Run any program as an agent"),
    row("tally -- <program> [arguments]", "The same, whatever the program's name"),
    row(
      "tally --persona <name> [agent] [arguments]",
      "Run a persona of your settings or of the repository's tally.json",
    ),
    "",
    "Options before the agent; all behind its name is the agent's own:",
    row("--wait", "While a usage limit holds it: wait with a countdown, then start"),
    row("--force", "Start although a usage limit holds it"),
    row("--persona <name>", "As this persona; -- before its arguments where they look like options of Tally"),
    row("--trust", "Approve what the repository's persona wants to run, unasked"),
    "",
    ...(Object.keys(commandGroups) as CommandGroup[]).flatMap(commandsOf),
    "A worktree is named by its name, its branch or its folder; a session by its id, the beginning of it, its task's id or its",
    "worktree's name.",
    "A launch that a limit holds exits with 75 and says until when.",
    "`tally <command> --help` says more. --version prints the version.",
  ];
  return `${lines.join("\n")}\n`;
}

function commandsOf(group: CommandGroup): string[] {
  const rows = commandNames
    .filter((name) => commands[name].group === group)
    .map((name) => row(`tally ${commands[name].usage}`, commands[name].summary));
  return [commandGroups[group], ...rows, ""];
}

/** @param word the first behind the command, which may be one of its actions. */
export function commandHelp(name: CommandName, word?: string): string {
  const { usage, summary, details } = actionOf(name, word) ?? commands[name];
  return [`Usage: tally ${usage}`, "", `${summary}.`, ...details, ""].join("\n");
}

export function usageOf(name: CommandName, word?: string): string {
  return (actionOf(name, word) ?? commands[name]).usage;
}

function actionOf(name: CommandName, word = ""): HelpEntry | null {
  const { actions = {} }: CommandEntry = commands[name];
  return Object.hasOwn(actions, word) ? (actions[word] ?? null) : null;
}

function row(usage: string, summary: string): string {
  const line = `  ${usage}`;
  return line.length < COLUMN ? `${line.padEnd(COLUMN)}${summary}` : `${line}\n${" ".repeat(COLUMN)}${summary}`;
}
