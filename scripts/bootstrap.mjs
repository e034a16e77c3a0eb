// What every entry point does first. It runs on Node 20 in a fresh clone, so: plain JavaScript, and nothing from node_modules.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { npm } from "./npm.mjs";
import { repository, step } from "./progress.mjs";

const binaries = join(repository, "node_modules", ".bin");
const node24 = join(repository, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(join(repository, lockfile), "utf8")).packages;
}

/** True when node_modules holds what package-lock.json asks for. npm writes its own lockfile there last, so a torn install counts as none. */
function dependenciesAreInstalled() {
  if (!existsSync(join(repository, "node_modules", ".package-lock.json")) || !existsSync(node24)) return false;
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(packagesOf("package-lock.json")).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.version === wanted.version : Boolean(wanted.optional || wanted.devOptional);
  });
}

/** Runs a script of this folder on the Node 24 of node_modules, and passes its signals and its exit code through. */
function runOnNode24(script) {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}` };
  const child = spawn(node24, [join(repository, "scripts", script), ...process.argv.slice(2)], {
    env,
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** Installs the dependencies if need be, then hands over to `scripts/<script>`, and exits as it does. */
export async function bootstrap(script) {
  try {
    if (!dependenciesAreInstalled()) await step("Installing dependencies", () => npm(["ci"], repository));
    process.exitCode = await runOnNode24(script);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
