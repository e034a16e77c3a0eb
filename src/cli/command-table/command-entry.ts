import type { CliContext } from "../context.ts";

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
