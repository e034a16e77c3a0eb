import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { TallyError } from "../protocol/errors.ts";
import type { RuntimeFile, TallyHome } from "../protocol/home.ts";
import { ptyHostFileSchema } from "../protocol/ptyhost.ts";
import { readGatewayFile } from "./discovery.ts";
import { canLoadSqlite, readRuntimeFile } from "./runtime.ts";
import { isAlive } from "../protocol/liveness.ts";

export interface InstallOptions {
  readonly home: TallyHome;
  /** The extension's own folder, which an update of the extension deletes. */
  readonly folder: string;
  readonly version: string;
  /** Where a Node is looked for when this process's own executable does not do. */
  readonly path: string;
}

/** A folder younger than this may belong to a window that is about to start something from it. */
const YOUNG_MS = 24 * 60 * 60 * 1000;

/**
 * Copies what gateway, pty host and CLI need out of the extension's folder, and records it for the CLI. Idempotent, and
 * safe when several windows do it at once.
 * @throws {TallyError} `runtime-missing` when nothing here can run the gateway; nothing is recorded then.
 */
export async function installRuntime(options: InstallOptions): Promise<RuntimeFile> {
  const { home, version } = options;
  const recorded = await readRuntimeFile(home);
  if (recorded && isNewer(recorded.version, version) && isUsable(recorded)) return recorded;
  const execPath = await findExecutable(options.path);
  await mkdir(home.runtimes, { recursive: true, mode: 0o700 });
  const runtime: RuntimeFile = { version, folder: await copyRuntime(options), execPath };
  await installLaunchers(options, runtime);
  await writeAtomically(home.runtimeFile, `${JSON.stringify(runtime, null, 2)}\n`);
  await removeUnused(home, runtime);
  return runtime;
}

/** True when `a` is a later release than `b`. An older extension in another editor leaves a newer one's runtime alone. */
function isNewer(a: string, b: string): boolean {
  return a.localeCompare(b, "en", { numeric: true }) > 0;
}

function isUsable({ execPath, folder }: RuntimeFile): boolean {
  return existsSync(execPath) && existsSync(join(folder, "dist", "gateway.cjs"));
}

/** What can run the gateway: this process's own executable, which in the editor is the editor's, else a Node on PATH. */
async function findExecutable(path: string): Promise<string> {
  // Asking our own process costs nothing; what it loads, its executable loads when it acts as Node.
  if (process.getBuiltinModule("node:sqlite") as unknown) return process.execPath;
  const name = process.platform === "win32" ? "node.exe" : "node";
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    if (folder && existsSync(candidate) && (await canLoadSqlite(candidate))) return candidate;
  }
  throw new TallyError(
    "runtime-missing",
    `Tally needs a runtime with node:sqlite. This editor's (Node ${process.versions.node}) has none, and no Node 22.13 or later is on PATH. ` +
      "Update the editor, or install a newer Node and restart it.",
  );
}

async function copyRuntime({ home, folder, version }: InstallOptions): Promise<string> {
  const bundles = (await readdir(join(folder, "dist"))).filter((name) => name.endsWith(".cjs")).sort();
  const digest = createHash("sha256");
  for (const name of bundles) digest.update(name).update(await readFile(join(folder, "dist", name)));
  const target = join(home.runtimes, `${version}-${digest.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;

  const partial = `${target}.${randomUUID()}.partial`;
  await mkdir(join(partial, "dist"), { recursive: true, mode: 0o700 });
  for (const name of bundles) await cp(join(folder, "dist", name), join(partial, "dist", name));
  await cp(join(folder, "package.json"), join(partial, "package.json"));
  await cp(join(folder, "bin"), join(partial, "bin"), { recursive: true });
  await copyNodePty(join(folder, "node_modules", "node-pty"), join(partial, "node_modules", "node-pty"));
  try {
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another window was faster and its copy is the same; anything else is a real failure.
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** The library and the one binary that this machine can load; a locally built one (musl) where there is one. */
async function copyNodePty(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const parts = [
    "package.json",
    "lib",
    join("prebuilds", `${process.platform}-${process.arch}`),
    join("build", "Release"),
  ];
  for (const part of parts) {
    if (existsSync(join(from, part))) await cp(join(from, part), join(to, part), { recursive: true });
  }
}

/** `$TALLY_HOME/bin` is what goes on PATH: it stays when versions come and go. */
async function installLaunchers({ home, folder }: InstallOptions, runtime: RuntimeFile): Promise<void> {
  await mkdir(home.bin, { recursive: true, mode: 0o700 });
  for (const name of ["tally", "tally.cmd"]) {
    const launcher = join(home.bin, name);
    const content = await readFile(join(folder, "bin", name), "utf8");
    await writeAtomically(launcher, content, 0o755);
  }
  await writeAtomically(join(home.bin, "tally.path"), `${runtime.folder}\n${runtime.execPath}\n`);
}

/** Does nothing when the file already says so: on Windows a launcher that runs cannot be replaced. */
async function writeAtomically(path: string, content: string, mode = 0o600): Promise<void> {
  const current = await readFile(path, "utf8").catch(() => null);
  if (current === content) return;
  const partial = `${path}.${randomUUID()}.partial`;
  await writeFile(partial, content, { mode });
  await chmod(partial, mode);
  await rename(partial, path);
}

/** Removes copies of other versions, except those that a running gateway or pty host is of, and those made lately. */
async function removeUnused(home: TallyHome, current: RuntimeFile): Promise<void> {
  const usedVersions = await liveVersions(home);
  for (const name of await readdir(home.runtimes)) {
    const folder = join(home.runtimes, name);
    if (folder === current.folder || usedVersions.some((version) => name.startsWith(`${version}-`))) continue;
    // Another window may have finished or removed it since it was listed.
    const madeAt = (await stat(folder).catch(() => null))?.mtimeMs ?? Date.now();
    if (Date.now() - madeAt < YOUNG_MS) continue;
    // What cannot be removed now (a file in use on Windows) goes the next time.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function liveVersions(home: TallyHome): Promise<string[]> {
  const gateway = await readGatewayFile(home);
  const processes = gateway ? [gateway] : [];
  const hosts: { pid: number; version: string }[] = [];
  for (const name of await readdir(home.ptyHosts).catch(() => [])) {
    if (!name.endsWith(".json")) continue;
    try {
      hosts.push(ptyHostFileSchema.parse(JSON.parse(await readFile(join(home.ptyHosts, name), "utf8"))));
    } catch {
      // It went while we looked, or is of a version we cannot read: nothing to learn from it, and young folders are kept anyway.
    }
  }
  return [...processes, ...hosts].filter(({ pid }) => isAlive(pid)).map(({ version }) => version);
}
