import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isTarget, noticesFile, packageContents, type Target } from "./package-contents.ts";
import { repository, run, step } from "./progress.mjs";
import { thirdPartyNotices } from "./third-party/notices.ts";
import { thirdPartyWorks } from "./third-party/works.ts";

const dist = join(repository, "dist");

export interface Package {
  readonly vsix: string;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

/** Builds the bundles into dist/; with `tests`, those of the in-editor tests too. */
export async function buildBundles({ tests = false } = {}): Promise<void> {
  await run(process.execPath, ["esbuild.mjs", ...(tests ? ["--tests"] : [])]);
}

/** Builds Tally and packages it for this machine, as its users get it. @returns the file's path. */
export async function packageExtension(): Promise<string> {
  return step("Packaging the extension", async () => {
    await buildBundles();
    const machine = `${process.platform}-${process.arch}`;
    const { vsix } = await packageBuilt(isTarget(machine) ? machine : null);
    return vsix;
  });
}

/** What a package says of the works of others in it. @throws when one of them may not be shipped as it is. */
export function noticesFor(target: Target | null): string {
  return thirdPartyNotices(thirdPartyWorks(repository, packageContents(repository, target)));
}

/**
 * Packages what has been built: for one target with only its own binaries, or for all with null.
 *
 * vsce is given a folder with exactly the files that belong in the package. With an ignore file it would look at everything that lies
 * in the repository, downloaded editors included, for each package anew.
 */
export async function packageBuilt(target: Target | null): Promise<Package> {
  const { name, version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const contents = packageContents(repository, target);
  const notices = noticesFor(target);
  const folder = mkdtempSync(join(dist, "package-"));
  try {
    for (const file of contents) cpSync(join(repository, file), join(folder, file));
    writeFileSync(join(folder, noticesFile), notices);
    leaveOutBuildDependencies(join(folder, "node_modules", "node-pty", "package.json"));
    const files = [...contents, noticesFile].map((path) => ({ path, bytes: statSync(join(folder, path)).size }));
    const vsix = [name, ...(target === null ? [] : [target]), version].join("-") + ".vsix";
    await run(
      process.execPath,
      [
        join(repository, "node_modules", "@vscode", "vsce", "vsce"),
        "package",
        "--allow-missing-repository",
        "--no-rewrite-relative-links",
        ...(target === null ? [] : ["--target", target]),
        "--out",
        vsix,
      ],
      { cwd: folder },
    );
    // Whoever installs it meanwhile reads the old file or the new one, and nothing between.
    renameSync(join(folder, vsix), join(dist, vsix));
    return { vsix: join(dist, vsix), files };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What node-pty is built with is not packaged, and vsce lets no dependency be missing. */
function leaveOutBuildDependencies(file: string): void {
  const { dependencies: _, ...manifest } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
