import { SELECTION } from "./several.ts";
import { removeSession, removeTask } from "./sessions.ts";
import { removeWorktree } from "./remove-worktree.ts";
import { cancelTask } from "./tasks.ts";
import type { Command } from "./tally.ts";

/**
 * One key removes what is selected; of rows of several kinds those that are what the first one is. The editor learns of the selected row a moment after the key may be pressed, so
 * whichever command it runs looks for itself.
 */
export function orSelected(command: Command): Command {
  return async (tally, target, selected) => {
    if (target !== SELECTION) return command(tally, target, selected);
    const rows = tally.tree.selection.flatMap((id) => tally.tree.row(id) ?? []);
    const [first] = rows;
    const alike = rows.filter(({ kind }) => kind === first?.kind).map(({ id }) => id);
    if (first?.kind === "session") await removeSession(tally, first.id, alike);
    if (first?.kind === "worktree") await removeWorktree(tally, first.id);
    if (first?.kind === "run") await cancelTask(tally, first.id, alike);
    if (first?.kind === "task") await removeTask(tally, first.id, alike);
  };
}
