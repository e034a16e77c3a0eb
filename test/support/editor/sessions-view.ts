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
