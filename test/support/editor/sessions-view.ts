import type { Locator } from "playwright-core";
import { onScreen } from "../../../scripts/editor/tally.ts";
import type { Workbench } from "../../../scripts/editor/workbench.ts";

export const sessionsView = onScreen.view;

/** Brings the sessions view to the front, wherever it is and whatever was there before. */
export async function showSessions(workbench: Workbench): Promise<void> {
  await workbench.palette("Tally: Focus on Sessions View");
}

/** The row of the sessions view of which a screen reader says this first. */
export function rowSaying(workbench: Workbench, label: string): Locator {
  return workbench.page
    .getByRole("tree", { name: sessionsView })
    .getByRole("treeitem", { name: new RegExp(`^${label}`) })
    .first();
}

/**
 * Clicks a session, a task or a process until the terminal shows what it should. The editor lends the elements of rows that go to
 * others, so while rows come and go a click may land on another one.
 */
export async function showTerminalOf(editor: Workbench, row: Locator, text: string): Promise<void> {
  for (let tries = 4; ; tries--) {
    await row.click();
    try {
      await editor.untilTerminalShows(text, 5_000);
      return;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}
