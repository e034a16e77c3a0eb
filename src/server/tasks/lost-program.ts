import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { statFields } from "../../protocol/proc-stat.ts";
import { RUN_VARIABLE } from "../../protocol/ptyhost.ts";
import { familyOf, processTree } from "../process-tree.ts";

const LOOK_AGAIN_MS = 20;
/** A killed process may still be on its way out; one that hangs in the system never gets there, and does nothing more either. */
const KILL_TAKES_MS = 1_000;

/**
 * Kills what is left of a run whose host has ended without it: it would go on working where the next one begins, and nobody would ever hear
 * of it. Where the system does not tell what environment processes have (all but Linux) nothing is found.
 */
export async function killLostProgram(runId: string): Promise<void> {
  if (process.platform !== "linux") return;
  const givesUpAt = performance.now() + KILL_TAKES_MS;
  for (let left = membersOf(runId); left.length > 0 && performance.now() < givesUpAt; left = membersOf(runId)) {
    for (const pid of left) kill(pid);
    await delay(LOOK_AGAIN_MS);
  }
}

function membersOf(runId: string): number[] {
  const tree = processTree();
  const mark = `${RUN_VARIABLE}=${runId}`;
  const marked = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark));
  const members = new Set(marked.flatMap((name) => familyOf(Number(name), tree)));
  return [...members].filter((pid) => pid !== process.pid && isRunning(pid));
}

function environmentOf(pid: string): string[] {
  return readOr(`/proc/${pid}/environ`, "").split("\0");
}

/** False for one that has ended and waits for its parent to take notice. */
function isRunning(pid: number): boolean {
  return !["", "Z"].includes(statFields(readOr(`/proc/${pid}/stat`, ") "))[0] ?? "");
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return otherwise; // somebody else's, or it has ended meanwhile
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
