import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { CheckoutPlan } from "./checkout-plan.ts";
import { inRepository } from "./checkouts.ts";

/** How git is told to make a worktree: by these words, one that outlived its gateway is known again. */
export function addArguments({ path, branch }: CheckoutPlan, commonDir: string): string[] {
  // As many workers as there are processors: git alone writes one file after the other.
  return ["-c", "checkout.workers=0", ...inRepository(commonDir, "worktree", "add", "--", path, branch)];
}

/** Asked to end, git removes what it has half made. */
const END_GRACE_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Ends a git that still makes this worktree: it goes on when its gateway is killed. */
export async function endStrayAdd(plan: CheckoutPlan, commonDir: string): Promise<void> {
  for (const pid of await running(["git", ...addArguments(plan, commonDir)])) {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      if (!signalGroup(pid, signal)) break;
      await untilGone(pid);
    }
  }
}

/** The processes that were started with exactly these words. None where the system does not tell (Windows). */
async function running(words: readonly string[]): Promise<number[]> {
  if (process.platform === "win32") return [];
  if (process.platform === "linux") {
    const wanted = `${words.join("\0")}\0`;
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const found = await Promise.all(
      pids.map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")) === wanted),
    );
    return pids.filter((_, at) => found[at]).map(Number);
  }
  const { stdout } = await promisify(execFile)("ps", ["-axww", "-o", "pid=,args="], { maxBuffer: 2 ** 26 });
  const ending = ` ${words.join(" ")}`;
  return stdout
    .split("\n")
    .filter((line) => line.endsWith(ending) && /^ *\d+ /.test(line))
    .map((line) => Number.parseInt(line, 10));
}

/** A git of ours leads a group, in which are the hooks and filters that it started. False when none of it is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < END_GRACE_MS && signalGroup(pid, 0); waitedMs += LOOK_EVERY_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
