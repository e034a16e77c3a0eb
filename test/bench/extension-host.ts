import { readdirSync, readFileSync } from "node:fs";
import { statFields } from "../../src/protocol/proc-stat.ts";

/** Of `/proc/<pid>/stat`, from its state on. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
/** USER_HZ: the same on every Linux that Node runs on. */
const TICK_MS = 10;

/** The time that an editor's extension host was at work, by the home that it was given for Tally; NaN where the system has no `/proc`. */
export function extensionHostCpuMs(tallyHome: string): number {
  const pid = readdirOr("/proc").find(
    (name) =>
      /^\d+$/.test(name) &&
      readOr(`/proc/${name}/cmdline`).includes("--type=extensionHost") &&
      readOr(`/proc/${name}/environ`).split("\0").includes(`TALLY_HOME=${tallyHome}`),
  );
  const fields = statFields(pid === undefined ? "" : readOr(`/proc/${pid}/stat`));
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * TICK_MS;
}

function readdirOr(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty for a process that has ended meanwhile, or is somebody else's. */
function readOr(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
