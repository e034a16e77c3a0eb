import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { RequestAnswer } from "../../protocol/requests.ts";
import type { CreatedSession, RouteBody, Why } from "../../protocol/routes.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Accounts } from "../limits/accounts.ts";
import type { KeptSettings } from "../limits/settings.ts";
import type { Pauses } from "../limits/pauses.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import type { SessionInternals, Store, StoredSession } from "../store/store.ts";
import { EndingSessions } from "./ending.ts";
import { Following, type FollowingOptions } from "./following.ts";
import { processStart } from "../processes.ts";
import { isSame, PipeWatch, type WatchedProcess } from "./pipe-watch.ts";
import { type LaunchOptions, removeLaunchFiles } from "./launch.ts";
import { Launching } from "./launching.ts";
import { whenLost } from "./lost-session.ts";
import { Outputs } from "./outputs.ts";
import { PtyHosts, type PtyHostsOptions } from "./pty-hosts.ts";
import { PtyNews, type PtyNewsOptions } from "./pty-news.ts";
import { Relaunching } from "./relaunching.ts";
import { alreadyEnded } from "./session-errors.ts";
import { afterExit, type ProcessEnd } from "./session-state.ts";
import { withoutInternals, writeSession } from "./session-writer.ts";

export interface SessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly personas: Personas;
  readonly settings: KeptSettings;
  /** Whether its process lives where only the person can go on with it. */
  readonly isElsewhere: (session: StoredSession) => boolean;
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly graceMs: number;
  readonly launch: LaunchOptions;
  readonly spool: FollowingOptions["spool"];
  readonly onLimited: FollowingOptions["onLimited"];
  readonly onEndedByLimit: PtyNewsOptions["onEndedByLimit"];
  readonly ptyHosts: Omit<PtyHostsOptions, "onChanged" | "onSettled" | "log">;
  /** Stops what runs in a session without a terminal. */
  readonly endHeadless: (sessionId: string) => Promise<void>;
  /** News of a pty that is no session's. Left out: it is logged. */
  readonly onOtherPty?: (pty: PtyInfo) => void;
  /** Every host that lives has told of its ptys: what {@link PtyHosts.has} does not know is gone. */
  readonly onPtyHostsSettled?: () => void;
}

/** The life of sessions: created, followed through what their processes do, ended, removed. */
export class Sessions {
  readonly ptyHosts: PtyHosts;
  readonly following: Following;
  readonly outputs: Outputs;
  readonly relaunching: Relaunching;
  readonly #options: SessionsOptions;
  readonly #ending: EndingSessions;
  readonly #pipes: PipeWatch;
  readonly #ptyNews: PtyNews;
  readonly #launching: Launching;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.ptyHosts = new PtyHosts({
      ...options.ptyHosts,
      log: options.log,
      onChanged: (pty) => void this.#ptyNews.changed(pty),
      onSettled: () => this.#hostsSettled(),
    });
    this.#ending = new EndingSessions({
      graceMs: options.graceMs,
      signal: (session, signal) => this.#signal(session, signal),
    });
    this.outputs = new Outputs({ ...options, ptyHosts: this.ptyHosts });
    this.following = new Following({
      ...options,
      screen: async (ptyId) => (await this.ptyHosts.hostOf(ptyId).call("screen", { ptyId })).text,
      onQuota: ({ accountId }, windows, at) => {
        if (accountId !== null) options.accounts.told(accountId, windows, at);
      },
    });
    this.#pipes = new PipeWatch((sessionId) => this.#exited(sessionId, { exitCode: null, signal: null }));
    this.#ptyNews = new PtyNews({
      ...options,
      following: this.following,
      outputs: this.outputs,
      get: (id) => this.get(id),
      put: (session, internals) => this.#put(session, internals),
      isRelaunching: (id) => this.relaunching.isUnderWay(id),
      onEnded: (id) => this.#ending.ended(id),
    });
    const launching = {
      ...options,
      ptyHosts: this.ptyHosts,
      following: this.following,
      settings: () => options.settings.current,
    };
    this.#launching = new Launching({
      ...launching,
      follow: (session) => this.following.follow(session),
      watchPipes: (sessionId) => this.#pipes.watch(sessionId, null),
      ptyChanged: (pty) => this.#ptyNews.changed(pty),
      put: (session) => this.#put(session),
    });
    this.relaunching = new Relaunching({ ...launching, launching: this.#launching, outputs: this.outputs });
  }

  /** Finds the sessions' processes again, after this gateway started on an existing store. */
  async recover(): Promise<void> {
    for (const pty of await this.ptyHosts.discover()) await this.#ptyNews.changed(pty);
    for (const session of this.#options.store.liveSessions()) {
      if (session.mode === "headless") continue;
      this.following.follow(session);
      if (session.mode !== "pty") this.#pipes.watch(session.id, watchedProcess(session));
    }
    this.#hostsSettled();
    for (const session of this.#options.store.liveSessions()) {
      // Somebody asked for its end, and the gateway stopped before it came.
      if (session.endRequested && session.mode !== "headless") this.#finishEnding(session);
    }
  }

  /** The same for those without a terminal; call it once what runs in them is known. */
  finishEndings(): void {
    const { store, log } = this.#options;
    for (const { id, mode, endRequested } of store.liveSessions()) {
      if (mode !== "headless" || !endRequested) continue;
      this.end(id, false).catch((error: unknown) => log.warn("session not ended", { id, error }));
    }
  }

  /** @throws {TallyError} for a bad folder, agent or program, for a launch that is held, and when it cannot be spawned. */
  create(request: RouteBody<"createSession">): Promise<CreatedSession> {
    return this.#launching.create(request);
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

  /** Whether a session's program is being started, or put in another one's place, at this moment. */
  isBeingStarted(id: string): boolean {
    return this.#launching.isSpawning(id) || this.relaunching.isUnderWay(id);
  }

  /** Resolves once a session's new terminal is there, or could not be made; at once when none is being made. */
  untilSpawned(id: string): Promise<void> {
    return this.#launching.untilSpawned(id);
  }

  /** Asks the process to end and then makes it; resolves once it has. @throws {TallyError} `session-ended` */
  async end(id: string, force: boolean): Promise<Session> {
    // One that is still being started is ended once it is: until then there is nothing to signal.
    await this.untilSpawned(id);
    const session = this.get(id);
    if (session.endedAt !== null) throw alreadyEnded(session);
    this.#put(session, { endRequested: true });
    if (session.mode === "headless") {
      await this.#options.endHeadless(id);
      this.#exited(id, { exitCode: null, signal: null });
      return this.get(id);
    }
    const hasTerminal = session.ptyId !== null && this.ptyHosts.has(session.ptyId);
    if (session.mode === "pty" ? !hasTerminal && this.ptyHosts.isComplete : session.pid === null) {
      this.#exited(id, { exitCode: null, signal: null });
    } else {
      await this.#ending.end(session, force);
    }
    return this.get(id);
  }

  /** Puts an ended session away, or brings it back. @throws {TallyError} `session-live` */
  archive(id: string, isArchived: boolean): Session {
    const session = this.get(id);
    if (session.endedAt === null) {
      throw new TallyError("session-live", `Session ${id} has not ended. End it first: tally end ${id}`);
    }
    if ((session.archivedAt !== null) === isArchived) return withoutInternals(session);
    const now = this.#options.now();
    return this.#put({ ...session, archivedAt: isArchived ? now : null, updatedAt: now });
  }

  /** Forgets an ended session, its tasks and its output. @throws {TallyError} `session-live` */
  remove(id: string): void {
    const session = this.get(id);
    if (session.endedAt === null) {
      throw new TallyError("session-live", `Session ${id} still runs. End it first: tally end ${id}`);
    }
    const [queued] = this.#options.store.openRuns().filter(({ sessionId }) => sessionId === id);
    if (queued) {
      const text = `Task ${queued.id} waits to go on with session ${id}. Take it out of the queue first: tally queue remove ${queued.id}`;
      throw new TallyError("session-live", text);
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

  /** A wrapper told of a session: it is followed anew, and ends with its process. */
  adopted(id: string): void {
    const session = this.get(id);
    this.following.relaunched(id);
    if (session.pid !== null) this.following.running(session, session.pid);
    this.#pipes.watch(id, watchedProcess(session));
  }

  /** A wrapper says that its session has ended. */
  concluded(session: Session): void {
    this.#pipes.unwatch(session.id);
    this.#put(session);
    this.#ending.ended(session.id);
  }

  /** Lets go of everything; the agents run on. */
  stop(): void {
    this.ptyHosts.stop();
    this.#pipes.stop();
    this.#ending.stop();
    this.following.stop();
  }

  #hostsSettled(): void {
    if (!this.ptyHosts.isComplete) return;
    this.#loseVanished();
    this.#options.onPtyHostsSettled?.();
  }

  /** Ends the sessions whose process is nowhere to be found. */
  #loseVanished(): void {
    for (const session of this.#options.store.liveSessions()) {
      if (session.mode === "headless") continue;
      const isKnown = session.ptyId !== null && this.ptyHosts.has(session.ptyId);
      const isBusy = this.isBeingStarted(session.id);
      const isGone = session.mode === "pty" ? !isKnown && !isBusy : isPipesProcessGone(session);
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
    const isVanished = end.exitCode === null && end.signal === null && !session.endRequested;
    const now = this.#options.now();
    const lost = isVanished ? whenLost(open, now) : null;
    if (lost) this.following.relaunched(sessionId);
    const next = lost ?? afterExit(open, end, session.endRequested, now);
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
