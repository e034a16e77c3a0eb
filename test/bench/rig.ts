import { join } from "node:path";
import { endpointFromFile } from "../../src/client/discovery.ts";
import { GatewayClient } from "../../src/client/http.ts";
import type { Session } from "../../src/protocol/entities.ts";
import { clientOf, isRunning, repositoryRoot, testHome } from "../support/gateway.ts";
import { until } from "../support/until.ts";

export const dist = join(repositoryRoot, "dist");

/** A Tally of its own, run from the bundles in dist/ as a user's is, and started in an empty home. */
export interface Rig extends AsyncDisposable {
  readonly cwd: string;
  /** The environment for programs and for the CLI: it leads to this rig's gateway and nowhere else. */
  readonly env: Readonly<Record<string, string>>;
  /** A client that starts the gateway when there is none. */
  connect(): GatewayClient;
  /** A session of a program that starts when its first viewer is there. */
  start(client: GatewayClient, program: readonly [string, ...string[]]): Promise<Session>;
  /** Ends the gateway and waits until it is gone. */
  stopGateway(): Promise<void>;
}

export async function startRig(): Promise<Rig> {
  const place = await testHome();
  const { home, env } = place;
  const clients: GatewayClient[] = [];
  const cwd = env["HOME"] ?? home.root;
  return {
    cwd,
    env,
    connect() {
      const client = clientOf(env);
      clients.push(client);
      return client;
    },
    async start(client, program) {
      const { session } = await client.call("createSession", {
        body: { agent: "command", args: [...program], cwd, env, awaitViewerMs: 10_000 },
      });
      return session;
    },
    async stopGateway() {
      const found = await endpointFromFile(home, env);
      if (!found) return;
      const client = new GatewayClient(() => Promise.resolve(found.endpoint));
      await client.call("stopGateway", {});
      client.dispose();
      await until(() => !isRunning(found.file.pid), "the gateway to be gone");
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.dispose();
      await place.dispose();
    },
  };
}
