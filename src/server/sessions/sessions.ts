import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { RequestAnswer } from "../../protocol/requests.ts";
import type { CreatedSession, LaunchPlan, RouteBody, Why } from "../../protocol/routes.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { newSessionId, newTaskId } from "../ids.ts";
import type { Log } from "../log.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { placeOf, settle } from "../worktrees/projects.ts";
import { EndingSessions } from "./ending.ts";
import { Following, type FollowingOptions } from "./following.ts";
import { workingFolder } from "./folders.ts";
import type { LaunchGate } from "./gate.ts";
import { processStart } from "../processes.ts";
import { isSame, PipeWatch, type WatchedProcess } from "./pipe-watch.ts";
import { type LaunchOptions, planLaunch, removeLaunchFiles } from "./launch.ts";
import { newSession, rootTaskOf } from "./new-session.ts";
import { Outputs } from "./outputs.ts";
import { PtyHosts, type PtyHostsOptions } from "./pty-hosts.ts";
import { alreadyEnded } from "./session-errors.ts";
import { afterExit, afterPtyExit, type ProcessEnd, reasonOf } from "./session-state.ts";
import { writeSession } from "./session-writer.ts";
import { newTracking } from "./state/tracking.ts";

export interface SessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly gate: LaunchGate;
  readonly now: () => number;
  readonly graceMs: number;
  readonly launch: LaunchOptions;
  readonly spool: FollowingOptions["spool"];
  readonly ptyHosts: Omit<PtyHostsOptions, "onChanged" | "onSettled" | "log">;
}

type StoredSession = Session & SessionInternals;

/** The life of sessions: created, followed through what their processes do, ended, removed. */
export class Sessions {
  readonly ptyHosts: PtyHosts;
  readonly following: Following;
  readonly outputs: Outputs;
  readonly #options: SessionsOptions;
  readonly #ending: EndingSessions;
  readonly #pipes: PipeWatch;
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
    this.outputs = new Outputs({ ...options, ptyHosts: this.ptyHosts });
    this.following = new Following({
      ...options,
      screen: async (ptyId) => (await this.ptyHosts.hostOf(ptyId).call("screen", { ptyId })).text,
    });
    this.#pipes = new PipeWatch((sessionId) => this.#exited(sessionId, { exitCode: null, signal: null }));
  }

  /** Finds the sessions' processes again, after this gateway started on an existing store. */
  async recover(): Promise<void> {
    for (const pty of await this.ptyHosts.discover()) await this.#ptyChanged(pty);
    for (const session of this.#options.store.liveSessions()) {
      this.following.follow(session);
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
    const id = newSessionId();
    const launch = await planLaunch(this.#options.launch, { sessionId: id, adapter, request, cwd });
    const place = await placeOf(request.context?.repoPath ?? cwd);

    const now = this.#options.now();
    const agent = request.agent;
    const taskId = this.#givenTaskId(request) ?? newTaskId(request.context?.agentLabel ?? agent, now);
    const ptyId = request.mode === "pty" ? id : null;
    const created = store.change((transaction) => {
      const { projectName: name, ide } = request.context ?? {};
      const project = settle(store, transaction, place, { name, ide }, now);
      const worktreeId = place.worktree?.id ?? null;
      const described = { id, taskId, projectId: project.id, worktreeId, cwd, request, adapter, launch, now };
      const session = newSession(described);
      const tracking = JSON.stringify(newTracking(launch, cwd, Boolean(request.title?.trim())));
      const task = rootTaskOf(session, request.context?.agentLabel ?? agent, store.task(taskId));
      transaction.putSession(session, { ptyId, endRequested: false, processStart: null, tracking });
      transaction.putTask(task);
      return { session, project, task };
    });
    this.#options.log.info("session created", { id, agent, mode: request.mode, cwd });

    this.following.follow(this.get(id));
    if (ptyId === null) {
      this.#pipes.watch(id, null);
      return { ...created, launch: { file: launch.file, args: launch.args, env: launch.env } };
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
    this.following.titled(id);
    const session = this.get(id);
    return this.#put({ ...session, title, updatedAt: this.#options.now() });
  }

  why(id: string): Why {
    return this.following.why(this.get(id));
  }

  /** Hands a person's answer to the agent that asked. @throws {TallyError} `request-gone`, `not-answerable`, `invalid-request` */
  async answer(id: string, requestId: string, answer: RequestAnswer): Promise<Session> {
    await this.following.answer(this.get(id), requestId, answer);
    return this.get(id);
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

  /** Mode `pipes`: its caller has spawned the program. */
  started(id: string, pid: number): Session {
    const session = this.#inPipes(id);
    if (session.endedAt !== null) throw alreadyEnded(session);
    const now = this.#options.now();
    const process = { pid, start: processStart(pid) };
    this.#pipes.watch(id, process);
    this.#put({ ...session, pid, updatedAt: now }, { processStart: process.start });
    this.following.running(session, pid);
    return this.get(id);
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
    this.following.stop();
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
      this.#put({ ...failed, reason: reasonOf({ text, source: "gateway", at: now }) });
      throw error;
    }
  }

  async #ptyChanged(pty: PtyInfo): Promise<void> {
    const session = this.#options.store.session(pty.ptyId);
    if (!session) {
      this.#options.log.warn("a pty of no known session", { ptyId: pty.ptyId, phase: pty.phase });
      return;
    }
    const now = this.#options.now();
    if (pty.phase === "exited") {
      // Its last words are read also when it ended while no gateway ran.
      if (session.endedAt === null) this.following.follow(session);
      const exited = afterPtyExit(session, pty, session.endRequested, now);
      if (exited !== session) this.#put(exited);
    } else if (session.endedAt === null) {
      if (pty.pid !== session.pid) this.#put({ ...session, pid: pty.pid, updatedAt: now });
      this.following.ptyChanged(session, pty);
    }
    if (pty.phase !== "exited") return;
    this.#ending.ended(session.id);
    await this.outputs.settle(session.id, pty.ptyId);
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

  #put(session: StoredSession | Session, internals: Partial<SessionInternals> = {}): Session {
    const shown = writeSession(this.#options.store, session, internals);
    if (shown.endedAt !== null) {
      this.following.ended(shown.id);
      removeLaunchFiles(this.#options.launch.home, shown.id);
    }
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
