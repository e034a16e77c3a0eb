import { findGateway } from "../../client/ensure-gateway.ts";
import { GatewayClient } from "../../client/http.ts";
import type { CliContext } from "../context.ts";
import { shortRef } from "../worktree/snapshot-ref.ts";
import type { Known } from "./candidates.ts";
import type { Expected } from "./expected.ts";
import type { Kind } from "./operands.ts";

/** Somebody has pressed Tab and waits; a gateway answers within milliseconds, unless the machine has no time for it. */
const PATIENCE_MS = 3_000;

const ofSnapshot: ReadonlySet<Kind> = new Set<Kind>([
  "session",
  "live-session",
  "waiting-session",
  "archived-session",
  "worktree",
  "process",
  "task",
  "pause",
  "project",
]);

/** What the gateway knows of what is expected. Nothing where none runs, and what it does not tell in time is left out: starts nothing, never fails. */
export async function askKnown({ kinds }: Expected, { gatewayOptions }: CliContext, cwd: string): Promise<Known> {
  const nothing: Known = { snapshot: null, personas: [], removed: [], cwd };
  const isWanted = (kind: Kind) => kinds.includes(kind);
  const wantsSnapshot = kinds.some((kind) => ofSnapshot.has(kind));
  if (!wantsSnapshot && !isWanted("persona") && !isWanted("removed-worktree")) return nothing;
  return inTime(nothing, async () => {
    const endpoint = await findGateway(gatewayOptions);
    if (!endpoint) return nothing;
    const client = new GatewayClient(() => Promise.resolve(endpoint));
    try {
      const [snapshot, offered, kept] = await Promise.all([
        wantsSnapshot ? client.call("snapshot", {}) : null,
        isWanted("persona") ? client.call("personas", { query: { cwd } }) : null,
        isWanted("removed-worktree") ? client.call("snapshots", { query: { cwd } }) : null,
      ]);
      return {
        cwd,
        snapshot,
        personas: (offered?.personas ?? []).map(({ name, agent }) => ({ value: name, about: `persona of ${agent}` })),
        removed: (kept?.snapshots ?? []).flatMap(({ name, ref, takenAt }) => [
          { value: name, about: "the latest snapshot of it" },
          { value: shortRef(ref), about: new Date(takenAt).toLocaleString() },
        ]),
      };
    } finally {
      client.dispose();
    }
  });
}

/** What is asked for, or `otherwise` where that fails or takes too long. */
async function inTime<T>(otherwise: T, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), PATIENCE_MS)));
  try {
    return await Promise.race([ask(), late]);
  } catch {
    // A shell that completes has no place for a message.
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
