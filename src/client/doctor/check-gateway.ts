import { createConnection } from "node:net";
import type { Health } from "../../protocol/routes.ts";
import { DEFAULT_PORT } from "../../protocol/version.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { DoctorPlace } from "./place.ts";

/** Whether the gateway answers, started first where none runs; what it says of itself. Null when it does not answer. */
export async function* checkGateway(place: DoctorPlace): AsyncGenerator<Finding, Health | null> {
  const portWasTaken = await isListening(DEFAULT_PORT);
  let health: Health;
  try {
    health = await place.client.call("health", {});
    const { url } = await place.client.endpoint();
    yield answering(place, health, url);
  } catch (error) {
    yield notAnswering(place, messageOf(error));
    return null;
  }
  yield portOf(health, portWasTaken);
  yield ptyHostsOf(health);
  return health;
}

function answering({ home, version, env }: DoctorPlace, health: Health, url: string): Finding {
  const where = env["TALLY_URL"] ? `${new URL(url).origin}, which TALLY_URL names` : url;
  const text = `answers at ${where} (pid ${health.pid}, version ${health.version}, on ${health.runtime}); its log is in ${home.logs}`;
  if (health.version === version) return ok("gateway", text);
  const remedy = `This is Tally ${version}. Restart the gateway, and both are the same again; agents run on.`;
  return warning("gateway", text, remedy, "restartGateway");
}

function notAnswering({ home, mayStart }: DoctorPlace, why: string): Finding {
  if (!mayStart) {
    const remedy = "Trust this workspace, and it starts when it is needed.";
    return warning("gateway", "does not run, and Restricted Mode starts none", remedy, "manageTrust");
  }
  const remedy = `See its log: tally gateway logs, and gateway.out.log beside it in ${home.logs}.`;
  return problem("gateway", why, remedy, "showGatewayLog");
}

function portOf({ port }: Health, portWasTaken: boolean): Finding {
  if (port === DEFAULT_PORT) return ok("port", String(port));
  const why = portWasTaken
    ? `${DEFAULT_PORT} is in use by another program`
    : `${DEFAULT_PORT} was not free at its start`;
  return ok("port", `${port}, as ${why}`, "Clients find it by themselves.");
}

function ptyHostsOf({ ptyHosts }: Health): Finding {
  if (ptyHosts.length === 0) return ok("pty host", "none runs; it starts with the first session in a terminal");
  const hosts = ptyHosts.map(({ pid, version, ptys }) => `pid ${pid}, version ${version}, ${ptys} terminals`);
  return ok("pty host", hosts.join("; "));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port, timeout: 1_000 });
    const answer = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.on("connect", () => answer(true));
    socket.on("timeout", () => answer(false));
    socket.on("error", () => answer(false));
  });
}
