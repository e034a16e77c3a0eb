import { TallyError } from "../protocol/errors.ts";
import { tallyHome, type TallyHome } from "../protocol/home.ts";
import type { Endpoint } from "./discovery.ts";
import { ensureGateway, findGateway, type GatewayOptions } from "./ensure-gateway.ts";
import { pathOf } from "./environment.ts";
import { GatewayClient } from "./http.ts";
import { installRuntime } from "./install-runtime.ts";
import { type Connection, LiveModel, type LiveModelOptions } from "./live-model.ts";
import { untilGatewayRuns } from "./until-gateway-runs.ts";

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
  /** Its calls fail when none runs: for what only looks. */
  readonly running: GatewayClient;
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
  const installed = installRuntime({ home, folder, version, path: pathOf(env) });
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

  const untilRuns = (signal: AbortSignal) => untilGatewayRuns(gateway, signal);
  const running = new GatewayClient(async () => {
    const found = await findGateway(gateway);
    if (found) return found;
    throw new TallyError("gateway-unreachable", "No Tally gateway runs.");
  }, untilRuns);
  const client = new GatewayClient(ensure, untilRuns);
  const live = new LiveModel({
    client: running,
    onModel: options.onModel,
    onConnection: (connection) => {
      if (connection === "absent" && mayStart() && (hasLiveSession(live) || isNeeded())) ensure().catch(onFailure);
      options.onConnection(connection);
    },
  });
  return {
    home,
    client,
    running,
    live,
    installed,
    ensure,
    dispose: () => {
      live.dispose();
      client.dispose();
      running.dispose();
    },
  };
}

/** Agents run on without a gateway; it is started again for them, so that the tree tells the truth. */
function hasLiveSession(live: LiveModel): boolean {
  return [...live.model.sessions.values()].some((session) => session.endedAt === null);
}
