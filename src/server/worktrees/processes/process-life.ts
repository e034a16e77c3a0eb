import { realpath } from "node:fs/promises";
import type { Worktree } from "../../../protocol/entities.ts";
import { TallyError } from "../../../protocol/errors.ts";
import { messageOf } from "../../../protocol/message-of.ts";
import type { PtyInfo } from "../../../protocol/ptyhost.ts";
import type { HelperProcess } from "../../../protocol/worktrees.ts";
import { isProcessId } from "../../ids.ts";
import type { Log } from "../../log.ts";
import type { Store } from "../../store/store.ts";
import { isWithin } from "../folders-inside.ts";
import { concludeProcess, type EndedBy, type Listening, type ProcessFacts } from "./conclude-process.ts";
import type { KeptProcess } from "./kept-process.ts";
import { portHolder } from "./port-holder.ts";
import { isTaken } from "./port-probe.ts";
import { PortWatch } from "./port-watch.ts";
import { isLive, type ProcessRows } from "./process-rows.ts";
import type { ProcessTerminals, TerminalProgram } from "./process-terminals.ts";
import { lineOf, shellFor, stayingLine } from "./shell-line.ts";
import { filledIn, withoutPlace, worktreeEnvironment } from "./worktree-environment.ts";

export type Environment = Readonly<Record<string, string>>;

export interface ProcessLifeOptions {
  readonly store: Store;
  readonly rows: ProcessRows;
  readonly terminals: ProcessTerminals;
  readonly log: Log;
  readonly now: () => number;
  /** How long one may take until its port answers. */
  readonly startTimeoutMs: number;
  /** The gateway's own environment: for a start without one, where no terminal has it. */
  readonly env: Environment;
  /** A setup or teardown command was seen to run. */
  readonly onOnceRuns: (process: HelperProcess) => void;
}

/** The program of each process from its start to its end, and what the store says of it. */
export class ProcessLife {
  readonly #options: ProcessLifeOptions;
  readonly #ports: PortWatch;
  #isStopped = false;
  /** Those whose program is just being started, with the news of its end: they may come before the answer to the start. */
  readonly #starting = new Map<string, PtyInfo | null>();
  readonly #launching = new Map<string, Promise<HelperProcess>>();
  /** Who waits for the end of which. */
  readonly #waiting = new Map<string, (ended: HelperProcess) => void>();

  constructor(options: ProcessLifeOptions) {
    this.#options = options;
    const { now, startTimeoutMs } = options;
    this.#ports = new PortWatch({ now, startTimeoutMs, onLook: (id, listening) => this.#looked(id, listening) });
  }

  /**
   * Starts a process in its terminal, in place of its program if that runs. One that cannot be started is in state ERROR then.
   * @throws {TallyError} when it runs, and cannot be replaced
   */
  launch(id: string, given: Environment | null): Promise<HelperProcess> {
    const launched = this.#launch(id, given).finally(() => this.#launching.delete(id));
    this.#launching.set(id, launched);
    return launched;
  }

  /** Resolves once a process has been started, or could not be; at once when it is not being started. */
  async untilLaunched(id: string): Promise<void> {
    await this.#launching.get(id)?.catch(() => undefined);
  }

  async #launch(id: string, given: Environment | null): Promise<HelperProcess> {
    const { rows, terminals, now } = this.#options;
    const before = rows.get(id);
    const kept = rows.kept(id);
    const isReplaced = isLive(before);
    if (isReplaced && !terminals.has(id)) throw unreachable(before);
    const generation = terminals.has(id) ? kept.generation + 1 : 1;
    const starting = { startedAt: now(), endedAt: null, pid: null, exitCode: null, exitSignal: null };
    this.#ports.unwatch(id);
    this.#starting.set(id, null);
    try {
      // Written before anything is done, so that a gateway that dies meanwhile leaves no doubt.
      this.#put(
        { ...before, ...starting },
        { life: "starting" },
        { ...kept, generation, isWanted: true, endedBy: null },
      );
      const problem = isReplaced ? null : await this.#makeReady(before);
      if (problem !== null) return this.#refuse(id, problem, kept.generation);
      const answer = await terminals.run(id, generation, await this.#programOf(before, kept, given));
      const end = this.#starting.get(id) ?? null;
      this.#starting.delete(id);
      this.ptyChanged(end ?? answer);
    } catch (error) {
      if (isReplaced) {
        rows.put(before, kept);
        this.#watchPort(before);
        throw error;
      }
      return this.#refuse(id, messageOf(error), generation);
    } finally {
      this.#starting.delete(id);
    }
    return rows.get(id);
  }

  /** Ends a process, and what it has left running. @throws {TallyError} `pty-host-unavailable`, `end-timed-out` */
  async end(id: string, endedBy: EndedBy, force: boolean): Promise<HelperProcess> {
    const { rows, terminals } = this.#options;
    const process = rows.get(id);
    if (isLive(process)) {
      this.#markEnding(process, endedBy);
      if (!terminals.mayHave(id)) this.#lose(process);
      else await terminals.end(id, force);
    } else if (terminals.has(id)) {
      await terminals.end(id, force);
    }
    const ended = rows.get(id);
    if (isLive(ended)) throw timedOut(ended);
    return ended;
  }

  /** Ends it this instant, whatever else is just done with it. */
  async kill(id: string): Promise<void> {
    const { rows, terminals } = this.#options;
    const process = rows.get(id);
    if (!isLive(process) || !terminals.has(id)) return;
    this.#markEnding(process, "person");
    await terminals.kill(id);
  }

  /** Resolves with a live process once it has ended. */
  untilEnded(id: string): Promise<HelperProcess> {
    const process = this.#options.rows.get(id);
    return isLive(process) ? new Promise((resolve) => this.#waiting.set(id, resolve)) : Promise.resolve(process);
  }

  /** News of the terminal of a process. */
  ptyChanged(pty: PtyInfo): void {
    const { rows, onOnceRuns } = this.#options;
    const process = rows.find(pty.ptyId);
    if (!process) {
      void this.#discard(pty);
      return;
    }
    const kept = rows.kept(process.id);
    // Late news of the program that another one is just replacing.
    const isGoing = pty.replacing !== null || this.#starting.has(process.id);
    if (isGoing && pty.generation < kept.generation) return;
    const isOver = pty.phase === "exited" && pty.replacing === null;
    if (isOver && this.#starting.has(process.id)) this.#starting.set(process.id, pty);
    if (pty.phase === "running") {
      this.#runs(process, pty, { ...kept, generation: Math.max(kept.generation, pty.generation) });
      if (process.kind !== "process") onOnceRuns(rows.get(process.id));
    } else if (!isGoing && isLive(process)) {
      const { exitCode, signal, spawnError } = pty;
      const isOwn = pty.phase === "exited" && pty.generation >= kept.generation;
      const facts: ProcessFacts = isOwn
        ? { life: "ended", exitCode, signal, spawnError, endedBy: kept.endedBy }
        : { life: "cut-off" };
      this.#ended({ ...process, exitCode, exitSignal: signal }, facts, pty.exitedAt);
    }
    if (pty.phase === "exited" && !isGoing && !kept.isDropped) void this.#release(process.id);
  }

  /** Every host that lives has told of its terminals: a process in none of them is lost. */
  hostsSettled(): void {
    const { rows, terminals } = this.#options;
    for (const process of rows.all()) {
      if (isLive(process) && !this.#starting.has(process.id) && !terminals.mayHave(process.id)) this.#lose(process);
    }
  }

  /** Says of those that may be in a host which cannot be reached that nobody knows. */
  doubt(): void {
    const { rows, terminals } = this.#options;
    for (const process of rows.all()) {
      if (isLive(process) && !terminals.has(process.id)) this.#put(process, unreachableFacts(process));
    }
  }

  /** Forgets a process that has ended, and its terminal. */
  async remove(id: string): Promise<void> {
    const { rows, terminals, log } = this.#options;
    this.#ports.unwatch(id);
    await terminals.forget(id).catch((error: unknown) => log.warn("process terminal not forgotten", { id, error }));
    // Nothing is written any more; the next gateway finds a row without a terminal.
    if (!this.#isStopped) rows.remove(id);
  }

  stop(): void {
    this.#isStopped = true;
    this.#ports.stop();
  }

  /** What went on after the program had ended would be in the way. Answers what is in the way all the same. */
  async #makeReady({ id, port }: HelperProcess): Promise<string | null> {
    const { terminals } = this.#options;
    if (terminals.has(id)) await terminals.end(id, false);
    if (port === null || !(await isTaken(port))) return null;
    const holder = await portHolder(port);
    const by = holder ? `${holder.name} (process ${holder.pid})` : "another program";
    return `Port ${port} is taken by ${by}. End that, then start this again.`;
  }

  async #programOf(process: HelperProcess, kept: KeptProcess, asked: Environment | null): Promise<TerminalProgram> {
    const { store, terminals, env } = this.#options;
    const { id, worktreeId, projectId, cwd } = process;
    const worktree: Worktree | null = store.worktree(worktreeId);
    if (!worktree) throw new TallyError("worktree-not-found", "Its worktree is gone.");
    if (worktree.status === "removing" && process.kind === "process") {
      throw new TallyError("worktree-busy", `Worktree ${worktree.name} is being removed.`);
    }
    await assertInside(worktree.path, cwd);
    const given = withoutPlace(asked ?? (terminals.has(id) ? await terminals.environment(id) : env));
    const shell = shellFor(given, globalThis.process.platform, kept.prelude !== null);
    const line = lineOf(kept.prelude, kept.run);
    const ofWorktree = worktreeEnvironment(worktree, store.project(projectId)?.path ?? worktree.path);
    return {
      file: shell.file,
      // What is to run all the time stays in the shell's own place: it is what gets the signals.
      args: shell.args(process.kind === "process" ? line : stayingLine(line, shell)),
      cwd,
      given,
      env: { ...ofWorktree, ...filledIn(kept.env, ofWorktree) },
    };
  }

  #refuse(id: string, why: string, generation: number): HelperProcess {
    const { rows } = this.#options;
    return this.#ended(rows.get(id), { life: "refused", why }, null, { ...rows.kept(id), generation });
  }

  #runs(process: HelperProcess, { pid }: PtyInfo, kept: KeptProcess): void {
    const isListening = process.pid === pid && process.isListening === true;
    const isOverdue = process.pid === pid && process.state === "ERROR";
    const listening = { is: isListening, was: isListening, isOverdue };
    const running = { ...process, pid, endedAt: null, exitCode: null, exitSignal: null };
    this.#watchPort(this.#put(running, { life: "running", port: process.port, listening }, kept));
  }

  #watchPort({ id, port, isListening }: HelperProcess): void {
    if (port !== null) this.#ports.watch(id, port, isListening === true);
  }

  #looked(id: string, listening: Listening): void {
    const { rows, terminals } = this.#options;
    const process = rows.find(id);
    if (!process || !isLive(process)) return;
    const { port } = process;
    this.#put(process, terminals.has(id) ? { life: "running", port, listening } : unreachableFacts(process));
  }

  #lose(process: HelperProcess): void {
    const { endedBy } = this.#options.rows.kept(process.id);
    const isAsked = endedBy !== null;
    const unknown = { exitCode: null, signal: null, spawnError: null };
    this.#ended(process, isAsked ? { life: "ended", ...unknown, endedBy } : { life: "lost" }, null);
  }

  #ended(process: HelperProcess, facts: ProcessFacts, at: number | null, kept?: KeptProcess): HelperProcess {
    const { id } = process;
    this.#ports.unwatch(id);
    const ended = this.#put({ ...process, pid: null, endedAt: at ?? this.#options.now() }, facts, kept);
    this.#waiting.get(id)?.(ended);
    this.#waiting.delete(id);
    if (this.#options.rows.kept(id).isDropped) void this.remove(id);
    return ended;
  }

  #markEnding(process: HelperProcess, endedBy: EndedBy): void {
    const { rows } = this.#options;
    const kept = rows.kept(process.id);
    rows.put(process, { ...kept, endedBy, isWanted: kept.isWanted && endedBy !== "person" });
  }

  #put(process: HelperProcess, facts: ProcessFacts, kept?: KeptProcess): HelperProcess {
    return this.#options.rows.put({ ...process, ...concludeProcess(facts) }, kept);
  }

  async #release(id: string): Promise<void> {
    const { terminals, log } = this.#options;
    // It may have been forgotten, or its host gone, meanwhile.
    await terminals.release(id).catch((error: unknown) => log.warn("process terminal not released", { id, error }));
  }

  /** A terminal of ours that no process is known for: nobody could ever end what runs there. */
  async #discard({ ptyId, phase }: PtyInfo): Promise<void> {
    const { terminals, log } = this.#options;
    log.warn("a pty of no known session or process", { ptyId, phase });
    if (!isProcessId(ptyId)) return;
    try {
      // Its end is told of in turn.
      await (phase === "exited" ? terminals.forget(ptyId) : terminals.end(ptyId, false));
    } catch (error) {
      log.warn("pty not discarded", { ptyId, error });
    }
  }
}

function unreachableFacts({ state, isListening }: HelperProcess): ProcessFacts {
  return { life: "unreachable", state, isListening };
}

function unreachable({ name }: HelperProcess): TallyError {
  return new TallyError("pty-host-unavailable", `What holds the terminal of ${name} cannot be reached. Try again.`);
}

function timedOut({ name, pid }: HelperProcess): TallyError {
  return new TallyError(
    "end-timed-out",
    `${name} (process ${pid ?? "unknown"}) does not end, not even by force. It may hang in the kernel; try again later.`,
  );
}

/** A link in the checkout, of another branch than was approved, may lead anywhere. @throws {TallyError} `not-a-folder` */
async function assertInside(worktreePath: string, cwd: string): Promise<void> {
  const folder = await realpath(cwd).catch(() => null);
  if (folder === null || isWithin(await realpath(worktreePath), folder)) return;
  throw new TallyError("not-a-folder", `${cwd} leads out of the worktree, to ${folder}, so nothing is run there.`);
}
