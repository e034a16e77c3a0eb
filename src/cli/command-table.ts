import type { CommandEntry } from "./command-table/command-entry.ts";
import { limitCommands } from "./command-table/limits.ts";
import { overviewCommands } from "./command-table/overview.ts";
import { sessionCommands } from "./command-table/sessions.ts";
import { tallyCommands } from "./command-table/tally.ts";
import { taskCommands } from "./command-table/tasks.ts";
import { waitingCommands } from "./command-table/waiting.ts";
import { worktreeCommands } from "./command-table/worktrees.ts";

export {
  type CommandEntry,
  type CommandGroup,
  commandGroups,
  type HelpEntry,
  type RunCommand,
} from "./command-table/command-entry.ts";

/** Every subcommand, in the order in which shells offer them; the help lists them by group. Agents cannot take these names. */
export const commands = {
  ...overviewCommands,
  ...worktreeCommands,
  ...waitingCommands,
  ...taskCommands,
  ...limitCommands,
  ...sessionCommands,
  ...tallyCommands,
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(commands, word);
}
