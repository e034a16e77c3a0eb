import { dirname, extname, join } from "node:path";
import { tallyHome } from "../protocol/home.ts";
import { DEFAULT_PORT, version } from "../protocol/version.ts";
import { startGateway } from "./gateway.ts";
import { openLog } from "./log.ts";

const IDLE_MS = 5 * 60_000;
const GRACE_MS = 5_000;

/** A number from the environment, for tests that cannot wait for the real time. */
function milliseconds(name: string, otherwise: number): number {
  const value = Number(process.env[name]);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
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

async function main(): Promise<void> {
  process.umask(0o077);
  forgetCallersRepository();
  const home = tallyHome();
  const log = openLog(home.logs, "gateway.log");
  process.on("uncaughtException", (error) => log.error("uncaught", { error }));
  process.on("unhandledRejection", (error) => log.error("unhandled rejection", { error }));
  process.on("SIGHUP", () => log.info("ignored SIGHUP"));

  const gateway = await startGateway({
    home,
    log,
    version,
    token: process.env["TALLY_TOKEN"],
    port: DEFAULT_PORT,
    idleMs: milliseconds("TALLY_IDLE_MS", IDLE_MS),
    graceMs: milliseconds("TALLY_GRACE_MS", GRACE_MS),
    ...siblings(process.argv[1] ?? ""),
    execPath: process.execPath,
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
