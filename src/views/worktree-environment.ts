import { portVariable } from "../protocol/worktrees.ts";
import type { Project, Worktree } from "../protocol/entities.ts";

/** What every program in a worktree finds in its environment besides its own. */
export function worktreeEnvironment(
  { name, path, ports }: Worktree,
  { path: mainPath }: Project,
): Record<string, string> {
  return {
    TALLY_WORKTREE: name,
    TALLY_WORKTREE_PATH: path,
    TALLY_MAIN_PATH: mainPath,
    ...Object.fromEntries(ports.map(({ name: port, port: number }) => [portVariable(port), String(number)])),
  };
}
