import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository, run, step } from "./progress.mjs";

/** Builds the bundles into dist/; with `tests`, those of the in-editor tests too. */
export async function buildBundles({ tests = false } = {}): Promise<void> {
  await run(process.execPath, ["esbuild.mjs", ...(tests ? ["--tests"] : [])]);
}

/** Builds Tally and packages it as `dist/tally-<version>.vsix`, one file for every platform. @returns the file's path. */
export async function packageExtension(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
  const vsix = join(repository, "dist", `tally-${version}.vsix`);
  const vsce = join(repository, "node_modules", "@vscode", "vsce", "vsce");
  await step("Packaging the extension", async () => {
    await buildBundles();
    await run(process.execPath, [
      vsce,
      "package",
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
      "--out",
      vsix,
    ]);
  });
  return vsix;
}
