import { spawn, type SpawnOptionsWithStdioTuple, type StdioNull, type StdioPipe } from "node:child_process";
import { throughCommandProcessor } from "../../protocol/windows-batch.ts";

export interface BriefRunOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface BriefRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no answer, in a few words; null when the program ended with 0. */
  readonly failure: string | null;
}

const MAX_OUTPUT_LENGTH = 64 * 1024;
const onWindows = process.platform === "win32";

/**
 * Runs a program that only answers a question. It gets no terminal and no input, is in a group of its own, and is ended with all that it
 * started when it takes too long. Never rejects.
 */
export function runBriefly(file: string, args: readonly string[], options: BriefRunOptions): Promise<BriefRun> {
  const { env, timeoutMs, signal } = options;
  return new Promise((settle) => {
    if (signal.aborted) {
      settle({ stdout: "", stderr: "", failure: "cancelled" });
      return;
    }
    const child = spawnProgram(file, args, env);
    const output = { stdout: "", stderr: "" };
    const end = (failure: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
      endGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      settle({ ...output, failure });
    };
    const cancel = () => end("cancelled");
    const timer = setTimeout(() => end(`no answer within ${timeoutMs / 1_000} s`), timeoutMs);
    signal.addEventListener("abort", cancel);
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] = (output[name] + text).slice(0, MAX_OUTPUT_LENGTH);
      });
    }
    child.on("error", (error) => end(error.message));
    // What it left running may hold its output open.
    child.on("exit", () => endGroup(child.pid));
    child.on("close", (code, killedBy) => end(code === 0 ? null : exitWords(code, killedBy)));
  });
}

function spawnProgram(file: string, args: readonly string[], env: BriefRunOptions["env"]) {
  const options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = {
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: !onWindows,
    windowsHide: true,
  };
  if (!onWindows || !/\.(cmd|bat)$/i.test(file)) return spawn(file, args, options);
  const { command, line } = throughCommandProcessor(file, args);
  return spawn(command, [line], { ...options, windowsVerbatimArguments: true });
}

function exitWords(code: number | null, killedBy: NodeJS.Signals | null): string {
  return killedBy === null ? `exit code ${code ?? "unknown"}` : `killed by ${killedBy}`;
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(onWindows ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended, and all that it started with it.
  }
}
