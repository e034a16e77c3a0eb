import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { npm } from "../npm.mjs";
import { repository, step } from "../progress.mjs";
import { isAlive } from "./processes.ts";
import { aptInstall, canInstallWithApt, onPath } from "./tools.ts";

const recipe = join(repository, "scripts", "editor", "embedded");
const manifest = JSON.parse(readFileSync(join(recipe, "package.json"), "utf8")) as {
  dependencies: { "code-server": string };
};

/** The release of code-server; VS Code's own version is the same without the leading 4. */
export const editorVersion = manifest.dependencies["code-server"];

/** Where downloads that outlive a run are kept: `.cache` of the repository, or `$TALLY_DEV_CACHE`. */
export const cacheFolder = resolve(process.env["TALLY_DEV_CACHE"] || join(repository, ".cache"));

const vscodeIn = (folder: string) => join(folder, "node_modules", "code-server", "lib", "vscode");

/**
 * Installs VS Code's server, unless it is there. Safe against an interruption and against another installer: the work
 * is done beside the target and renamed to it when complete, so what exists under the final name is whole.
 * @returns the path of `server-main.js`, to be run with Node 24.
 */
export async function installEditor(): Promise<string> {
  const editors = join(cacheFolder, "editor");
  const target = join(editors, editorVersion);
  const serverMain = join(vscodeIn(target), "out", "server-main.js");
  if (existsSync(target)) return serverMain;

  await requireCompiler();
  mkdirSync(editors, { recursive: true });
  removeAbandoned(editors);
  const partial = `${target}.${process.pid}.partial`;
  cpSync(recipe, partial, { recursive: true });
  // code-server's own install script builds a module against Kerberos headers; the editor does without it.
  await step(`Downloading VS Code's server ${editorVersion}`, async () => {
    await npm(["ci", "--ignore-scripts"], partial);
    await npm(["install", "--omit=dev", "--ignore-scripts"], vscodeIn(partial));
  });
  await step("Building the editor's native modules", () =>
    npm(["rebuild", "node-pty", "@parcel/watcher", "@vscode/spdlog", "@vscode/native-watchdog"], vscodeIn(partial)),
  );
  try {
    renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(partial, { recursive: true, force: true });
  }
  return serverMain;
}

/** @throws when the native modules could not be built here, saying what to install. */
async function requireCompiler(): Promise<void> {
  if (process.platform === "win32") return;
  const missing = ["g++", "make", "python3"].filter((tool) => !onPath(tool));
  if (missing.length === 0) return;
  if (canInstallWithApt()) return aptInstall(missing);
  throw new Error(
    `The embedded editor needs ${missing.join(", ")} to build its native modules. ` +
      (process.platform === "darwin"
        ? "Run: xcode-select --install"
        : `On Debian or Ubuntu: sudo apt-get install ${missing.join(" ")}`),
  );
}

/** Removes what installers left that were killed. */
function removeAbandoned(editors: string): void {
  for (const name of readdirSync(editors)) {
    const installer = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (installer && !isAlive(Number(installer))) rmSync(join(editors, name), { recursive: true, force: true });
  }
}
