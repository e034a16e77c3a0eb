import { commandLine } from "../screen/shell-words.ts";

/** What is typed to finish or undo what was done to a worktree. */
export function repairLine(name: string): string {
  return commandLine(["tally", "repair", name]);
}
