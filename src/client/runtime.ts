import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TallyError } from "../protocol/errors.ts";
import { type RuntimeFile, runtimeFileSchema, type TallyHome } from "../protocol/home.ts";

/** What runs the gateway: an executable that can act as Node with `node:sqlite`, and the folder with `dist/`. */
export interface Runtime {
  readonly execPath: string;
  readonly folder: string;
}

export async function readRuntimeFile(home: TallyHome): Promise<RuntimeFile | null> {
  try {
    return runtimeFileSchema.parse(JSON.parse(await readFile(home.runtimeFile, "utf8")));
  } catch {
    // Never recorded, or by a foreign version: the caller falls back to its own Node.
    return null;
  }
}

/** True for a Node whose `node:sqlite` needs no flag: 22.13 and later. */
export function hasSqlite(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/**
 * The runtime for a new gateway: what the editor recorded, else the Node that runs this very process, else the one that
 * the development checkout brought along.
 * @param folder the caller's own folder with `dist/`, used with its own Node.
 * @throws {TallyError} `runtime-missing` when there is none with `node:sqlite`.
 */
export async function findRuntime(home: TallyHome, folder: string): Promise<Runtime> {
  const recorded = await readRuntimeFile(home);
  if (recorded && existsSync(recorded.execPath) && existsSync(join(recorded.folder, "dist", "gateway.cjs"))) {
    return { execPath: recorded.execPath, folder: recorded.folder };
  }
  if (hasSqlite(process.versions.node)) return { execPath: process.execPath, folder };
  const bundled = join(folder, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(bundled)) return { execPath: bundled, folder };
  throw new TallyError(
    "runtime-missing",
    `The gateway needs Node 22.13 or later, and this is Node ${process.versions.node}. ` +
      "Open VS Code with Tally once (it lends its own runtime), or install a newer Node.",
  );
}

/** Whether this executable, acting as Node, can load `node:sqlite`. */
export function canLoadSqlite(execPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" };
    execFile(execPath, ["-e", "require('node:sqlite')"], { env, timeout: 15_000 }, (error) => resolve(error === null));
  });
}
