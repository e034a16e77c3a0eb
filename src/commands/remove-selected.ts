import { removeSession } from "./sessions.ts";
import { removeWorktree } from "./remove-worktree.ts";
import { cancelTask } from "./tasks.ts";
import type { Command } from "./tally.ts";

/** What a key binding gives in package.json to mean the row that the keyboard is on. */
const SELECTION = "selection";

/**
 * One key removes what the keyboard is on. The editor learns of the selected row a moment after the key may be pressed, so
 * whichever command it runs looks for itself.
 */
export function orSelected(command: Command): Command {
  return async (tally, target) => {
    if (target !== SELECTION) return command(tally, target);
    const { selected } = tally.tree;
    const node = selected === undefined ? undefined : tally.tree.tree.nodes.get(selected);
    if (node?.kind === "session") await removeSession(tally, node.id);
    if (node?.kind === "worktree") await removeWorktree(tally, node.id);
    if (node?.kind === "run") await cancelTask(tally, node.id);
  };
}
