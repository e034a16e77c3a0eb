import * as vscode from "vscode";
import { dashboardSectionSchema } from "../protocol/dashboard.ts";
import type { Tally } from "./tally.ts";

/** Opens the dashboard, or brings it to the front; on a section's name, at that section. It is a need of the gateway, unless somebody stopped that. */
export async function showDashboard({ dashboards, link, log }: Tally, target?: unknown): Promise<void> {
  if (link.live.connection !== "stopped" && vscode.workspace.isTrusted)
    link.ensure().catch((error: unknown) => log.error(String(error)));
  const section = dashboardSectionSchema.safeParse(target);
  await dashboards.show(section.success ? { section: section.data } : undefined);
}
