import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isLicenseFile, type LicenseFile, type ThirdPartyWork } from "./notices.ts";

/** What esbuild writes down of the last build in dist/meta.json. */
export interface BuildRecord {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> } | undefined>>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

/** Where the text is that these packages leave out. */
const textsLeftOut: Readonly<Record<string, string>> = {
  "@xterm/addon-serialize": "scripts/third-party/xterm.js",
  "@xterm/headless": "scripts/third-party/xterm.js",
};

const nodePty = "node_modules/node-pty";
/** Whose headers are compiled into node-pty's binaries. */
const headers = "node_modules/node-addon-api";

/**
 * The folders of the npm packages that are in these files: bundled by esbuild, or as they are.
 * @throws where a bundle is not of the last build: nobody knows what is in it.
 */
export function packageFolders(contents: readonly string[], { outputs }: BuildRecord): string[] {
  const sources = contents.flatMap((file) => {
    if (!file.startsWith("dist/")) return [file];
    const output = outputs[file];
    if (!output) throw new Error(`${file} is none of what the last build made: build anew, or remove it.`);
    return Object.keys(output.inputs);
  });
  const folders = sources.map((file) => /^(.*\/)?node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? null);
  return [...new Set(folders.filter((folder) => folder !== null))].toSorted();
}

/** The works of others that are in these files of `folder`, which is the repository, built. */
export function thirdPartyWorks(folder: string, contents: readonly string[]): ThirdPartyWork[] {
  const build = JSON.parse(readFileSync(join(folder, "dist", "meta.json"), "utf8")) as BuildRecord;
  const folders = packageFolders(contents, build);
  return [
    ...[...folders, ...(folders.includes(nodePty) ? [headers] : [])].map((each) => npmPackage(folder, each)),
    ...(contents.some((file) => file.endsWith("/conpty/conpty.dll")) ? [windowsConsole(folder)] : []),
  ];
}

function npmPackage(folder: string, path: string): ThirdPartyWork {
  const manifest = JSON.parse(readFileSync(join(folder, path, "package.json"), "utf8")) as Manifest;
  const { name, version, license, homepage, repository } = manifest;
  const own = licenseFilesIn(join(folder, path));
  const leftOut = textsLeftOut[name];
  return {
    name,
    version,
    license: typeof license === "string" ? license : null,
    source: homepage ?? (typeof repository === "string" ? repository : (repository?.url ?? null)),
    files: own.length === 0 && leftOut !== undefined ? licenseFilesIn(join(folder, leftOut)) : own,
  };
}

/** node-pty brings Windows' newest console along, by its version, and says nothing of its licence. */
function windowsConsole(folder: string): ThirdPartyWork {
  const [version] = readdirSync(join(folder, nodePty, "third_party", "conpty"));
  if (version === undefined) throw new Error("node-pty no longer says which version of conpty.dll it brings along.");
  return {
    name: "Windows Terminal (conpty.dll, OpenConsole.exe)",
    version,
    license: "MIT",
    source: "https://github.com/microsoft/terminal",
    files: licenseFilesIn(join(folder, "scripts", "third-party", "windows-terminal")),
  };
}

function licenseFilesIn(folder: string): LicenseFile[] {
  return readdirSync(folder)
    .filter(isLicenseFile)
    .toSorted()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}
