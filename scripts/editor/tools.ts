import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { machinePath } from "../npm.mjs";
import { run, step } from "../progress.mjs";

/** The absolute path of the first of these programs that the machine has on PATH; what is in node_modules does not count. */
export function onPath(...names: string[]): string | undefined {
  const folders = machinePath().split(delimiter).filter(Boolean);
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  return names
    .flatMap((name) => folders.flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix))))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run.
  }
}

/** Root on Debian and its kind, as in a container: there, what is missing can simply be installed. */
export function canInstallWithApt(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** Installs Debian packages. @throws with apt's own words. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step(`Installing ${packages.join(", ")} with apt-get`, async () => {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  });
}
