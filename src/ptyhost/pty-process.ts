import { accessSync, constants, statSync } from "node:fs";
import { constants as osConstants } from "node:os";
import { isAbsolute } from "node:path";
import { spawn, type IPty } from "node-pty";
import { isAlive } from "../protocol/liveness.ts";
import { RUN_VARIABLE } from "../protocol/ptyhost.ts";
import { isStillThere, processGroups, type SessionMember, sessionMembers } from "./process-groups.ts";
import { send } from "./send-signal.ts";
import type { TerminalSize } from "./terminal-model.ts";

export interface Command {
  /** Absolute path of the program. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface ProcessListeners {
  readonly onData: (bytes: Buffer) => void;
  /** Called once, after the last byte. */
  readonly onExit: (exit: ProcessExit) => void;
}

export type PtySignal = "SIGINT" | "SIGHUP" | "SIGTERM" | "SIGKILL";

/**
 * While reading is paused we look this often whether the program has exited. node-pty closes the terminal 200 ms after that,
 * unread bytes or not, so that reading must go on before; what is left then is no more than the kernel's buffer.
 */
const EXIT_POLL_MS = 50;

/** Why `command` cannot be started, for a person, or null when nothing speaks against it. On Unix node-pty reports such failures only as an exit with code 1. */
export function findSpawnProblem({ file, cwd }: Command): string | null {
  if (!isAbsolute(file)) return `${file} is not an absolute path`;
  const fileProblem = findPathProblem(file, (stats) => stats.isFile(), "a program");
  return fileProblem ?? findPathProblem(cwd, (stats) => stats.isDirectory(), "a folder");
}

function findPathProblem(
  path: string,
  isRight: (stats: ReturnType<typeof statSync> & object) => boolean,
  what: string,
): string | null {
  try {
    if (!isRight(statSync(path))) return `${path} is not ${what}`;
    accessSync(path, constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "ENOENT" || code === "ENOTDIR"
      ? `${path} does not exist`
      : `${path} cannot be used: ${code === "EACCES" ? "permission denied" : String(error)}`;
  }
}

/** The failure that node-pty's child reports in the terminal when its exec or chdir fails all the same, or null. */
export function readExecFailure(output: string, exit: ProcessExit): string | null {
  if (exit.exitCode !== 1) return null;
  return /^(?:execvp\(3\)|chdir\(2\)) failed\.: ([^\r\n]*)\r?\n$/.exec(output)?.[1] ?? null;
}

/** One running program on its own pseudoterminal. */
export class PtyProcess {
  readonly pid: number;
  readonly #pty: IPty;
  #exited = false;
  /** What went on in its session when it had exited itself. */
  #leftBehind: readonly SessionMember[] = [];
  #exitPoll: NodeJS.Timeout | null = null;

  /** Starts `command`. Throws when the system gives no terminal or process. */
  constructor(command: Command, size: TerminalSize, listeners: ProcessListeners) {
    this.#pty = spawn(command.file, [...command.args], {
      ...size,
      cwd: command.cwd,
      env: terminalEnvironment(command.env),
      // On Unix "utf8" is also what lets the terminal erase whole characters (IUTF8); on Windows there is nothing to set.
      encoding: process.platform === "win32" ? null : "utf8",
    });
    this.pid = this.#pty.pid;
    // A decoder would change bytes that are no UTF-8. In latin1 every character is one byte.
    const encoding = setEncoding(this.#pty, "latin1") ? "latin1" : "utf8";
    this.#pty.onData((data) => listeners.onData(Buffer.from(data, encoding)));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#exited = true;
      this.#leftBehind = sessionMembers(this.pid);
      this.resume();
      listeners.onExit(signal ? { exitCode: null, signal: signalName(signal) } : { exitCode, signal: null });
    });
  }

  write(bytes: Buffer): void {
    if (!this.#exited) this.#pty.write(bytes);
  }

  resize(size: TerminalSize): void {
    if (this.#exited) return;
    try {
      this.#pty.resize(size.cols, size.rows);
    } catch (error) {
      // Between the end of the program and the news of it the terminal is closed already.
      if (isAlive(this.pid)) throw error;
    }
  }

  /** Stops reading, so that the program blocks once the kernel's buffer is full. */
  pause(): void {
    if (this.#exited || this.#exitPoll) return;
    this.#pty.pause();
    this.#exitPoll = setInterval(() => {
      if (!isAlive(this.pid)) this.resume();
    }, EXIT_POLL_MS);
  }

  resume(): void {
    if (!this.#exitPoll) return;
    clearInterval(this.#exitPoll);
    this.#exitPoll = null;
    if (!this.#exited) this.#pty.resume();
  }

  /** Continues the program itself, and not the jobs that a shell has stopped. */
  continue(): void {
    if (!this.#exited && process.platform !== "win32") send(-this.pid, "SIGCONT");
  }

  /**
   * The process groups that a signal to the program goes to; with `everything` all of its session, also once it has exited itself.
   * Windows has none.
   */
  groups(everything: boolean): readonly number[] {
    if (process.platform === "win32" || (this.#exited && !everything)) return [];
    return !this.#exited || this.#leftBehind.some(isStillThere) ? processGroups(this.pid, everything) : [];
  }

  /** Signals the program as its terminal would. SIGKILL takes everything in its session. */
  signal(signal: PtySignal): void {
    if (this.#exited) return;
    if (process.platform === "win32") {
      this.#pty.kill();
      return;
    }
    for (const group of processGroups(this.pid, signal === "SIGKILL")) {
      // A program that was started this moment does not lead its group yet.
      if (!send(-group, signal) && group === this.pid) send(this.pid, signal);
      // A stopped program acts on a signal only once it is continued.
      if (signal === "SIGHUP" || signal === "SIGTERM") send(-group, "SIGCONT");
    }
  }
}

/** node-pty's Unix terminals have this method, though its types do not say so; its Windows terminals give UTF-8 always. */
function setEncoding(
  pty: IPty & { setEncoding?: (encoding: BufferEncoding) => void },
  encoding: BufferEncoding,
): boolean {
  if (process.platform === "win32" || !pty.setEncoding) return false;
  pty.setEncoding(encoding);
  return true;
}

function terminalEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  // Started from within a run it is no part of that: whoever ends the run leaves it alone.
  const { [RUN_VARIABLE]: _, ...own } = env;
  const term = env["TERM"];
  return {
    ...own,
    TERM: !term || term === "dumb" ? "xterm-256color" : term,
    COLORTERM: env["COLORTERM"] ?? "truecolor",
  };
}

function signalName(number: number): string {
  const known = Object.entries(osConstants.signals).find(([, value]) => value === number);
  return known?.[0] ?? `SIG${number}`;
}
