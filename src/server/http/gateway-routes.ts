import { GATEWAY_PROTOCOL } from "../../protocol/version.ts";
import type { PtyHosts } from "../sessions/pty-hosts.ts";
import type { Store } from "../store/store.ts";
import type { RouteHandlers } from "./router.ts";

export interface GatewayRoutesOptions {
  readonly store: Store;
  readonly ptyHosts: PtyHosts;
  readonly version: string;
  readonly startedAt: number;
  /** What runs it. */
  readonly execPath: string;
  /** Where it listens. */
  readonly port: () => number;
  /** How many sockets are open. */
  readonly clients: () => number;
  readonly stop: () => void;
}

/** What the gateway says of itself, all that it keeps, and its end. */
export function gatewayRoutes(
  options: GatewayRoutesOptions,
): Pick<RouteHandlers, "health" | "snapshot" | "stopGateway"> {
  const { store, ptyHosts, version, startedAt, execPath, port, clients, stop } = options;
  return {
    health: () => ({
      status: "ok",
      version,
      protocol: GATEWAY_PROTOCOL,
      pid: process.pid,
      port: port(),
      startedAt,
      clients: clients(),
      liveSessions: store.liveSessions().length,
      ptyHosts: ptyHosts.summary(),
      runtime: execPath,
    }),
    snapshot: () => store.snapshot(),
    stopGateway: () => {
      // Answered first: whoever asked should hear that it was heard.
      setImmediate(stop);
      return {};
    },
  };
}
