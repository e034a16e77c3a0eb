import "../protocol/jitless.ts";
import { existsSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tallyHome, type TallyHome } from "../protocol/home.ts";
import { DEFAULT_PORT, version } from "../protocol/version.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";
import { openLog } from "./log.ts";

const IDLE_MS = 5 * 60_000;
const GRACE_MS = 5_000;
/** Development servers compile first. */
const PROCESS_START_MS = 60_000;
/** Claude Code goes on by itself about a minute after the reset; so an agent is left to it for three. */
const RESUME = {
  jitterMs: 5_000,
  staggerMs: 2_000,
  agentGraceMs: 180_000,
  movesAfterMs: 15_000,
  stuckAfterMs: 60_000,
  typingMs: 15_000,
};
const PREDECESSOR_STOPS_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/** A number from the environment, for tests that cannot wait for the real time. */
function milliseconds(name: string, otherwise: number): number {
  const value = Number(process.env[name] || otherwise);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
}

/** What agents could be started with, where nothing better is known: without what makes the editor's runtime a Node. */
function ownEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name.startsWith("ELECTRON_") ? [] : [[name, value] as const],
  );
  return Object.fromEntries(own);
}

/** Our siblings' programs: bundles beside this one, or sources when this one runs from source. */
function siblings(entry: string): { ptyHostEntry: string; demoEntry: string } {
  const folder = dirname(entry);
  if (extname(entry) === ".cjs") {
    return { ptyHostEntry: join(folder, "ptyhost.cjs"), demoEntry: join(folder, "demo.cjs") };
  }
  return { ptyHostEntry: join(folder, "../ptyhost/main.ts"), demoEntry: join(folder, "../demo/main.ts") };
}

/** Started from inside a git hook, these would make every repository look like that one. */
function forgetCallersRepository(): void {
  for (const name of Object.keys(process.env)) {
    if (/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY)$/.test(name)) {
      Reflect.deleteProperty(process.env, name);
    }
  }
}

/** Starts the gateway; while another one is just stopping, once that has let go. Null when another one runs. */
async function untilPlaceIsFree(home: TallyHome, options: GatewayOptions): Promise<Gateway | null> {
  const deadline = Date.now() + PREDECESSOR_STOPS_WITHIN_MS;
  for (;;) {
    const gateway = await startGateway(options);
    // Its discovery file is the first thing that a stopping gateway removes.
    if (gateway || existsSync(home.gatewayFile) || Date.now() > deadline) return gateway;
    await delay(LOOK_AGAIN_MS);
  }
}

async function main(): Promise<void> {
  forgetCallersRepository();
  const home = tallyHome();
  const log = openLog(home.logs, "gateway.log");
  process.on("uncaughtException", (error) => log.error("uncaught", { error }));
  process.on("unhandledRejection", (error) => log.error("unhandled rejection", { error }));
  process.on("SIGHUP", () => log.info("ignored SIGHUP"));

  const gateway = await untilPlaceIsFree(home, {
    home,
    log,
    version,
    token: process.env["TALLY_TOKEN"],
    port: DEFAULT_PORT,
    idleMs: milliseconds("TALLY_IDLE_MS", IDLE_MS),
    graceMs: milliseconds("TALLY_GRACE_MS", GRACE_MS),
    ...siblings(process.argv[1] ?? ""),
    execPath: process.execPath,
    processStartMs: milliseconds("TALLY_PROCESS_START_MS", PROCESS_START_MS),
    resume: {
      jitterMs: milliseconds("TALLY_RESUME_JITTER_MS", RESUME.jitterMs),
      staggerMs: milliseconds("TALLY_RESUME_STAGGER_MS", RESUME.staggerMs),
      agentGraceMs: milliseconds("TALLY_RESUME_CHECK_MS", RESUME.agentGraceMs),
      movesAfterMs: RESUME.movesAfterMs,
      stuckAfterMs: RESUME.stuckAfterMs,
      typingMs: milliseconds("TALLY_TYPING_MS", RESUME.typingMs),
    },
    env: ownEnvironment(),
    now: Date.now,
    onStopped: () => void log.close().then(() => process.exit(0)),
  });
  if (!gateway) {
    log.info("another gateway has this TALLY_HOME", { pid: process.pid });
    await log.close();
    return;
  }
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void gateway.stop(signal));
}

main().catch((error: unknown) => {
  console.error("The gateway could not start:", error);
  process.exit(1);
});
