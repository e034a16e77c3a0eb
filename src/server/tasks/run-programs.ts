import { TallyError } from "../../protocol/errors.ts";
import type { TallyHome } from "../../protocol/home.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { Log } from "../log.ts";
import type { PtyHosts } from "../sessions/pty-hosts.ts";
import { killLostProgram } from "./lost-program.ts";
import { RunFiles } from "./run-files.ts";
import { followOutput, type RunOutput } from "./run-output.ts";

export interface RunProgram {
  /** As {@link runIdOf} makes it. */
  readonly runId: string;
  readonly taskId: string;
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads, whole. */
  readonly stdin: string;
}

/** `unreachable`: it may run, in a host that lives and cannot be reached just now. `unknown`: it was never started, or is gone with its host. */
export type RunState = "running" | "exited" | "unreachable" | "unknown";

export interface RunExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Nobody saw how it ended, or there was nothing to end. */
export const noExit: RunExit = { exitCode: null, signal: null };

export interface RunProgramsOptions {
  readonly ptyHosts: PtyHosts;
  readonly home: Pick<TallyHome, "tasks">;
  readonly log: Pick<Log, "warn">;
  /** Its state is another one. Also called for the runs that a host had when it was found. */
  readonly onChanged: (runId: string) => void;
}

const RUN_PREFIX = "run-";
/** Runs have no terminal; what is asked for has a size all the same. */
const NO_SIZE = { cols: 80, rows: 24 };
/** The host answers when all is over, and is not waited for much longer than this. */
const MAX_GRACE_MS = 10_000;

/** The id of the program of this attempt at a task; also that of its pty. */
export function runIdOf(taskId: string, attempt: number): string {
  return `${RUN_PREFIX}${taskId}-${attempt}`;
}

/** The programs of tasks that run without a terminal, in the pty hosts: they go on while no gateway runs. */
export class RunPrograms {
  readonly #options: RunProgramsOptions;
  readonly #files: RunFiles;
  readonly #infos = new Map<string, PtyInfo>();
  readonly #starting = new Map<string, Promise<PtyInfo>>();
  readonly #ending = new Map<string, Promise<void>>();
  /** Forgotten while their host could not be reached. */
  readonly #unwanted = new Set<string>();

  constructor(options: RunProgramsOptions) {
    this.#options = options;
    this.#files = new RunFiles(options.home);
  }

  /** Hears of a pty. False when that is no run's. */
  ptyChanged(pty: PtyInfo): boolean {
    const runId = pty.ptyId;
    if (!runId.startsWith(RUN_PREFIX)) return false;
    if (this.#unwanted.has(runId)) {
      if (pty.phase === "exited") void this.forget(runId);
      return true;
    }
    const before = this.#infos.get(runId);
    // It runs once: an answer that comes after the news of its end is older than that. What the host answers it tells everybody, too.
    if (before?.phase === "exited" || before?.phase === pty.phase) return true;
    this.#infos.set(runId, pty);
    if (!this.#ending.has(runId)) this.#options.onChanged(runId);
    return true;
  }

  /** All that a host has told of and that were not forgotten: those that nobody waits for are to be abandoned. */
  get known(): readonly string[] {
    return [...this.#infos.keys()];
  }

  /**
   * Starts a program, once for each run: one that was started already is only reported on.
   * @throws {TallyError} `spawn-failed`; `pty-host-unavailable` when it may have been started and nobody can tell just now
   */
  async start(program: RunProgram): Promise<{ pid: number | null }> {
    const { runId } = program;
    const started = this.#starting.get(runId) ?? this.#start(program).finally(() => this.#starting.delete(runId));
    this.#starting.set(runId, started);
    return { pid: (await started).pid };
  }

  /** One that is being ended runs until all that it started has ended, too. */
  state(runId: string): RunState {
    const { ptyHosts } = this.#options;
    const info = this.#infos.get(runId);
    if (this.#ending.has(runId)) return "running";
    if (info?.phase === "exited") return "exited";
    if (this.#starting.has(runId) || (info && ptyHosts.has(runId))) return "running";
    return ptyHosts.isComplete ? "unknown" : "unreachable";
  }

  /** How it ended; null unless it is known to have. */
  exit(runId: string): RunExit | null {
    const info = this.#infos.get(runId);
    return info?.phase === "exited" ? { exitCode: info.exitCode, signal: info.signal } : null;
  }

  /**
   * Asks it to end, and all that it started, and after the grace (10 s at most) makes them. Resolves once all has ended: for one that has exited too,
   * whatever it left behind, and for one that is unknown, as far as it has outlived its host. One that is being ended already is only
   * waited for.
   * @throws {TallyError} `pty-host-unavailable` when it cannot be reached just now
   */
  end(runId: string, graceMs: number): Promise<void> {
    const present = this.#ending.get(runId);
    if (present) return present;
    const ended = this.#end(runId, graceMs).finally(() => {
      this.#ending.delete(runId);
      this.#options.onChanged(runId);
    });
    this.#ending.set(runId, ended);
    return ended;
  }

  /** Nobody waits for it: ends it, and forgets it. */
  async abandon(runId: string): Promise<void> {
    try {
      await this.end(runId, 0);
      await this.forget(runId);
    } catch (error) {
      this.#options.log.warn("a task's program not abandoned", { runId, error });
    }
  }

  /** Its exit is stored: the host needs not remember it any longer. */
  async forget(runId: string): Promise<void> {
    const { ptyHosts, log } = this.#options;
    this.#infos.delete(runId);
    if (!ptyHosts.has(runId)) {
      if (!ptyHosts.isComplete) this.#unwanted.add(runId);
      return;
    }
    this.#unwanted.delete(runId);
    try {
      await ptyHosts.hostOf(runId).call("forget", { ptyId: runId });
      ptyHosts.forget(runId);
    } catch (error) {
      this.#unwanted.add(runId);
      log.warn("a task's program not forgotten", { runId, error });
    }
  }

  /** Hands over what it writes to standard output, line by line, from the first one on; it need not have been started yet. */
  follow(taskId: string, attempt: number, onLine: (line: string) => void): RunOutput {
    return followOutput(this.#files.of(taskId, runIdOf(taskId, attempt)).stdout, onLine, this.#options.log);
  }

  /** The last 4 kB that it wrote to standard error. */
  stderrEnd(taskId: string, attempt: number): Promise<string> {
    return this.#files.stderrEnd(taskId, runIdOf(taskId, attempt));
  }

  /** What the task read and wrote is needed no more. */
  removeFiles(taskId: string): void {
    this.#files.remove(taskId);
  }

  /** Removes the files of all tasks but these. */
  prune(keep: ReadonlySet<string>): void {
    this.#files.prune(keep);
  }

  async #end(runId: string, graceMs: number): Promise<void> {
    const { ptyHosts } = this.#options;
    // Until it runs there is nothing to end; that it could not be started is told to whoever started it.
    await this.#starting.get(runId)?.catch(() => undefined);
    if (!ptyHosts.has(runId) && ptyHosts.isComplete) {
      await killLostProgram(runId);
      return;
    }
    const grace = Math.min(graceMs, MAX_GRACE_MS);
    this.ptyChanged(await ptyHosts.hostOf(runId).call("end", { ptyId: runId, graceMs: grace }));
  }

  async #start(program: RunProgram): Promise<PtyInfo> {
    const { runId, taskId, file, args, cwd, env, stdin } = program;
    const { ptyHosts } = this.#options;
    const known = this.#infos.get(runId);
    if (known) return known;
    const files = this.#files.writeStdin(taskId, runId, stdin);
    const host = await ptyHosts.hostFor(runId);
    const params = { ptyId: runId, file, args: [...args], cwd, env: { ...env }, ...NO_SIZE };
    try {
      const pty = await host.call("create", { ...params, awaitViewerMs: 0, hold: false, files: { ...files } });
      this.ptyChanged(pty);
      return pty;
    } catch (error) {
      if (error instanceof TallyError && error.code === "pty-host-unavailable")
        return this.#startedAfterAll(runId, error);
      ptyHosts.forget(runId);
      throw error;
    }
  }

  /** The answer was lost on its way; the program may run. The host tells once it is connected to again. */
  async #startedAfterAll(runId: string, error: TallyError): Promise<PtyInfo> {
    await this.#options.ptyHosts.untilComplete();
    const info = this.#infos.get(runId);
    if (info) return info;
    if (this.#options.ptyHosts.isComplete) this.#options.ptyHosts.forget(runId);
    throw error;
  }
}
