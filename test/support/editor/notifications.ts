import type { Locator } from "playwright-core";
import type { Workbench } from "../../../scripts/editor/workbench.ts";
import { until } from "../until.ts";

/** The notification in the editor's notification center that says this. */
export function notification({ page }: Workbench, text: string): Locator {
  return page.locator(".notification-list-item", { hasText: text }).first();
}

/**
 * Waits for a notification. The editor under test shows none by itself but gathers them in its notification center, which
 * closes when the last of them goes.
 */
export async function untilNotified(editor: Workbench, text: string): Promise<Locator> {
  const awaited = notification(editor, text);
  await until(async () => {
    if ((await awaited.count()) === 0) await editor.palette("Notifications: Show Notifications");
    return awaited.isVisible();
  }, `a notification "${text}"`);
  return awaited;
}
