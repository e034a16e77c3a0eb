import type { Clock } from "./clock.ts";
import { livingGroups } from "./process-groups.ts";
import type { PtySignal } from "./pty-process.ts";

export interface EndableProgram {
  /** The process groups that a signal to it goes to. */
  readonly groups: readonly number[];
  readonly signal: (signal: PtySignal) => void;
  /** Resolves once its own process has ended and all that it wrote was read. */
  readonly exited: Promise<unknown>;
}

const LOOK_AGAIN_MS = 20;
/** A killed process may still be on its way out; one that hangs in the system never gets there, and does nothing more either. */
const KILL_TAKES_MS = 1000;

/**
 * Asks a program to end, and after `graceMs` makes it. Resolves when it does nothing more, and none of its process groups does: a
 * program that is started through another one may outlive that.
 */
export async function endGently(program: EndableProgram, graceMs: number, clock: Clock): Promise<void> {
  const { groups } = program;
  const givesUpAtMs = clock.now() + graceMs + KILL_TAKES_MS;
  const cancelKill = clock.schedule(graceMs, () => {
    program.signal("SIGKILL");
    killGroups(groups);
  });
  program.signal("SIGTERM");
  await program.exited;
  while (clock.now() < givesUpAtMs && livingGroups(groups).length > 0) await passes(LOOK_AGAIN_MS, clock);
  cancelKill();
}

function killGroups(groups: readonly number[]): void {
  for (const group of livingGroups(groups)) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function passes(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}
