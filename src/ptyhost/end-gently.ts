import type { Clock } from "./clock.ts";
import { livingGroups } from "./process-groups.ts";
import type { PtySignal } from "./pty-process.ts";
import { send } from "./send-signal.ts";

export interface EndableProgram {
  /** The process groups that a signal to it goes to; with `everything` all of its session, also once it has ended itself. */
  readonly groups: (everything: boolean) => readonly number[];
  readonly signal: (signal: PtySignal) => void;
  /** Resolves once its own process has ended and all that it wrote was read. */
  readonly exited: Promise<unknown>;
}

export interface Ending {
  readonly graceMs: number;
  /** End what it left in the background of its session, too. */
  readonly everything: boolean;
}

const LOOK_AGAIN_MS = 20;
/** A killed process may still be on its way out; one that hangs in the system never gets there, and does nothing more either. */
const KILL_TAKES_MS = 1000;

/**
 * Asks a program to end, and after `graceMs` makes it. Resolves when it does nothing more, and none of its process groups does: a
 * program that is started through another one may outlive that.
 */
export async function endGently(program: EndableProgram, ending: Ending, clock: Clock): Promise<void> {
  const { graceMs, everything } = ending;
  const known = program.groups(everything);
  const living = () => livingGroups(everything ? [...new Set([...known, ...program.groups(true)])] : known);
  const killsAtMs = clock.now() + graceMs;
  const kill = () => {
    program.signal("SIGKILL");
    signalGroups(living(), "SIGKILL");
  };
  const cancelKill = clock.schedule(graceMs, kill);
  // Asked twice, some programs do not end gently.
  const asked = program.groups(false);
  program.signal("SIGTERM");
  signalGroups(
    known.filter((group) => !asked.includes(group)),
    "SIGTERM",
  );
  await program.exited;
  while (clock.now() < killsAtMs + KILL_TAKES_MS && living().length > 0) {
    await passes(LOOK_AGAIN_MS, clock);
    // Once more: what was killed may just have started something.
    if (clock.now() > killsAtMs) signalGroups(living(), "SIGKILL");
  }
  cancelKill();
}

function signalGroups(groups: readonly number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const group of groups) {
    send(-group, signal);
    // A stopped program acts on a signal only once it is continued.
    if (signal === "SIGTERM") send(-group, "SIGCONT");
  }
}

function passes(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => void clock.schedule(ms, resolve));
}
