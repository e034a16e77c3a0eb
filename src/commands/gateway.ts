import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { readGatewayFile } from "../client/discovery.ts";
import { isAlive } from "../protocol/liveness.ts";
import { TallyError } from "../protocol/errors.ts";
import { showInformation, showInStatusBar } from "../views/messages.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";
import { showDocument } from "../views/documents.ts";

const STOP_TIMEOUT_MS = 15_000;
const LOOK_AGAIN_MS = 50;

export async function showGatewayLog({ link }: Tally): Promise<void> {
  const file = vscode.Uri.file(link.home.gatewayLog);
  try {
    await vscode.workspace.fs.stat(file);
  } catch {
    // The editor's own error for a missing file does not say why it is missing.
    void showInformation(`No gateway has run yet, so there is no log at ${file.fsPath}.`);
    return;
  }
  await showDocument(await vscode.workspace.openTextDocument(file), { preview: true });
}

/** Starts the gateway, if none runs. Views do not: one that was stopped on purpose stays so until somebody needs it. */
export async function startGateway({ link }: Tally): Promise<void> {
  await withSlowProgress("Starting the gateway", link.ensure());
}

/** Replaces the gateway by a new one; the agents run on in the pty host. */
export async function restartGateway(tally: Tally): Promise<void> {
  await withSlowProgress("Restarting the gateway (agents run on)", restart(tally));
  showInStatusBar("Tally: the gateway was restarted", 3_000);
}

async function restart({ link }: Tally): Promise<void> {
  const { pid } = await link.client.call("health", {});
  // One that TALLY_URL names is somebody else's, and stays.
  if ((await readGatewayFile(link.home))?.pid !== pid) return;
  await link.client.call("stopGateway", {});
  await untilGone(pid);
  link.client.forgetEndpoint();
  await link.client.call("health", {});
}

/** Another window may start the next gateway at once: only this very process has to go. */
async function untilGone(pid: number): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new TallyError(
        "gateway-stopping",
        `The gateway (process ${pid}) does not stop. End it yourself, then restart it: kill ${pid}`,
      );
    }
    await delay(LOOK_AGAIN_MS);
  }
}
