import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { spawn } from "node-pty";
import type { Rig } from "./rig.ts";

const run = promisify(execFile);

/** Like "tmux 3.4", or null where it is not installed. */
export async function tmuxVersion(): Promise<string | null> {
  try {
    return (await run("tmux", ["-V"])).stdout.trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

export interface Tmux extends AsyncDisposable {
  /** Resolves when tmux has read all that the program in its pane wrote, and the pane has closed. */
  readonly paneExited: Promise<unknown>;
  write(text: string): void;
}

/** A tmux server of its own, without the user's configuration, with a program in its only pane and a client attached. Resolves when the program has written something. */
export async function openTmux(rig: Rig, program: readonly string[]): Promise<Tmux> {
  const socket = `tally-bench-${randomUUID()}`;
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const client = spawn("tmux", ["-L", socket, "-f", "/dev/null", "new-session", quoted], {
    cwd: rig.cwd,
    env: { ...rig.env },
    cols: 120,
    rows: 40,
  });
  // With its only pane the session ends, and with it the client.
  const paneExited = new Promise<void>((resolve) => client.onExit(() => resolve()));
  await new Promise<void>((resolve) => {
    let seen = "";
    client.onData((data) => {
      if (seen.length < 10_000) seen += data;
      if (seen.includes("ready")) resolve();
    });
  });
  return {
    paneExited,
    write: (text) => client.write(text),
    async [Symbol.asyncDispose]() {
      // The server is gone already when its last session has ended.
      await run("tmux", ["-L", socket, "kill-server"]).catch(() => undefined);
      await paneExited;
    },
  };
}
