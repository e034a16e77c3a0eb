import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findDesktop, openDesktop } from "./editor/desktop.ts";
import { userEnvironment } from "./editor/environment.ts";
import { installEditor } from "./editor/install.ts";
import { launchEditor } from "./editor/launch.ts";
import { endDescendants } from "./editor/processes.ts";
import { quietSettings, readableScreen } from "./editor/settings.ts";
import { makeThrowaway, type Throwaway } from "./editor/throwaway.ts";
import { packageExtension } from "./package-extension.ts";
import { step } from "./progress.mjs";
import { makeSampleProject } from "./sample.ts";
import { smoke } from "./smoke.ts";

const help = `npm start [folder]        Opens VS Code with Tally in it, in a folder or in a small sample repository.
npm start -- --smoke      Does the same without a screen, tries the demo agent, and exits 0 if that worked.

The desktop VS Code opens if \`code\` is on PATH, else an embedded one in your browser. Tally keeps its state in a
throw-away folder, so that nothing of yours is touched; it is removed, and everything ended, when you leave.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: "boolean", short: "h" }, smoke: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const [folder, ...excess] = positionals;
  if (excess.length > 0) throw new Error(`One folder at most, please. Not: ${positionals.join(", ")}`);
  if (folder && !(existsSync(folder) && statSync(folder).isDirectory())) throw new Error(`${folder} is not a folder.`);

  const throwaway = makeThrowaway();
  const leave = cleanUpOnce(throwaway);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => void leave().then(() => process.exit(values.smoke ? 1 : 0)));
  }
  try {
    await open(folder ? resolve(folder) : undefined, throwaway, values.smoke ?? false);
  } finally {
    await leave();
  }
}

/**
 * Tally is installed from its package, as users have it, and not run from its sources: then it is there in every window
 * and after every reload, and what is tried is what is shipped. It costs about five seconds.
 */
async function open(folder: string | undefined, throwaway: Throwaway, headless: boolean): Promise<void> {
  const vsix = await packageExtension();
  const project = folder ?? join(throwaway.root, "sample");
  if (!folder) await makeSampleProject(project);
  const common = { dataDir: join(throwaway.root, "editor"), env: userEnvironment(throwaway.tallyHome), vsix };

  const code = headless ? undefined : findDesktop();
  if (code) {
    console.log(`Opening ${basename(project)} in VS Code. Close its window to end.`);
    return openDesktop(code, { ...common, folder: project });
  }
  await installEditor();
  const settings = { ...quietSettings(), ...(headless && readableScreen) };
  const editor = await step("Starting the embedded editor", () => launchEditor({ ...common, settings }));
  if (headless) return smoke(editor.url(project));
  console.log(
    `\n  ${editor.url(project)}\n\nOpen this address in a browser. Ctrl-C ends the editor and everything in it.`,
  );
  await editor.ended;
  throw new Error("The embedded editor has ended by itself.");
}

function cleanUpOnce(throwaway: Throwaway): () => Promise<void> {
  let cleaned: Promise<void> | undefined;
  return () => (cleaned ??= endDescendants().then(() => throwaway.remove()));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
