import type { Frame } from "playwright-core";
import type { Workbench } from "../../../scripts/editor/workbench.ts";
import { untilDefined } from "../until.ts";

/** Opens the dashboard beside the files. @returns the frame that its page is in. */
export async function openDashboard(workbench: Workbench): Promise<Frame> {
  await workbench.palette("Tally: Show Dashboard");
  return dashboardFrame(workbench, "panel");
}

/** Opens the dashboard in the side bar. @returns the frame that its page is in. */
export async function openSidebarDashboard(workbench: Workbench): Promise<Frame> {
  await workbench.palette("Tally: Focus on Dashboard View");
  return dashboardFrame(workbench, "sidebar");
}

/** The frame of the dashboard's page, once it shows something. A webview that is hidden and shown again has a new one. */
export async function dashboardFrame({ page }: Workbench, place: "panel" | "sidebar"): Promise<Frame> {
  return untilDefined(async () => {
    for (const frame of page.frames()) {
      const shown = frame.locator(`body.in-${place} .toolbar`);
      if ((await shown.count().catch(() => 0)) > 0) return frame;
    }
    return undefined;
  }, `the dashboard in the ${place}`);
}
