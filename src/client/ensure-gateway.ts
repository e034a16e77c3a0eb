import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TallyError } from "../protocol/errors.ts";
import type { TallyHome } from "../protocol/home.ts";
import type { Health } from "../protocol/routes.ts";
import { GATEWAY_PROTOCOL } from "../protocol/version.ts";
import { type Endpoint, endpointFromEnvironment, endpointFromFile } from "./discovery.ts";
import { detachedEnvironment } from "./environment.ts";
import { askHealth, GatewayClient } from "./http.ts";
import { findRuntime } from "./runtime.ts";
import { isAlive } from "../protocol/liveness.ts";
import { takeStartLock } from "./start-lock.ts";

export interface GatewayOptions {
  readonly home: TallyHome;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The caller's own folder with `dist/` and `node_modules/node-pty`. */
  readonly folder: string;
}

const START_TIMEOUT_MS = 20_000;
const LOOK_AGAIN_MS = 20;
/** A gateway answers within milliseconds; one that takes longer than this hangs. */
const PROBE_TIMEOUT_MS = 2_000;

/**
 * The gateway that runs, or null. Starts nothing.
 * @throws {TallyError} `unauthorized` (it wants another token than the one that we were given).
 */
export async function findGateway({ home, env }: GatewayOptions): Promise<Endpoint | null> {
  const given = await endpointFromEnvironment(home, env);
  const endpoint = given ?? (await endpointOfLiving(home, env));
  if (!endpoint) return null;
  try {
    return (await probe(endpoint)) ? endpoint : null;
  } catch (error) {
    // Our own gateway has written the token that the file holds: who refuses that is another's, at a port that was ours.
    if (isRefusal(error) && !given && !env["TALLY_TOKEN"]) return null;
    throw error;
  }
}

/**
 * The gateway that runs, started first when there is none: lock, probe, clear dead files, spawn detached, wait until healthy.
 * @throws {TallyError} `gateway-unreachable` (TALLY_URL names one that does not answer), `unauthorized` (it wants another
 * token), `runtime-missing`, `gateway-start-failed`.
 */
export async function ensureGateway(options: GatewayOptions): Promise<Endpoint> {
  const { home, env } = options;
  const given = await endpointFromEnvironment(home, env);
  if (given) {
    if (await probe(given)) return given;
    throw new TallyError(
      "gateway-unreachable",
      `TALLY_URL is set to ${given.url}, where no Tally gateway answers. Start it there, or unset TALLY_URL.`,
    );
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  mkdirSync(home.root, { recursive: true, mode: 0o700 });
  while (Date.now() < deadline) {
    const { endpoint: running } = await look(options);
    if (running) return running;
    const release = await takeStartLock(home.startLock);
    if (release) {
      try {
        const { endpoint: late } = await look(options);
        if (late) return late;
        await clearDeadFile(home);
        const started = await untilHealthy(options, await spawnGateway(options), deadline);
        if (started) return started;
      } finally {
        await release();
      }
    }
    await delay(LOOK_AGAIN_MS);
  }
  throw startFailed(home, "it did not become healthy in time");
}

/**
 * The endpoint in the discovery file, when its process lives: what a killed gateway left names a port that may be
 * somebody else's by now, who must not be shown the token.
 */
async function endpointOfLiving(home: TallyHome, env: GatewayOptions["env"]): Promise<Endpoint | null> {
  const found = await endpointFromFile(home, env);
  return found && isAlive(found.file.pid) ? found.endpoint : null;
}

/**
 * What is at the place that the discovery file names. A refusal does not say whether it is ours with another token, or
 * another's at a port that was ours: only who has the lock of TALLY_HOME can tell.
 */
async function look(options: GatewayOptions): Promise<{ endpoint: Endpoint | null; refusal: TallyError | null }> {
  try {
    return { endpoint: await findCurrent(options), refusal: null };
  } catch (error) {
    if (isRefusal(error)) return { endpoint: null, refusal: error };
    throw error;
  }
}

function isRefusal(error: unknown): error is TallyError {
  return error instanceof TallyError && error.code === "unauthorized";
}

/** The gateway in the discovery file, when it answers and speaks our protocol; an older one is asked to stop and null returned. */
async function findCurrent({ home, env }: GatewayOptions): Promise<Endpoint | null> {
  const endpoint = await endpointOfLiving(home, env);
  if (!endpoint) return null;
  const health = await probe(endpoint);
  if (!health) return null;
  if (health.protocol >= GATEWAY_PROTOCOL) return endpoint;
  const client = new GatewayClient(() => Promise.resolve(endpoint));
  await client.call("stopGateway", {}).finally(() => client.dispose());
  return null;
}

async function probe(endpoint: Endpoint): Promise<Health | null> {
  try {
    return await askHealth(endpoint, PROBE_TIMEOUT_MS);
  } catch (error) {
    if (isRefusal(error)) {
      throw new TallyError(
        "unauthorized",
        "A gateway runs, but it does not accept our token. If TALLY_TOKEN is set, unset it or restart the gateway with it.",
      );
    }
    return null;
  }
}

/** A discovery file whose process is gone would send every client to a port that may be somebody else's by now. */
async function clearDeadFile(home: TallyHome): Promise<void> {
  const found = await endpointFromFile(home, {});
  if (found && !isAlive(found.file.pid)) await unlink(home.gatewayFile).catch(() => undefined);
}

interface SpawnedGateway {
  /** How it ended, once it has. */
  exit: { readonly isQuiet: boolean; readonly how: string } | null;
}

async function spawnGateway({ home, env, folder }: GatewayOptions): Promise<SpawnedGateway> {
  const runtime = await findRuntime(home, folder);
  mkdirSync(home.logs, { recursive: true, mode: 0o700 });
  const log = openSync(join(home.logs, "gateway.out.log"), "a", 0o600);
  const child = spawn(runtime.execPath, [join(runtime.folder, "dist", "gateway.cjs")], {
    cwd: home.root,
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
    env: { ...detachedEnvironment(env), TALLY_HOME: home.root, ELECTRON_RUN_AS_NODE: "1" },
  });
  closeSync(log);
  const spawned: SpawnedGateway = { exit: null };
  child.on("error", (error) => (spawned.exit = { isQuiet: false, how: error.message }));
  child.on("exit", (code, signal) => {
    spawned.exit = { isQuiet: code === 0, how: signal ? `killed by ${signal}` : `exit code ${code ?? "unknown"}` };
  });
  child.unref();
  return spawned;
}

/**
 * The gateway once it is healthy; null when the spawned one left the place to another that is there, or just going.
 * @throws {TallyError} `unauthorized` when that other one refuses us, `gateway-start-failed`.
 */
async function untilHealthy(
  options: GatewayOptions,
  spawned: SpawnedGateway,
  deadline: number,
): Promise<Endpoint | null> {
  while (Date.now() < deadline) {
    // Read before looking: what it has written by then is seen.
    const { exit } = spawned;
    const { endpoint: running, refusal } = await look(options);
    if (running) return running;
    if (exit?.isQuiet && refusal) throw refusal;
    if (exit?.isQuiet) return null;
    if (exit) throw startFailed(options.home, `it ended at once (${exit.how})`);
    await delay(LOOK_AGAIN_MS);
  }
  throw startFailed(options.home, "it did not become healthy in time");
}

function startFailed(home: TallyHome, why: string): TallyError {
  return new TallyError(
    "gateway-start-failed",
    `The Tally gateway could not be started: ${why}. Look into ${home.logs}, or run: tally doctor`,
  );
}
