import { cpSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installOnce } from "../install-once.ts";
import { npm } from "../npm.mjs";
import { repository, step } from "../progress.mjs";
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
 * Installs VS Code's server, unless it is there.
 * @returns the path of `server-main.js`, to be run with Node 24.
 */
export async function installEditor(): Promise<string> {
  const target = join(cacheFolder, "editor", editorVersion);
  await installOnce(target, async (folder) => {
    await requireCompiler();
    cpSync(recipe, folder, { recursive: true });
    // code-server's own install script builds a module against Kerberos headers; the editor does without it.
    await step(`Downloading VS Code's server ${editorVersion}`, async () => {
      await npm(["ci", "--ignore-scripts"], folder);
      await npm(["install", "--omit=dev", "--ignore-scripts"], vscodeIn(folder));
    });
    await step("Building the editor's native modules", () =>
      npm(["rebuild", "node-pty", "@parcel/watcher", "@vscode/spdlog", "@vscode/native-watchdog"], vscodeIn(folder)),
    );
  });
  return join(vscodeIn(target), "out", "server-main.js");
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
