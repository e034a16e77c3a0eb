import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { aptInstall, canInstallWithApt, onPath } from "./tools.ts";

const macApplications = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

const windowsPrograms = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((variable) => {
  const folder = process.env[variable];
  return ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"].flatMap((program) =>
    folder ? [join(folder, program)] : [],
  );
});

/** An installed Chrome, Chromium or Edge; `$CHROME_PATH` when that is set. */
function findChromium(): string | undefined {
  const usual = { darwin: macApplications, win32: windowsPrograms }[process.platform as string] ?? [];
  return (
    process.env["CHROME_PATH"] ||
    usual.find((file) => existsSync(file)) ||
    // Ubuntu's chromium-browser may be a stub that asks for snap, so it comes last.
    onPath("google-chrome-stable", "google-chrome", "chromium", "microsoft-edge", "chromium-browser")
  );
}

/** Finds a browser; as root on Debian it installs one. @throws saying what to install. */
export async function requireChromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (canInstallWithApt()) await aptInstall(["chromium", "fonts-dejavu-core"]);
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    "No Chrome, Chromium or Edge was found. Install one (on Debian: sudo apt-get install chromium), or set CHROME_PATH to its executable.",
  );
}

/** Starts a headless browser with a profile of its own. */
export async function launchChromium(): Promise<Browser> {
  const args = ["--disable-gpu", "--disable-quic", "--no-first-run"];
  args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  // Chromium's sandbox refuses to run as root.
  return chromium.launch({ executablePath: await requireChromium(), args, chromiumSandbox: process.getuid?.() !== 0 });
}
