import { type ChildProcess, execFile, spawn, type SpawnOptions } from "node:child_process";
import { RUN_VARIABLE } from "../protocol/ptyhost.ts";
import { throughCommandProcessor } from "../protocol/windows-batch.ts";
import { ProcessFamily } from "./process-family.ts";
import { type ProgramFiles, withProgramFiles } from "./program-files.ts";
import type { Command, ProcessExit, PtySignal } from "./pty-process.ts";
import { send } from "./send-signal.ts";

export interface FilesProcessOptions {
  readonly command: Command;
  readonly files: ProgramFiles;
  /** What {@link RUN_VARIABLE} says. */
  readonly runId: string;
  /** Called once, when it runs. */
  readonly onStarted: (pid: number) => void;
  /** Called once, instead: why it could not be started. */
  readonly onFailed: (error: Error) => void;
  /** Called once. What it wrote is in its files by then; what it started may go on. */
  readonly onExit: (exit: ProcessExit) => void;
}

/** One running program that reads and writes files, in a session of its own. */
export class FilesProcess {
  readonly #child: ChildProcess;
  #family: ProcessFamily | null = null;
  #exited = false;

  /** Starts it. Throws when its files cannot be opened, or the system gives no process. */
  constructor({ command, files, runId, onStarted, onFailed, onExit }: FilesProcessOptions) {
    const { file, args, cwd, env } = command;
    // A session of its own. On Windows it would leave what the program starts without a console, and so each with a window of its own.
    const detached = process.platform !== "win32";
    const options = { cwd, env: { ...env, [RUN_VARIABLE]: runId }, detached, windowsHide: true };
    this.#child = withProgramFiles(files, (stdio) => start(file, args, { ...options, stdio: [...stdio] }));
    const { pid } = this.#child;
    if (pid !== undefined) this.#family = new ProcessFamily(pid, runId);
    this.#child.once("spawn", () => {
      if (pid !== undefined) onStarted(pid);
    });
    this.#child.on("error", (error) => {
      if (pid === undefined) onFailed(error);
    });
    this.#child.once("exit", (exitCode, signal) => {
      this.#exited = true;
      this.#family?.rootExited();
      onExit({ exitCode, signal });
    });
  }

  /**
   * The process groups that a signal to the program goes to; with `everything` those of all that it has started, also once it has exited
   * itself. Windows has none.
   */
  groups(everything: boolean): readonly number[] {
    const { pid } = this.#child;
    if (process.platform === "win32" || pid === undefined) return [];
    const own = this.#exited ? [] : [pid];
    return everything ? [...new Set([...own, ...(this.#family?.groups() ?? [])])] : own;
  }

  /** SIGKILL takes everything that it has started. */
  signal(signal: PtySignal): void {
    const { pid } = this.#child;
    if (this.#exited || pid === undefined) return;
    if (process.platform === "win32") {
      // Windows lets nothing clean up.
      execFile("taskkill", ["/pid", String(pid), "/t", "/f"], { windowsHide: true }, () => undefined);
      return;
    }
    for (const group of this.groups(signal === "SIGKILL")) {
      send(-group, signal);
      // A stopped program acts on a signal only once it is continued.
      if (signal === "SIGHUP" || signal === "SIGTERM") send(-group, "SIGCONT");
    }
  }
}

function start(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (process.platform !== "win32" || /\.(exe|com)$/i.test(file)) return spawn(file, [...args], options);
  const { command, line } = throughCommandProcessor(file, args);
  return spawn(command, [line], { ...options, windowsVerbatimArguments: true });
}
