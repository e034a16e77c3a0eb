import { join } from "node:path";
import type { WebSocket } from "ws";
import type { Worktree } from "../../../protocol/entities.ts";
import { TallyError } from "../../../protocol/errors.ts";
import type { PtyInfo } from "../../../protocol/ptyhost.ts";
import type { ProcessCommand, WorktreeRecipe } from "../../../protocol/tally-json.ts";
import type { HelperProcess } from "../../../protocol/worktrees.ts";
import type { Log } from "../../log.ts";
import type { PtyHosts } from "../../sessions/pty-hosts.ts";
import type { Store } from "../../store/store.ts";
import { InTurn } from "./in-turn.ts";
import { type KeptProcess } from "./kept-process.ts";
import { newProcess } from "./new-process.ts";
import { type Awaiting, OnceCommands, type OnceOrder, type OnceOutcome } from "./once-commands.ts";
import { type Environment, ProcessLife } from "./process-life.ts";
import { isLive, ProcessRows } from "./process-rows.ts";
import { ProcessTerminals } from "./process-terminals.ts";
import { lineOf } from "./shell-line.ts";

export interface ProcessesOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly ptyHosts: PtyHosts;
  /** How long a process may take to end by itself. */
  readonly graceMs: number;
  /** How long one may take until its port answers. */
  readonly startTimeoutMs: number;
  /** The gateway's own environment. */
  readonly env: Environment;
  /** @throws {TallyError} `approval-needed` unless a person has approved what a worktree's tally.json runs. Asked whenever it is run. */
  readonly requireApproval: (of: Pick<HelperProcess, "worktreeId" | "projectId">) => void;
}

/** What became of one that was to be brought back. */
export interface ResumedProcess {
  readonly process: HelperProcess;
  readonly outcome: "started" | "running" | "failed";
  /** Why it failed, a sentence for a person. */
  readonly why: string | null;
}

/** The helper processes of worktrees, and their setup and teardown commands. Environments that are given are kept by the pty host alone. */
export class Processes {
  readonly #options: ProcessesOptions;
  readonly #rows: ProcessRows;
  readonly #terminals: ProcessTerminals;
  readonly #life: ProcessLife;
  readonly #once: OnceCommands;
  /** What is done to one process is done one after the other. */
  readonly #inTurn = new InTurn();

  constructor(options: ProcessesOptions) {
    this.#options = options;
    const { store, now, ptyHosts, graceMs } = options;
    this.#rows = new ProcessRows(store, now);
    this.#terminals = new ProcessTerminals(ptyHosts, graceMs);
    const shared = { ...options, rows: this.#rows, inTurn: this.#inTurn };
    this.#life = new ProcessLife({
      ...shared,
      terminals: this.#terminals,
      onOnceRuns: (process) => this.#once.runs(process),
    });
    this.#once = new OnceCommands({ ...shared, life: this.#life });
  }

  /** Whether one runs, and so has to be watched. */
  get isNeeded(): boolean {
    return this.#rows.all().some(isLive);
  }

  /** Writes what tally.json says of a worktree's processes. Those that it names no more go once they have ended. */
  describe(worktree: Worktree, { processes, prelude }: WorktreeRecipe): void {
    const known = this.#rows.of(worktree.id).filter(({ kind }) => kind === "process");
    for (const command of processes) {
      this.#describe(worktree, command, prelude, known.find(({ name }) => name === command.name) ?? null);
    }
    const names = new Set(processes.map(({ name }) => name));
    for (const process of known.filter(({ name }) => !names.has(name))) {
      if (isLive(process)) this.#rows.put(process, { ...this.#rows.kept(process.id), isDropped: true });
      else this.#forget(process.id);
    }
  }

  #forget(id: string): void {
    this.#life.remove(id).catch((error: unknown) => this.#options.log.warn("process not forgotten", { id, error }));
  }

  /** Forgets setup and teardown commands that failed, once their worktree is whole all the same. */
  async forgetFailed(worktreeId: string): Promise<void> {
    const failed = this.#rows.of(worktreeId).filter(({ kind, state }) => kind !== "process" && state === "ERROR");
    await Promise.all(failed.map(({ id }) => this.#life.remove(id)));
  }

  /**
   * Starts a process. One that cannot be started is in state ERROR then. `env`: the caller's own; null: what is left of the last one.
   * @throws {TallyError} `process-not-found`, `process-running`, `invalid-request`
   */
  start(id: string, env: Environment | null): Promise<HelperProcess> {
    requireProcess(this.#rows.get(id));
    this.#options.requireApproval(this.#rows.get(id));
    return this.#inTurn.do(id, async () => {
      const process = this.#rows.get(id);
      if (!isLive(process)) return this.#life.launch(id, env);
      throw new TallyError("process-running", `${process.name} runs already. Restart it, or stop it first.`);
    });
  }

  /** Starts a process anew, in place of its program if that runs. @throws {TallyError} `process-not-found`, `spawn-failed`, ... */
  restart(id: string, env: Environment | null): Promise<HelperProcess> {
    requireProcess(this.#rows.get(id));
    this.#options.requireApproval(this.#rows.get(id));
    return this.#inTurn.do(id, () => this.#life.launch(id, env));
  }

  /** Ends a process and all that it started; resolves once it has. @throws {TallyError} `process-not-found`, `end-timed-out` */
  async stop(id: string, force: boolean): Promise<HelperProcess> {
    this.#rows.get(id);
    if (force) await this.#life.kill(id);
    return this.#inTurn.do(id, () => this.#life.end(id, "person", force));
  }

  /** Starts what is to run in a worktree and does not: any number of times. */
  resume(worktreeId: string, env: Environment | null): Promise<ResumedProcess[]> {
    const wanted = this.#rows.of(worktreeId).filter(({ id, kind }) => {
      const { isWanted, isDropped } = this.#rows.kept(id);
      return kind === "process" && isWanted && !isDropped;
    });
    for (const process of wanted) if (!isLive(process)) this.#options.requireApproval(process);
    return Promise.all(wanted.map(({ id }) => this.#inTurn.do(id, () => this.#resume(id, env))));
  }

  /** Ends all that runs in a worktree; what is to run there stays so. */
  async stopAll(worktreeId: string): Promise<void> {
    const live = this.#rows.of(worktreeId).filter(isLive);
    await Promise.all(live.map(({ id }) => this.#inTurn.do(id, () => this.#life.end(id, "worktree", false))));
  }

  /** Ends all that runs in a worktree, and forgets its processes and their terminals. */
  async removeAll(worktreeId: string): Promise<void> {
    await this.stopAll(worktreeId);
    await Promise.all(this.#rows.of(worktreeId).map(({ id }) => this.#life.remove(id)));
  }

  /** Runs a setup or teardown command in a terminal of its own, and waits for its end. */
  runOnce(worktree: Worktree, order: OnceOrder, env: Environment, awaiting: Awaiting): Promise<OnceOutcome> {
    this.#options.requireApproval({ worktreeId: worktree.id, projectId: worktree.projectId });
    return this.#once.run(worktree, order, env, awaiting);
  }

  /** Says of those whose terminal cannot be asked for that nobody knows. To be called once all news of terminals have come in. */
  recover(): void {
    this.#life.hostsSettled();
    this.#life.doubt();
  }

  /** News of a terminal that is no session's. */
  ptyChanged(pty: PtyInfo): void {
    this.#life.ptyChanged(pty);
  }

  /** Every pty host that lives has told of its terminals. */
  hostsSettled(): void {
    this.#life.hostsSettled();
  }

  /** What is on its terminal. @throws {TallyError} `process-not-found`, `not-attachable` */
  async output(id: string, format: "ansi" | "text"): Promise<{ data: string; cols: number; rows: number }> {
    return this.#terminals.output(this.#rows.get(id).id, format);
  }

  /** What opens a viewer's way to its terminal. @throws {TallyError} `process-not-found`, `not-attachable` */
  async terminalOf(id: string): Promise<() => WebSocket> {
    const process = this.#rows.get(id);
    // All windows learn that it starts before its terminal is there.
    await this.#life.untilLaunched(process.id);
    return this.#terminals.viewerOf(process.id);
  }

  /** Lets go of everything; the processes run on. */
  stopWatching(): void {
    this.#life.stop();
  }

  async #resume(id: string, env: Environment | null): Promise<ResumedProcess> {
    const before = this.#rows.get(id);
    if (isLive(before)) return { process: before, outcome: "running", why: null };
    const process = await this.#life.launch(id, env);
    return process.state === "ERROR"
      ? { process, outcome: "failed", why: process.reason }
      : { process, outcome: "started", why: null };
  }

  #describe(worktree: Worktree, command: ProcessCommand, prelude: string | null, known: HelperProcess | null): void {
    const { name, run, env, autostart } = command;
    const now = this.#options.now();
    const base = known ?? newProcess(worktree, "process", name, now);
    const kept: KeptProcess = known
      ? this.#rows.kept(known.id)
      : { run, prelude, env, isWanted: autostart, generation: 0, endedBy: null, isDropped: false };
    const port = worktree.ports.find((lease) => lease.name === command.port)?.port ?? null;
    this.#rows.put(
      { ...base, command: lineOf(prelude, run), cwd: join(worktree.path, command.cwd), port },
      { ...kept, run, prelude, env: { ...env }, isDropped: false },
    );
  }
}

function requireProcess({ kind, name }: HelperProcess): void {
  if (kind === "process") return;
  throw new TallyError("invalid-request", `${name} runs with its worktree. To run it again, repair the worktree.`);
}
