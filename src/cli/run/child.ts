import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { basename } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import { throughCommandProcessor } from "../../protocol/windows-batch.ts";
import type { ProgramExit } from "../exit-codes.ts";

export interface ChildPlan {
  /** A path, or a name to be found on PATH. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the person typed for it: the program sees this as its own name, as it would from a shell. */
  readonly word: string;
}

export interface Child {
  readonly pid: number;
  readonly exited: Promise<ProgramExit>;
}

/**
 * Starts a program in this process's own stdin, stdout and stderr, and passes on the signals that it would not get itself.
 * @throws {TallyError} `program-missing`, `program-not-executable`, `spawn-failed`
 */
export async function startChild(plan: ChildPlan): Promise<Child> {
  const child = spawnInherited(plan);
  const exited = new Promise<ProgramExit>((resolve) => {
    child.on("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
  passSignals(child);
  await new Promise<void>((resolve, reject) => {
    child.on("spawn", resolve);
    child.on("error", (error: NodeJS.ErrnoException) => reject(spawnError(plan, error)));
  });
  return { pid: child.pid ?? 0, exited };
}

function spawnInherited({ file, args, env, word }: ChildPlan): ChildProcess {
  if (process.platform === "win32" && !/\.(exe|com)$/i.test(file)) {
    const { command, line } = throughCommandProcessor(file, args);
    return spawn(command, [line], { stdio: "inherit", env, windowsVerbatimArguments: true });
  }
  const argv0 = basename(word) === basename(file) ? word : file;
  return spawn(file, args, { stdio: "inherit", env, argv0 });
}

/**
 * Keyboard signals reach the whole foreground process group, so the child has them already; only where there is no terminal
 * can they have been meant for this process alone. The others are passed on, as they are sent to one process.
 */
function passSignals(child: ChildProcess): void {
  const onKeyboard = hasTerminal();
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    process.on(signal, () => {
      if (!onKeyboard) child.kill(signal);
    });
  }
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
}

function hasTerminal(): boolean {
  if (process.platform === "win32") return true;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    // No controlling terminal (ENXIO): nobody can press Ctrl-C here.
    return false;
  }
}

function spawnError({ word }: ChildPlan, error: NodeJS.ErrnoException): TallyError {
  if (error.code === "ENOENT") return new TallyError("program-missing", `"${word}" is not installed, or not on PATH.`);
  if (error.code === "EACCES") return new TallyError("program-not-executable", `"${word}" cannot be executed.`);
  return new TallyError("spawn-failed", `"${word}" could not be started: ${error.message}.`);
}

/** Signals that end a process without a core dump: ending by them ourselves tells our caller the whole truth. */
const reraised: readonly string[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"];

/** Ends this process by the signal that ended the program, where that is possible; else returns. */
export async function endAs({ signal }: ProgramExit): Promise<void> {
  if (signal === null || process.platform === "win32" || !reraised.includes(signal)) return;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
