import { watch } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type GatewayFile, gatewayFileSchema, type TallyHome } from "../protocol/home.ts";

/** Where a gateway is, and what it wants to be shown. */
export interface Endpoint {
  /** `http://host:port`, without a trailing slash. */
  readonly url: string;
  readonly token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The endpoint that `TALLY_URL` names. It is somebody else's gateway: never started or stopped by us. Null when unset. */
export async function endpointFromEnvironment(home: TallyHome, env: Environment): Promise<Endpoint | null> {
  const url = env["TALLY_URL"];
  if (!url) return null;
  const token = isLoopback(url) ? await readToken(home, env) : (env["TALLY_TOKEN"] ?? "");
  return { url: url.replace(/\/+$/, ""), token };
}

/** The token file is this machine's: it is shown to no other. */
function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** The endpoint in the discovery file, whether or not anything answers there. Null when there is no (readable) file. */
export async function endpointFromFile(
  home: TallyHome,
  env: Environment,
): Promise<{ endpoint: Endpoint; file: GatewayFile } | null> {
  const file = await readGatewayFile(home);
  if (!file) return null;
  const token = await readToken(home, env);
  return token ? { endpoint: { url: `http://127.0.0.1:${file.port}`, token }, file } : null;
}

export async function readGatewayFile(home: TallyHome): Promise<GatewayFile | null> {
  try {
    return gatewayFileSchema.parse(JSON.parse(await readFile(home.gatewayFile, "utf8")));
  } catch {
    // Missing, half-removed or of a foreign version: all mean that there is no gateway to be found here.
    return null;
  }
}

/** `TALLY_TOKEN` when set, else the token file; empty when there is neither. */
async function readToken(home: TallyHome, env: Environment): Promise<string> {
  if (env["TALLY_TOKEN"]) return env["TALLY_TOKEN"];
  try {
    return (await readFile(home.tokenFile, "utf8")).trim();
  } catch {
    return "";
  }
}

/** Calls back whenever the discovery file is written or removed, so that nobody has to poll for a gateway. */
export async function watchGatewayFile(home: TallyHome, onChange: () => void): Promise<{ dispose(): void }> {
  await mkdir(home.root, { recursive: true, mode: 0o700 });
  const name = basename(home.gatewayFile);
  const watcher = watch(home.root, { persistent: false }, (_kind, changed) => {
    if (changed === name) onChange();
  });
  // The folder itself may be removed under us; then there is nothing left to tell.
  watcher.on("error", () => watcher.close());
  return { dispose: () => watcher.close() };
}
