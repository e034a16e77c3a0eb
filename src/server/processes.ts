import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { statFields } from "../protocol/proc-stat.ts";

/**
 * When a process started, as text that is the same as long as it is the same process: process ids are used again, after
 * a reboot above all. Null when it is gone, or where the system does not tell (Windows).
 */
export function processStart(pid: number): string | null {
  try {
    if (process.platform === "linux") {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      // Field 22 of them all.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return `${boot} ${statFields(stat)[19] ?? ""}`;
    }
    if (process.platform === "win32") return null;
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    // It ended before or while we looked.
    return null;
  }
}

/** Sends a signal; a process that is gone already is what was wanted. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
