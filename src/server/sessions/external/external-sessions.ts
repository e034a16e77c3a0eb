import { existsSync } from "node:fs";
import type { Session } from "../../../protocol/entities.ts";
import { TallyError } from "../../../protocol/errors.ts";
import type { Account } from "../../../protocol/limits.ts";
import { isAlive } from "../../../protocol/liveness.ts";
import type { RouteBody } from "../../../protocol/routes.ts";
import { wrappedAgent } from "../../../protocol/wrapper-api.ts";
import type { AgentAdapter, Whereabouts } from "../../agents/adapter.ts";
import type { AgentRegistry } from "../../agents/registry.ts";
import { newSessionId, newTaskId } from "../../ids.ts";
import type { Log } from "../../log.ts";
import { familyOf, processTree } from "../../process-tree.ts";
import { processStart } from "../../processes.ts";
import { readText } from "../../read-text.ts";
import type { Registration } from "../../store/registration.ts";
import type { Store, StoredSession } from "../../store/store.ts";
import { type Place, placeOf, settle } from "../../worktrees/projects.ts";
import { workingFolder } from "../folders.ts";
import type { Following } from "../following.ts";
import { keptEnvironment, type KeptLaunch } from "../kept-launch.ts";
import { rootTaskOf } from "../new-session.ts";
import { isSame } from "../pipe-watch.ts";
import { writeSession } from "../session-writer.ts";
import { newTracking, type Tracking } from "../state/tracking.ts";
import { afterWrapperEnd, externalSession, heartbeatSignal, registeredAgain } from "./external-session.ts";
import { environmentOfProcess, folderOfProcess, processStartedAt } from "./foreign-process.ts";

/** What is needed of {@link ../sessions.ts Sessions}. */
export interface AdoptedSessions {
  readonly following: Pick<Following, "follow" | "tracking">;
  /** Follows the session anew, by what is stored of it, and ends it when its process is gone. */
  adopted(id: string): void;
  /** Whoever started its process says that it has ended. */
  concluded(session: Session): void;
}

export interface ExternalSessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly accounts: { defaultOf(agent: string): Account };
  readonly sessions: AdoptedSessions;
  /** What the agent is taken to have where its own environment cannot be seen. */
  readonly env: Readonly<Record<string, string>>;
  readonly now: () => number;
}

/** Where a session stands whose process is not ours, for whoever wants to go on with its conversation. */
export interface Standing {
  /** As the agent's own state file named it while it lived; null when it never did. */
  readonly conversationId: string | null;
  readonly workingDir: string;
  /** Whether its wrapper or its agent still runs: then nobody else may go on with the conversation. */
  readonly isAlive: boolean;
}

/** What is known of how a wrapper started its agent. */
interface ForeignLaunch {
  /** Canonical. */
  readonly cwd: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A wrapper may register before it starts its agent, and start it again later. */
const LOOK_FOR_AGENT_MS = 2_000;

/** Sessions that wrappers have started in terminals of their own, and tell of. */
export class ExternalSessions {
  readonly #options: ExternalSessionsOptions;
  readonly #adapter: AgentAdapter;
  readonly #looking: NodeJS.Timeout;
  /** Live sessions whose agent is looked for among the children of what was registered. */
  readonly #live: Set<string>;

  constructor(options: ExternalSessionsOptions) {
    this.#options = options;
    this.#adapter = options.agents.adapter(wrappedAgent);
    const external = options.store.liveSessions().filter(({ mode }) => mode === "external");
    this.#live = new Set(external.map(({ id }) => id));
    this.#looking = setInterval(() => this.#lookForAgents(), LOOK_FOR_AGENT_MS).unref();
  }

  /**
   * Records a session. One that this wrapper registered before gets what is new; a process inside a session of ours is that session.
   * @throws {TallyError} for a folder that is missing, or belongs to the system
   */
  async register({ sessionId, workingDir, pid, startTime }: RouteBody<"wrapperRegister">): Promise<void> {
    const cwd = await workingFolder(workingDir === "." ? folderOfProcess(pid) : workingDir, false);
    const place = await placeOf(cwd);
    const { store, log, now } = this.#options;
    const registration = store.registration(sessionId);
    const known = this.#sessionAround(pid) ?? this.#registered(registration);
    const isUnchanged = known?.mode !== "external" || (isRunning(known) && known.pid === pid && known.cwd === cwd);
    const session = known && isUnchanged ? known : this.#put(known, cwd, place, pid);
    this.#tell({
      id: sessionId,
      sessionId: session.id,
      startedAt: startTime ?? registration?.startedAt ?? processStartedAt(pid) ?? now(),
      lastActivityAt: now(),
      promptCount: registration?.promptCount ?? 0,
      status: "active",
    });
    if (session === known) return;
    log.info("session registered", { id: session.id, wrapper: sessionId, pid, cwd });
    this.#options.sessions.adopted(session.id);
    this.#live.add(session.id);
    this.#lookForAgent(session.id);
  }

  /** A wrapper tells that its session lives. @throws {TallyError} `session-not-found` */
  heartbeat({ sessionId, promptCount, status }: RouteBody<"wrapperHeartbeat">): void {
    const registration = this.#registration(sessionId);
    // One that was under way when the session ended.
    if (registration.status === "completed") return;
    this.#tell({ ...registration, lastActivityAt: this.#options.now(), promptCount, status });
    const session = this.#registered(registration);
    if (session?.mode === "external" && isRunning(session)) this.#hear(session, promptCount, status);
  }

  /** A wrapper tells that its session has ended. @throws {TallyError} `session-not-found` */
  end({ sessionId, reason, finalPromptCount }: RouteBody<"wrapperEnd">): void {
    const { now, sessions } = this.#options;
    const registration = this.#registration(sessionId);
    const promptCount = finalPromptCount ?? registration.promptCount;
    this.#tell({ ...registration, lastActivityAt: now(), promptCount, status: "completed" });
    const session = this.#registered(registration);
    // One that runs in a terminal of ours ends when that does.
    if (session?.mode !== "external") return;
    const ended = afterWrapperEnd(session, reason, now());
    if (ended !== session) sessions.concluded(ended);
  }

  /** Where an external session stands. */
  standing(session: StoredSession): Standing {
    const { conversationId, pid } = this.#options.sessions.following.tracking(session).whereabouts;
    const isAgentAlive = pid !== null && pid !== session.pid && isAlive(pid);
    const isWrapperAlive = session.pid !== null && isSame({ pid: session.pid, start: session.processStart });
    return { conversationId, workingDir: session.cwd, isAlive: isWrapperAlive || isAgentAlive };
  }

  stop(): void {
    clearInterval(this.#looking);
  }

  /** Writes a session that is new, or whose process or folder is another one now. */
  #put(known: StoredSession | null, cwd: string, place: Place, pid: number): Session {
    const { store, accounts, sessions } = this.#options;
    const env = environmentOfProcess(pid) ?? this.#options.env;
    const now = this.#options.now();
    const adapter = this.#adapter;
    // Whatever its environment says: those who speak this API mean no other.
    const accountId = accounts.defaultOf(adapter.name).id;
    const isTitleGiven = known !== null && sessions.following.tracking(known).isTitleGiven;
    const tracking = this.#newTracking({ cwd, pid, env }, isTitleGiven);
    const launch: KeptLaunch = {
      args: [],
      env: keptEnvironment(env, adapter),
      generation: 0,
      wasHeld: false,
      hasRun: true,
      pendingPrompt: null,
    };
    return store.change((transaction) => {
      const project = settle(store, transaction, place, {}, now);
      const registered = {
        id: newSessionId(),
        taskId: newTaskId(adapter.name, now),
        projectId: project.id,
        worktreeId: place.worktree?.id ?? null,
        agent: adapter.name,
        title: adapter.title([]),
        command: adapter.program === null ? [] : [adapter.program],
        cwd,
        accountId,
        pid,
        now,
      };
      const session = known ? registeredAgain(known, registered) : externalSession(registered);
      transaction.putSession(session, {
        ptyId: null,
        endRequested: false,
        processStart: processStart(pid),
        tracking: JSON.stringify(tracking),
        launch: JSON.stringify(launch),
      });
      if (!known) transaction.putTask(rootTaskOf(session, adapter.name, null));
      return session;
    });
  }

  #newTracking({ cwd, pid, env }: ForeignLaunch, isTitleGiven: boolean): Tracking {
    const { now } = this.#options;
    const { configHome } = this.#adapter.account({ args: [], env, cwd, readText });
    const startedAt = processStartedAt(pid);
    const whereabouts = { ...(configHome === null ? {} : { configHome }), launchedAt: String(startedAt ?? 0) };
    const launch = { expects: [], whereabouts, conversationId: null, continuesItself: false };
    return newTracking(launch, cwd, isTitleGiven, startedAt ?? now());
  }

  /** What a heartbeat says counts only where the agent's own files say nothing. */
  #hear(session: StoredSession, promptCount: number, status: string): void {
    const { store, sessions, now } = this.#options;
    this.#lookForAgent(session.id);
    const followed = sessions.following.follow(session);
    const { notification, ...reports } = followed.tracking.evidence.words;
    if (Object.keys(reports).length > 0) return;
    const signal = heartbeatSignal(status, now());
    const isNews = signal?.reading.type === "activity" && signal.reading.activity !== notification?.activity;
    if (signal && isNews) followed.receive([signal]);
    const heard = store.session(session.id);
    if (heard && heard.promptCount !== promptCount) writeSession(store, { ...heard, promptCount, updatedAt: now() });
  }

  #tell(registration: Registration): void {
    this.#options.store.change((transaction) => transaction.putRegistration(registration));
  }

  /** @throws {TallyError} `session-not-found` */
  #registration(id: string): Registration {
    const registration = this.#options.store.registration(id);
    if (registration) return registration;
    throw new TallyError(
      "session-not-found",
      `There is no session "${id}". Register it first with POST /api/session/register.`,
    );
  }

  /** The session that was registered, unless it is one of ours that has ended: then its wrapper's is another one. */
  #registered(registration: Registration | null): StoredSession | null {
    const session = registration && this.#options.store.session(registration.sessionId);
    return session && (session.mode === "external" || isRunning(session)) ? session : null;
  }

  /** The session of ours inside which a process runs: one conversation must not be two sessions. */
  #sessionAround(pid: number): StoredSession | null {
    const ours = this.#options.store.liveSessions().filter(({ mode }) => mode !== "external");
    if (ours.length === 0) return null;
    const tree = processTree();
    return ours.find((session) => session.pid !== null && familyOf(session.pid, tree).includes(pid)) ?? null;
  }

  #lookForAgents(): void {
    for (const id of this.#live) this.#lookForAgent(id);
  }

  /** A wrapper may have registered its own process: then the agent is one of those that it started. */
  #lookForAgent(id: string): void {
    const { store, sessions, now } = this.#options;
    const session = store.session(id);
    if (session?.mode !== "external" || !isRunning(session) || session.pid === null) {
      this.#live.delete(id);
      return;
    }
    const { whereabouts } = sessions.following.tracking(session);
    if (whereabouts.pid !== null && this.#isAgent(whereabouts, whereabouts.pid)) return;
    const pid = familyOf(session.pid, processTree()).find((member) => this.#isAgent(whereabouts, member));
    if (pid === undefined || pid === whereabouts.pid) return;
    sessions.following.follow(session).receive([{ source: "state-file", at: now(), reading: { type: "pid", pid } }]);
  }

  /** An agent keeps a state file for its process. */
  #isAgent(whereabouts: Whereabouts, pid: number): boolean {
    const files = this.#adapter.reads.files?.({ ...whereabouts, pid }) ?? [];
    return isAlive(pid) && files.some(({ source, path }) => source === "state-file" && existsSync(path));
  }
}

function isRunning({ endedAt }: Session): boolean {
  return endedAt === null;
}
