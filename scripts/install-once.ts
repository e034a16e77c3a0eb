import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isAlive } from "./editor/processes.ts";

/**
 * Fills the folder `target`, unless it exists. Safe against an interruption and against a second installer: `fill` works
 * in a folder beside it, which is renamed when complete. So what exists under the final name is whole, and of two
 * installers the faster wins.
 */
export async function installOnce(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  removeAbandoned(dirname(target));
  const partial = `${target}.${process.pid}.partial`;
  try {
    await fill(partial);
    renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what installers left that were killed: hundreds of megabytes each. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const installer = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (installer && !isAlive(Number(installer))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}
