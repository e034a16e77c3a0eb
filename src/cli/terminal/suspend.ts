import { setTimeout as delay } from "node:timers/promises";
import { type Job, lookAtJob } from "./job.ts";

/** A program that suspends itself puts its terminal modes back first. */
const LOOK_AFTER_MS = [100, 100, 200, 400];

/**
 * Whether, after Ctrl-Z, the program has stopped or would have in a bare terminal. There the terminal's SIGTSTP stops it; in a
 * pty host's pty, where no shell could resume it, the kernel discards that signal (POSIX: orphaned process groups). The
 * program then takes itself for stopped and waits for SIGCONT, or goes on at once as vim does. What tells them apart is the
 * terminal: a program that thinks it has stopped has left it in cooked mode.
 */
export async function hasSuspended(pid: number, signal: AbortSignal): Promise<boolean> {
  let wasCooked = false;
  for (const ms of LOOK_AFTER_MS) {
    await delay(ms, undefined, { signal });
    const job = await lookAtJob(pid);
    if (job?.isStopped) return true;
    const isCooked = job !== null && isOwnForeground(pid, job) && job.isCooked;
    // Seen once it may be on its way: a shell takes its terminal back after a command of its own was stopped.
    if (isCooked && wasCooked) return true;
    wasCooked = isCooked;
  }
  return false;
}

function isOwnForeground(pid: number, { foregroundGroup }: Job): boolean {
  return foregroundGroup === pid;
}

/** Long enough for the kernel to stop us; where nothing could resume us it does not, and we go on. */
const STOP_TAKES_MS = 50;

/** Stops the program and this job, as Ctrl-Z in a bare terminal would. Resolves when the shell has resumed both. */
export async function suspendBoth(pid: number): Promise<void> {
  signalGroup(pid, "SIGSTOP");
  process.kill(0, "SIGTSTP");
  await delay(STOP_TAKES_MS);
}

export function resumeProgram(pid: number): void {
  signalGroup(pid, "SIGCONT");
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
