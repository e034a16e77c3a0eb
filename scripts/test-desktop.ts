import { join } from "node:path";
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { testBundle } from "./editor/in-editor-tests.ts";
import { cacheFolder, editorVersion } from "./editor/install.ts";
import { userEnvironment } from "./editor/environment.ts";
import { makeThrowaway } from "./editor/throwaway.ts";
import { buildBundles } from "./package-extension.ts";
import { repository, step } from "./progress.mjs";
import { makeSampleProject } from "./sample.ts";

const source = "update.code.visualstudio.com";
/** That of the embedded editor, whose number differs only in its first digit: what one of them finds, the other can be asked. */
const version = editorVersion.replace(/^4\./, "1.");

/** @throws where a window has nothing to open on. */
function requireScreen(): void {
  if (process.platform !== "linux" || process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]) return;
  throw new Error(
    "There is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set. Run it on a virtual one: xvfb-run -a npm run test:desktop " +
      "(on Debian or Ubuntu: sudo apt-get install xvfb)",
  );
}

/** Downloads the desktop editor, once. @throws saying that it is out of reach, and what to run instead. */
async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(cacheFolder, "desktop") });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `cannot download VS Code ${version} from ${source}: ${reason}; the in-editor tier runs against the embedded editor with npm test`,
      { cause: error },
    );
  }
}

async function main(): Promise<void> {
  requireScreen();
  const vscodeExecutablePath = await download();
  await step("Building", () => buildBundles({ tests: true }));
  const throwaway = makeThrowaway();
  try {
    const project = join(throwaway.root, "sample");
    await makeSampleProject(project);
    const ownFolders = [
      `--user-data-dir=${join(throwaway.root, "editor")}`,
      `--extensions-dir=${join(throwaway.root, "ext")}`,
    ];
    process.exitCode = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: repository,
      extensionTestsPath: testBundle,
      // Electron refuses to run as root with its sandbox on.
      launchArgs: [
        project,
        ...ownFolders,
        "--disable-workspace-trust",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
      extensionTestsEnv: userEnvironment(throwaway.tallyHome),
    });
  } finally {
    await throwaway.remove();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
