import { spawn } from "node:child_process";
import { once } from "node:events";

/** The terminal that this process was started in. */
export interface UserTerminal {
  /** Zero columns or rows, as some pseudoterminals have them, count as 80 by 24. */
  size(): { cols: number; rows: number };
  /** Calls back when the bytes have left for the terminal, at the terminal's pace. */
  write(bytes: Buffer | string, written?: () => void): void;
  /** From now on bytes go both ways untouched. */
  takeOver(): Promise<void>;
  giveBack(): void;
  onInput(listener: (bytes: Buffer) => void): void;
  onResize(listener: () => void): void;
  /** The terminal is gone: its window was closed, or the connection it came through. */
  onHangUp(listener: () => void): void;
}

const MAX_DIMENSION = 2000;

export function userTerminal(stdin = process.stdin, stdout = process.stdout): UserTerminal {
  return {
    size: () => ({ cols: dimension(stdout.columns, 80), rows: dimension(stdout.rows, 24) }),
    write: (bytes, written) => void stdout.write(bytes, () => written?.()),
    async takeOver() {
      stdin.setRawMode(true);
      // Only after `giveBack`: before there is a listener, what was typed ahead would be read and lost.
      if (stdin.isPaused()) stdin.resume();
      await stopOutputProcessing();
    },
    giveBack() {
      stdin.setRawMode(false);
      stdin.pause();
    },
    onInput: (listener) => void stdin.on("data", listener),
    onResize: (listener) => void stdout.on("resize", listener),
    onHangUp(listener) {
      process.on("SIGHUP", listener);
      stdin.on("end", listener);
      // Reading from or writing to a terminal that is gone fails with EIO.
      stdin.on("error", listener);
      stdout.on("error", listener);
    },
  };
}

function dimension(reported: number | undefined, otherwise: number): number {
  return reported ? Math.min(reported, MAX_DIMENSION) : otherwise;
}

/**
 * Node's raw mode leaves the terminal turning every newline into carriage return and newline, which the agent's own terminal has
 * done where it was wanted; programs that move the cursor down with a bare newline would be garbled. `giveBack` restores it.
 */
async function stopOutputProcessing(): Promise<void> {
  if (process.platform === "win32") return;
  const stty = spawn("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
  // Without stty most programs still look right.
  await once(stty, "exit").catch(() => undefined);
}
