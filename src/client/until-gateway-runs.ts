import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { watchGatewayFile } from "./discovery.ts";
import { findGateway, type GatewayOptions } from "./ensure-gateway.ts";

const LOOK_AGAIN_MS = 5_000;

/** Resolves when a gateway runs, at once when one does already. Starts none. Also resolves when aborted. */
export async function untilGatewayRuns(gateway: GatewayOptions, signal: AbortSignal): Promise<void> {
  const changes = new EventTarget();
  try {
    const watcher = await watchGatewayFile(gateway.home, () => changes.dispatchEvent(new Event("change")));
    try {
      while (!signal.aborted) {
        // Listening comes before looking, so that what changes meanwhile is not missed.
        const change = once(changes, "change", { signal });
        change.catch(() => undefined);
        if (await findGateway(gateway)) return;
        await change;
      }
    } finally {
      watcher.dispose();
    }
  } catch {
    // Aborted; or unwatchable or unreadable: look again later. Whoever needs a gateway before that is told what is wrong.
    if (!signal.aborted) await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
