import { agentNames } from "../protocol/agents.ts";
import { type CommandName, commandNames, commands } from "./command-table.ts";

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
    "",
    "Commands:",
    ...commandNames.map((name) => row(`tally ${commands[name].usage}`, commands[name].summary)),
    "",
    "A session is named by its id, the beginning of it, its task's id or its worktree's name.",
    "`tally <command> --help` says more. --version prints the version.",
  ];
  return `${lines.join("\n")}\n`;
}

export function commandHelp(name: CommandName): string {
  const { usage, summary, details } = commands[name];
  return [`Usage: tally ${usage}`, "", `${summary}.`, ...details, ""].join("\n");
}

function row(usage: string, summary: string): string {
  const line = `  ${usage}`;
  return line.length < COLUMN ? `${line.padEnd(COLUMN)}${summary}` : `${line}\n${" ".repeat(COLUMN)}${summary}`;
}
