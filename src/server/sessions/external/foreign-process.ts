import { readFileSync, readlinkSync } from "node:fs";
import { TallyError } from "../../../protocol/errors.ts";
import { statFields } from "../../../protocol/proc-stat.ts";

/** The kernel tells programs times in hundredths of a second, whatever it counts in itself; see proc_pid_stat(5). */
const TICK_MS = 10;

/** The folder that a process works in. @throws {TallyError} `invalid-request` when it is gone, or not ours to look into. */
export function folderOfProcess(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    throw new TallyError(
      "invalid-request",
      `The folder of process ${pid} cannot be read. Send it as an absolute path in workingDir.`,
    );
  }
}

/** The environment that a process was started with; null when it is gone, or not ours to look into. */
export function environmentOfProcess(pid: number): Record<string, string> | null {
  try {
    const entries = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
    return Object.fromEntries(entries.map((entry) => splitAtFirst(entry, "=")));
  } catch {
    // Only Linux shows it, and only to the same user.
    return null;
  }
}

function splitAtFirst(text: string, separator: string): [before: string, after: string] {
  const [before = "", ...after] = text.split(separator);
  return [before, after.join(separator)];
}

/**
 * When a process started, milliseconds since the epoch. Measured from our own start: in a container the system's uptime may be another
 * one than that of its processes. Null when it is gone, and where the system does not tell (all but Linux).
 */
export function processStartedAt(pid: number): number | null {
  const [ours, theirs] = [startTicks(process.pid), startTicks(pid)];
  if (ours === null || theirs === null) return null;
  return Math.round(performance.timeOrigin) + (theirs - ours) * TICK_MS;
}

function startTicks(pid: number): number | null {
  try {
    // Field 22 of them all.
    return Number(statFields(readFileSync(`/proc/${pid}/stat`, "utf8"))[19]);
  } catch {
    // There is no such process, or no such system.
    return null;
  }
}
