import { setTimeout as delay } from "node:timers/promises";
import { TallyError } from "../protocol/errors.ts";
import { tallyHome, type TallyHome } from "../protocol/home.ts";
import { type Endpoint, watchGatewayFile } from "./discovery.ts";
import { ensureGateway, findGateway, type GatewayOptions } from "./ensure-gateway.ts";
import { GatewayClient } from "./http.ts";
import { installRuntime } from "./install-runtime.ts";
import { type Connection, LiveModel, type LiveModelOptions } from "./live-model.ts";

const LOOK_AGAIN_MS = 5_000;

export interface GatewayLinkOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The extension's own folder. */
  readonly folder: string;
  readonly version: string;
  /** False in Restricted Mode: then a gateway is found, but never started. */
  readonly mayStart: () => boolean;
  /** Whether a gateway is to be started although nobody asked for anything yet. */
  readonly isNeeded: () => boolean;
  readonly onModel: LiveModelOptions["onModel"];
  readonly onConnection: (connection: Connection) => void;
  /** Something went wrong in the background; nobody waits for it. */
  readonly onFailure: (error: unknown) => void;
}

/** One window's link to the gateway: follows the one that runs, and starts one on first need. */
export interface GatewayLink {
  readonly home: TallyHome;
  /** Its calls start a gateway when none runs. */
  readonly client: GatewayClient;
  readonly live: LiveModel;
  /** Settles once what outlives this extension's folder, the CLI's launcher among it, is in its place. */
  readonly installed: Promise<unknown>;
  /** Starts a gateway when none runs; the live model then finds it. */
  ensure(): Promise<Endpoint>;
  dispose(): void;
}

export function openGatewayLink(options: GatewayLinkOptions): GatewayLink {
  const { env, folder, version, mayStart, isNeeded, onFailure } = options;
  const home = tallyHome(env);
  const gateway: GatewayOptions = { home, env, folder };
  const installed = installRuntime({ home, folder, version, path: env["PATH"] ?? env["Path"] ?? "" });
  installed.catch(onFailure);

  const ensure = async (): Promise<Endpoint> => {
    if (!mayStart()) {
      const running = await findGateway(gateway);
      if (running) return running;
      throw new TallyError(
        "gateway-unreachable",
        "Tally starts nothing in Restricted Mode, and nothing of it runs yet. Trust this workspace first.",
      );
    }
    await installed;
    return ensureGateway(gateway);
  };

  const follower = new GatewayClient(async () => {
    const running = await findGateway(gateway);
    if (running) return running;
    throw new TallyError("gateway-unreachable", "No Tally gateway runs.");
  });
  const client = new GatewayClient(ensure);
  const live = new LiveModel({
    client: follower,
    untilGatewayMayExist: (signal) => untilGatewayMayExist(gateway, signal),
    onModel: options.onModel,
    onConnection: (connection) => {
      options.onConnection(connection);
      if (connection === "absent" && mayStart() && (hasLiveSession(live) || isNeeded())) ensure().catch(onFailure);
    },
  });
  return {
    home,
    client,
    live,
    installed,
    ensure,
    dispose: () => {
      live.dispose();
      client.dispose();
      follower.dispose();
    },
  };
}

/** Agents run on without a gateway; it is started again for them, so that the tree tells the truth. */
function hasLiveSession(live: LiveModel): boolean {
  return [...live.model.sessions.values()].some((session) => session.endedAt === null);
}

/** Resolves when a gateway appears, at once when one already has; where the folder cannot be watched, after a while. */
async function untilGatewayMayExist(gateway: GatewayOptions, signal: AbortSignal): Promise<void> {
  let onChange: () => void = () => undefined;
  const changed = new Promise<void>((resolve) => (onChange = resolve));
  signal.addEventListener("abort", onChange, { once: true });
  try {
    const watcher = await watchGatewayFile(gateway.home, onChange);
    try {
      // It may have come between the caller's last look and the watcher's first.
      if (!(await findGateway(gateway))) await changed;
    } finally {
      watcher.dispose();
    }
  } catch {
    // Unwatchable or unreadable: look again later. Whoever needs a gateway before that is told what is wrong.
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  } finally {
    signal.removeEventListener("abort", onChange);
  }
}
