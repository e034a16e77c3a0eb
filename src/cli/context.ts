import "../protocol/jitless.ts";
import { ensureGateway, findGateway, type GatewayOptions } from "../client/ensure-gateway.ts";
import { GatewayClient } from "../client/http.ts";
import { untilGatewayRuns } from "../client/until-gateway-runs.ts";
import { TallyError } from "../protocol/errors.ts";
import { type TallyHome, tallyHome } from "../protocol/home.ts";

/** What a command works with. */
export interface CliContext {
  readonly env: NodeJS.ProcessEnv;
  readonly home: TallyHome;
  /** The folder that holds `dist/`. */
  readonly folder: string;
  readonly gatewayOptions: GatewayOptions;
  /** Talks to the gateway, and starts it when none runs. */
  readonly client: GatewayClient;
  /** Talks to the gateway only if one runs. */
  readonly runningClient: GatewayClient;
  dispose(): void;
}

export function cliContext(folder: string, env: NodeJS.ProcessEnv = process.env): CliContext {
  const home = tallyHome(env);
  const gatewayOptions = { home, env, folder };
  const untilRuns = (signal: AbortSignal) => keptAlive(untilGatewayRuns(gatewayOptions, signal));
  const client = new GatewayClient(() => ensureGateway(gatewayOptions), untilRuns);
  const runningClient = new GatewayClient(async () => {
    const endpoint = await findGateway(gatewayOptions);
    if (endpoint) return endpoint;
    throw new TallyError(
      "gateway-unreachable",
      "The gateway is not running. It starts by itself when needed, or with: tally gateway start",
    );
  }, untilRuns);
  return {
    env,
    home,
    folder,
    gatewayOptions,
    client,
    runningClient,
    dispose() {
      client.dispose();
      runningClient.dispose();
    },
  };
}

const OFTEN_ENOUGH_MS = 60_000;

/** Looking out for a gateway keeps no process alive by itself: one that does nothing else would end in the middle, as if all were well. */
async function keptAlive(waiting: Promise<void>): Promise<void> {
  const timer = setInterval(() => undefined, OFTEN_ENOUGH_MS);
  try {
    await waiting;
  } finally {
    clearInterval(timer);
  }
}
