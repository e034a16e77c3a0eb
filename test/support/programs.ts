import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BuildRecord } from "../../scripts/third-party/works.ts";

const root = resolve(import.meta.dirname, "../..");

/** The detached programs, which start one another: as bundles of the build, or from their sources. */
const bundles = { gateway: "dist/gateway.cjs", ptyHost: "dist/ptyhost.cjs", demo: "dist/demo.cjs" };
const sources = { gateway: "src/server/main.ts", ptyHost: "src/ptyhost/main.ts", demo: "src/demo/main.ts" };

let areBuilt: boolean | undefined;

/**
 * What to start a program from. A bundle starts in less than half the time; the sources are for a test that is run by hand after a
 * change, which must not meet the program of before it.
 */
export function entryOf(program: keyof typeof bundles): string {
  areBuilt ??= Object.values(bundles).every(isNewerThanSources);
  return join(root, (areBuilt ? bundles : sources)[program]);
}

function isNewerThanSources(bundle: string): boolean {
  try {
    const { outputs } = JSON.parse(readFileSync(join(root, "dist", "meta.json"), "utf8")) as BuildRecord;
    const inputs = Object.keys(outputs[bundle]?.inputs ?? {}).filter((path) => !path.startsWith("node_modules/"));
    const builtAt = changedAt(bundle);
    return inputs.length > 0 && inputs.every((path) => changedAt(path) <= builtAt);
  } catch {
    return false; // nothing is built, or a source is gone
  }
}

function changedAt(path: string): number {
  return statSync(join(root, path)).mtimeMs;
}
