import { globSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** What a package can be made for. There is none for Alpine Linux (musl): node-pty brings no binary for it. */
export const targets = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"] as const;
export type Target = (typeof targets)[number];

export function isTarget(word: string): word is Target {
  return (targets as readonly string[]).includes(word);
}

/** Made with each package, of what is in it: the licences of the works of others. */
export const noticesFile = "ThirdPartyNotices.txt";

/** What every package takes from the folder, as patterns. It has nothing else of it, whatever lies about there. */
const everywhere = [
  "package.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "bin/*",
  "dist/*.cjs",
  "dist/webview/*.{js,css,ttf}",
  "media/*.*",
  "media/walkthrough/*.*",
  "node_modules/node-pty/LICENSE",
  "node_modules/node-pty/package.json",
  "node_modules/node-pty/lib/**/*.js",
] as const;

/** node-pty looks for its binaries in a folder of this name; `*` are those of all targets. */
const prebuilt = (target: Target | "*") => `node_modules/node-pty/prebuilds/${target}`;

/** node-pty's binaries and the programs that these start; beside them lie symbols for debuggers, of 20 MB. */
const nativeFiles = ["*.node", "spawn-helper", "conpty/*.{dll,exe}"] as const;

/** What a package cannot do without; null stands for all targets. */
export function requiredFiles(target: Target | null): string[] {
  return [
    "package.json",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "bin/tally",
    "bin/tally.cmd",
    ...["extension", "gateway", "ptyhost", "cli", "cli-main", "demo"].map((bundle) => `dist/${bundle}.cjs`),
    "dist/webview/dashboard.js",
    "dist/webview/dashboard.css",
    "dist/webview/codicon.ttf",
    "media/icon.png",
    "media/tally.svg",
    "media/tally.schema.json",
    "node_modules/node-pty/package.json",
    "node_modules/node-pty/lib/index.js",
    ...(target === null ? targets : [target]).flatMap(nativeFilesOf),
  ];
}

function nativeFilesOf(target: Target): string[] {
  const files = target.startsWith("win32")
    ? ["conpty.node", "conpty_console_list.node", "conpty/conpty.dll", "conpty/OpenConsole.exe"]
    : target.startsWith("darwin")
      ? ["pty.node", "spawn-helper"]
      : ["pty.node"];
  return files.map((file) => `${prebuilt(target)}/${file}`);
}

/** Those that the README shows. They are taken in two themes, and the others need not be shipped. */
function pictures(folder: string): string[] {
  return readFileSync(join(folder, "README.md"), "utf8").match(/\bmedia\/readme\/[\w.-]+/g) ?? [];
}

/**
 * The files of `folder` that belong into its package, in order.
 * @param target null for a package that runs everywhere.
 * @throws when one is missing that the package cannot do without.
 */
export function packageContents(folder: string, target: Target | null): string[] {
  const shown = pictures(folder);
  const patterns = [...everywhere, ...shown, ...nativeFiles.map((file) => `${prebuilt(target ?? "*")}/${file}`)];
  const files = globSync(patterns, { cwd: folder })
    .map((file) => file.split(sep).join("/"))
    .toSorted();
  const missing = [...requiredFiles(target), ...shown].filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`${folder} lacks what the package needs: ${missing.join(", ")}`);
  return files;
}
