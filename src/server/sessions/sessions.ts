import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { CreatedSession, LaunchPlan, RouteBody } from "../../protocol/routes.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { findProgram } from "../agents/find-program.ts";
import { newSessionId, newTaskId } from "../ids.ts";
import type { Log } from "../log.ts";
import type { SessionInternals, SessionOutput, Store } from "../store/store.ts";
import { placeOf, settle } from "../worktrees/projects.ts";
import { EndingSessions } from "./ending.ts";
import { workingFolder } from "./folders.ts";
import type { LaunchGate } from "./gate.ts";
import { processStart } from "../processes.ts";
import { isSame, PipeWatch, type WatchedProcess } from "./pipe-watch.ts";
import { newSession, rootTaskOf } from "./new-session.ts";
import { PtyHosts, type PtyHostsOptions } from "./pty-hosts.ts";
import { alreadyEnded, notAttachable } from "./session-errors.ts";
import { afterExit, afterPtyChange, followSession, type ProcessEnd } from "./session-state.ts";

export interface SessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly gate: LaunchGate;
  readonly now: () => number;
  readonly graceMs: number;
  readonly ptyHosts: Omit<PtyHostsOptions, "onChanged" | "onSettled" | "log">;
}

type StoredSession = Session & SessionInternals;

/** The life of sessions: created, followed through what their processes do, ended, removed. */
export class Sessions {
  readonly ptyHosts: PtyHosts;
  readonly #options: SessionsOptions;
  readonly #ending: EndingSessions;
  readonly #pipes: PipeWatch;
  /** Ptys whose exit is being taken over, once each: the host tells of it more than once. */
  readonly #settling = new Map<string, Promise<void>>();
  /** Sessions whose process is being started. */
  readonly #spawning = new Map<string, Promise<void>>();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.ptyHosts = new PtyHosts({
      ...options.ptyHosts,
      log: options.log,
      onChanged: (pty) => void this.#ptyChanged(pty),
      onSettled: () => this.#loseVanished(),
    });
    this.#ending = new EndingSessions({
      graceMs: options.graceMs,
      signal: (session, signal) => this.#signal(session, signal),
    });
    this.#pipes = new PipeWatch((sessionId) => this.#exited(sessionId, { exitCode: null, signal: null }));
  }

  /** Finds the sessions' processes again, after this gateway started on an existing store. */
  async recover(): Promise<void> {
    for (const pty of await this.ptyHosts.discover()) await this.#ptyChanged(pty);
    for (const session of this.#options.store.liveSessions()) {
      if (session.mode === "pipes") this.#pipes.watch(session.id, watchedProcess(session));
    }
    this.#loseVanished();
    for (const session of this.#options.store.liveSessions()) {
      // Somebody asked for its end, and the gateway stopped before it came.
      if (session.endRequested) this.#finishEnding(session);
    }
  }

  /** @throws {TallyError} for a bad folder, agent or program, for a launch that is held, and when it cannot be spawned. */
  async create(request: RouteBody<"createSession">): Promise<CreatedSession> {
    const { agents, gate, store } = this.#options;
    const adapter = agents.adapter(request.agent);
    const cwd = await workingFolder(request.cwd, request.origin === "cli");
    const decision = gate({ agent: request.agent, cwd });
    if (!decision.pass) throw decision.error;
    const plan = adapter.plan({ args: request.args, find: (program) => findProgram(program, request.env, cwd) });
    const place = await placeOf(request.context?.repoPath ?? cwd);

    const now = this.#options.now();
    const id = newSessionId();
    const agent = request.agent;
    const taskId = this.#givenTaskId(request) ?? newTaskId(request.context?.agentLabel ?? agent, now);
    const ptyId = request.mode === "pty" ? id : null;
    const created = store.change((transaction) => {
      const { projectName: name, ide } = request.context ?? {};
      const project = settle(store, transaction, place, { name, ide }, now);
      const worktreeId = place.worktree?.id ?? null;
      const session = newSession({ id, taskId, projectId: project.id, worktreeId, cwd, request, adapter, now });
      const task = rootTaskOf(session, request.context?.agentLabel ?? agent, store.task(taskId));
      transaction.putSession(session, { ptyId, endRequested: false, processStart: null });
      transaction.putTask(task);
      return { session, project, task };
    });
    this.#options.log.info("session created", { id, agent, mode: request.mode, cwd });

    const launch: LaunchPlan = { ...plan, env: { ...plan.env, TALLY_SESSION_ID: id } };
    if (ptyId === null) {
      this.#pipes.watch(id, null);
      return { ...created, launch };
    }
    const spawned = this.#spawn(created.session, ptyId, launch, request);
    this.#spawning.set(id, spawned);
    await spawned.finally(() => this.#spawning.delete(id));
    return { ...created, session: this.get(id), launch: null };
  }

  /** @throws {TallyError} `session-not-found` */
  get(id: string): StoredSession {
    const session = this.#options.store.session(id);
    if (session) return session;
    throw new TallyError("session-not-found", `There is no session ${id}. See them all with: tally list`);
  }

  rename(id: string, title: string): Session {
    const session = this.get(id);
    return this.#put({ ...session, title, updatedAt: this.#options.now() });
  }

  /** Asks the process to end and then makes it; resolves once it has. @throws {TallyError} `session-ended` */
  async end(id: string, force: boolean): Promise<Session> {
    // One that is still being started is ended once it is: until then there is nothing to signal.
    await this.#spawning.get(id)?.catch(() => undefined);
    const session = this.get(id);
    if (session.endedAt !== null) throw alreadyEnded(session);
    this.#put(session, { endRequested: true });
    if (session.mode === "pipes" && session.pid === null) {
      this.#exited(id, { exitCode: null, signal: null });
    } else {
      await this.#ending.end(session, force);
    }
    return this.get(id);
  }

  /** Forgets an ended session, its tasks and its output. @throws {TallyError} `session-live` */
  remove(id: string): void {
    const session = this.get(id);
    if (session.endedAt === null) {
      throw new TallyError("session-live", `Session ${id} still runs. End it first: tally end ${id}`);
    }
    this.#options.store.change((transaction) => transaction.removeSession(id));
  }

  /** What is, or last was, on the session's terminal. @throws {TallyError} `not-attachable` */
  async output(id: string, format: "ansi" | "text"): Promise<{ data: string; cols: number; rows: number }> {
    const session = this.get(id);
    if (session.ptyId === null) throw notAttachable(session);
    await this.#settling.get(session.ptyId);
    if (session.endedAt === null || this.ptyHosts.has(session.ptyId)) {
      return this.ptyHosts.hostOf(session.ptyId).call("output", { ptyId: session.ptyId, format });
    }
    const kept = this.keptOutput(id);
    return { data: kept[format], cols: kept.cols, rows: kept.rows };
  }

  /** The last screen of an ended session; empty when it was lost with its pty host. */
  keptOutput(id: string): SessionOutput {
    return this.#options.store.sessionOutput(id) ?? { ansi: "", text: "", cols: 80, rows: 24 };
  }

  /** Mode `pipes`: its caller has spawned the program. */
  started(id: string, pid: number): Session {
    const session = this.#inPipes(id);
    if (session.endedAt !== null) throw alreadyEnded(session);
    const now = this.#options.now();
    const process = { pid, start: processStart(pid) };
    this.#pipes.watch(id, process);
    const reason = { text: "Its process is running.", source: "process", at: now } as const;
    const started: Session = { ...session, pid, state: "RUNNING", stateSince: now, updatedAt: now, reason };
    return this.#put(started, { processStart: process.start });
  }

  /** Mode `pipes`: the program has exited. */
  exited(id: string, end: ProcessEnd): Session {
    const session = this.#inPipes(id);
    if (session.endedAt !== null && session.reason.source === "process") throw alreadyEnded(session);
    // What the caller saw itself is better than our guess from a process that vanished.
    this.#exited(id, end);
    return this.get(id);
  }

  /** Lets go of everything; the agents run on. */
  stop(): void {
    this.ptyHosts.stop();
    this.#pipes.stop();
    this.#ending.stop();
  }

  async #spawn(
    session: Session,
    ptyId: string,
    launch: LaunchPlan,
    request: RouteBody<"createSession">,
  ): Promise<void> {
    try {
      const host = await this.ptyHosts.hostFor(ptyId);
      const pty = await host.call("create", {
        ptyId,
        file: launch.file,
        args: launch.args,
        cwd: session.cwd,
        env: { ...request.env, ...launch.env },
        cols: request.cols,
        rows: request.rows,
        awaitViewerMs: request.awaitViewerMs,
      });
      await this.#ptyChanged(pty);
    } catch (error) {
      this.ptyHosts.forget(ptyId);
      const now = this.#options.now();
      const text = error instanceof Error ? error.message : String(error);
      const failed = afterExit(session, { exitCode: null, signal: null }, false, now);
      this.#put({ ...failed, reason: { text, source: "gateway", at: now } });
      throw error;
    }
  }

  async #ptyChanged(pty: PtyInfo): Promise<void> {
    const session = this.#options.store.session(pty.ptyId);
    if (!session) {
      this.#options.log.warn("a pty of no known session", { ptyId: pty.ptyId, phase: pty.phase });
      return;
    }
    const next = afterPtyChange(session, pty, session.endRequested, this.#options.now());
    if (next !== session) this.#put(next);
    if (pty.phase !== "exited" || this.#settling.has(pty.ptyId)) return;
    this.#ending.ended(session.id);
    const settled = this.#keepOutput(session.id, pty.ptyId).then(() => this.#forget(pty.ptyId));
    this.#settling.set(pty.ptyId, settled);
    await settled;
    this.#settling.delete(pty.ptyId);
  }

  /** The last screen outlives the pty host, so it is stored before the host may drop it. */
  async #keepOutput(sessionId: string, ptyId: string): Promise<void> {
    try {
      const host = this.ptyHosts.hostOf(ptyId);
      const [ansi, text] = await Promise.all([
        host.call("output", { ptyId, format: "ansi" }),
        host.call("output", { ptyId, format: "text" }),
      ]);
      const output = { ansi: ansi.data, text: text.data, cols: ansi.cols, rows: ansi.rows };
      this.#options.store.change((transaction) => transaction.putSessionOutput(sessionId, output));
    } catch (error) {
      this.#options.log.warn("the last screen is lost", { sessionId, error });
    }
  }

  async #forget(ptyId: string): Promise<void> {
    try {
      await this.ptyHosts.hostOf(ptyId).call("forget", { ptyId });
    } catch (error) {
      this.#options.log.warn("pty not forgotten", { ptyId, error });
    }
    this.ptyHosts.forget(ptyId);
  }

  /** Ends the sessions whose process is nowhere to be found, unless a host that cannot be asked just now may have it. */
  #loseVanished(): void {
    if (!this.ptyHosts.isComplete) return;
    for (const session of this.#options.store.liveSessions()) {
      const isKnown = session.ptyId !== null && this.ptyHosts.has(session.ptyId);
      const isGone = session.mode === "pty" ? !isKnown && !this.#spawning.has(session.id) : isPipesProcessGone(session);
      if (isGone) this.#exited(session.id, { exitCode: null, signal: null });
    }
  }

  #finishEnding(session: StoredSession): void {
    this.#ending.end(session, false).catch((error: unknown) => {
      this.#options.log.warn("session not ended", { id: session.id, error });
    });
  }

  #exited(sessionId: string, end: ProcessEnd): void {
    this.#pipes.unwatch(sessionId);
    const session = this.#options.store.session(sessionId);
    if (!session) return;
    const open = session.reason.source === "gateway" ? { ...session, endedAt: null } : session;
    const next = afterExit(open, end, session.endRequested, this.#options.now());
    if (next !== open) this.#put(next);
    this.#ending.ended(sessionId);
  }

  async #signal(session: StoredSession, signal: "SIGTERM" | "SIGHUP" | "SIGKILL"): Promise<void> {
    if (session.ptyId === null) this.#pipes.signal(session.id, signal);
    else await this.ptyHosts.hostOf(session.ptyId).call("signal", { ptyId: session.ptyId, signal });
  }

  /** @throws {TallyError} `invalid-request` for a session whose process is ours to follow. */
  #inPipes(id: string): StoredSession {
    const session = this.get(id);
    if (session.mode === "pipes") return session;
    throw new TallyError("invalid-request", `Session ${id} runs in a terminal, of which the gateway knows by itself.`);
  }

  /** A wrapper's own task, unless it is another session's: what that one's agent starts inherits its environment. */
  #givenTaskId({ context }: RouteBody<"createSession">): string | null {
    if (context?.taskId === undefined) return null;
    const { store } = this.#options;
    const ownerId = store.task(context.taskId)?.sessionId ?? null;
    const isTaken = ownerId !== null && store.session(ownerId)?.endedAt === null;
    return isTaken ? null : context.taskId;
  }

  /** Writes the session, and with it the root task that follows it. */
  #put(session: Session, internals: Partial<SessionInternals> = {}): Session {
    const { store } = this.#options;
    const { ptyId: _ptyId, endRequested: _endRequested, processStart: _start, ...shown } = session as StoredSession;
    store.change((transaction) => {
      transaction.putSession(shown, internals);
      const task = store.task(session.rootTaskId);
      if (task?.sessionId !== session.id) return;
      const followed = followSession(task, session);
      if (followed !== task) transaction.putTask(followed);
    });
    return shown;
  }
}

function watchedProcess({ pid, processStart: start }: StoredSession): WatchedProcess | null {
  return pid === null ? null : { pid, start };
}

/** One that was not spawned yet may still be: its watch gives up on it in time. */
function isPipesProcessGone(session: StoredSession): boolean {
  const process = watchedProcess(session);
  return process !== null && !isSame(process);
}
