import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Continuation, Pause, Settings } from "../../protocol/limits.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { CreatedSession, RouteBody } from "../../protocol/routes.ts";
import type { AgentLaunch } from "../agents/adapter.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { newSessionId, newTaskId } from "../ids.ts";
import type { Accounts } from "../limits/accounts.ts";
import { decideLaunch, pausedError } from "../limits/gate.ts";
import type { Pauses } from "../limits/pauses.ts";
import { heldText } from "../limits/pause-words.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { placeOf, settle } from "../worktrees/projects.ts";
import { workingFolder } from "./folders.ts";
import { inWorktree, refuseIfGoing } from "./in-worktree.ts";
import { type KeptLaunch, keptEnvironment } from "./kept-launch.ts";
import { type LaunchOptions, type LaunchOrder, planLaunch } from "./launch.ts";
import { newSession, rootTaskOf } from "./new-session.ts";
import type { PtyHosts } from "./pty-hosts.ts";
import { conversationOpen } from "./session-errors.ts";
import { afterExit, reasonOf } from "./session-state.ts";
import { newTracking } from "./state/tracking.ts";

export interface LaunchingOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly personas: Personas;
  readonly settings: () => Settings;
  readonly now: () => number;
  readonly launch: LaunchOptions;
  readonly ptyHosts: PtyHosts;
  readonly follow: (session: StoredSession) => void;
  readonly watchPipes: (sessionId: string) => void;
  readonly ptyChanged: (pty: PtyInfo) => Promise<void>;
  readonly put: (session: Session) => void;
}

/** Starts new sessions, past the gate. */
export class Launching {
  readonly #options: LaunchingOptions;
  /** Sessions whose process is being started. */
  readonly #spawning = new Map<string, Promise<void>>();

  constructor(options: LaunchingOptions) {
    this.#options = options;
  }

  /** Resolves once a session is not, or no longer, being started in a new terminal. */
  async untilSpawned(sessionId: string): Promise<void> {
    await this.#spawning.get(sessionId)?.catch(() => undefined);
  }

  isSpawning(sessionId: string): boolean {
    return this.#spawning.has(sessionId);
  }

  /** @throws {TallyError} for a bad folder, agent or program, for a launch that is held, and when it cannot be spawned. */
  async create(asked: RouteBody<"createSession">): Promise<CreatedSession> {
    const { agents, accounts, settings, log, follow, watchPipes, store } = this.#options;
    const cwd = await workingFolder(asked.cwd, asked.origin === "cli");
    const place = await placeOf(asked.context?.repoPath ?? cwd);
    const worktreeId = place.worktree?.id ?? null;
    refuseIfGoing(store, worktreeId);
    const given = { ...asked, cwd, env: inWorktree(asked.env, store, worktreeId) };
    const order: LaunchOrder = await this.#options.personas.apply(given);
    const { agent, args, env, mode } = order;
    const adapter = agents.adapter(agent);
    const allowance = accounts.of({ agent, args, env, cwd });
    this.#pass(allowance, order);
    const id = newSessionId();
    const mayContinueItself = settings().resumeBy === "agent";
    const planned = { sessionId: id, adapter, args, env, mode, cwd, mayContinueItself };
    const launch = await planLaunch(this.#options.launch, planned);
    const other = this.inConversation(launch.conversationId, id);
    if (other) throw conversationOpen(other);
    // Asked again: a pause may have begun while the launch was planned.
    const pause = this.#pass(allowance, order);
    const isHeld = pause !== null && order.whenPaused === "hold" && settings().block === "block";
    const now = this.#options.now();
    const taskId = this.#givenTaskId(order) ?? newTaskId(order.context?.agentLabel ?? agent, now);
    const ptyId = mode === "pty" ? id : null;
    const kept: KeptLaunch = {
      args: [...args],
      env: keptEnvironment(env, adapter),
      generation: isHeld ? 0 : 1,
      wasHeld: isHeld,
      hasRun: false,
      pendingPrompt: null,
    };
    const created = store.change((transaction) => {
      const { projectName: name, ide } = order.context ?? {};
      const project = settle(store, transaction, place, { name, ide }, now);
      const accountId = allowance.account.id;
      const base = {
        id,
        taskId,
        projectId: project.id,
        worktreeId,
        cwd,
        request: order,
        adapter,
        launch,
        accountId,
        now,
      };
      const session = isHeld ? held(newSession(base), pause, now) : newSession(base);
      const tracking = JSON.stringify(newTracking(launch, cwd, Boolean(order.title?.trim()), now));
      const task = rootTaskOf(session, order.context?.agentLabel ?? agent, store.task(taskId));
      const internals = { ptyId, endRequested: false, processStart: null, tracking, launch: JSON.stringify(kept) };
      transaction.putSession(session, internals);
      transaction.putTask(task);
      return { session, project, task };
    });
    log.info("session created", { id, agent, mode, cwd, isHeld });

    const stored = this.#stored(id);
    follow(stored);
    if (ptyId === null) {
      watchPipes(id);
      const added = { ...personasPart(asked.env, env), ...launch.env };
      return { ...created, launch: { file: launch.file, args: launch.args, env: added }, pause };
    }
    await this.#spawnOnce(stored, ptyId, launch, { ...order, hold: isHeld });
    return { ...created, session: this.#stored(id), launch: null, pause };
  }

  /**
   * Starts a session's program in a new terminal.
   * @throws {TallyError} when it cannot be spawned; then the session has ended in ERROR.
   */
  async spawn(session: StoredSession, launch: AgentLaunch, terminal: NewTerminal): Promise<void> {
    await this.#spawnOnce(session, session.id, launch, terminal);
  }

  /** The session that has this conversation open: two processes in one would write over each other. */
  inConversation(conversationId: string | null, exceptId: string): Session | null {
    if (conversationId === null) return null;
    const live = this.#options.store.liveSessions().filter((session) => session.conversationId === conversationId);
    return live.find(({ id, pid, state }) => id !== exceptId && (pid !== null || state === "STARTING")) ?? null;
  }

  /** The pause in spite of which, or until whose end, the launch goes on. @throws {TallyError} `paused` */
  #pass(allowance: ReturnType<Accounts["of"]>, { whenPaused, mode }: LaunchOrder): Pause | null {
    const { pauses, settings, now } = this.#options;
    const holding = pauses.holding(allowance.account.id, allowance.model);
    const decision = decideLaunch(allowance, holding, settings().block, whenPaused === "start");
    if (decision.verdict === "held" && (whenPaused !== "hold" || mode !== "pty"))
      throw pausedError(decision.pause, now());
    return decision.pause;
  }

  #spawnOnce(session: StoredSession, ptyId: string, launch: AgentLaunch, terminal: NewTerminal): Promise<void> {
    const spawned = this.#spawn(session, ptyId, launch, terminal).finally(() => this.#spawning.delete(session.id));
    this.#spawning.set(session.id, spawned);
    return spawned;
  }

  async #spawn(session: Session, ptyId: string, launch: AgentLaunch, terminal: NewTerminal): Promise<void> {
    const { ptyHosts, ptyChanged, put, now } = this.#options;
    try {
      const host = await ptyHosts.hostFor(ptyId);
      const pty = await host.call("create", {
        ptyId,
        file: launch.file,
        args: launch.args,
        cwd: session.cwd,
        env: { ...terminal.env, ...launch.env },
        cols: terminal.cols,
        rows: terminal.rows,
        awaitViewerMs: terminal.awaitViewerMs,
        hold: terminal.hold,
      });
      await ptyChanged(pty);
    } catch (error) {
      ptyHosts.forget(ptyId);
      const text = messageOf(error);
      const failed = afterExit(session, { exitCode: null, signal: null }, false, now());
      put({ ...failed, reason: reasonOf({ text, source: "gateway", at: now() }) });
      throw error;
    }
  }

  /** A wrapper's own task, unless it is another session's: what that one's agent starts inherits its environment. */
  #givenTaskId({ context }: LaunchOrder): string | null {
    if (context?.taskId === undefined) return null;
    const { store } = this.#options;
    const ownerId = store.task(context.taskId)?.sessionId ?? null;
    const isTaken = ownerId !== null && store.session(ownerId)?.endedAt === null;
    return isTaken ? null : context.taskId;
  }

  #stored(id: string): StoredSession {
    const session = this.#options.store.session(id);
    if (session) return session;
    throw new TallyError("session-not-found", `There is no session ${id}. See them all with: tally list`);
  }
}

/** What a persona changed of the caller's environment. */
function personasPart(given: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => given[name] !== value));
}

/** The terminal that a program gets. */
export interface NewTerminal {
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
  readonly awaitViewerMs: number;
  /** Nothing is started in it for now. */
  readonly hold: boolean;
}

/** A session whose start waits for the end of a pause. */
function held(session: Session, pause: Pause, now: number): Session {
  const text = heldText(pause, now);
  const continuation: Continuation = {
    pauseId: pause.id,
    owner: "tally",
    status: "scheduled",
    at: pause.nextTryAt,
    text: pause.kind === "manual" ? "It starts when the pause ends." : "It starts when the limit resets.",
  };
  return { ...session, state: "PAUSED", reason: reasonOf({ text, source: "gateway", at: now }), continuation };
}
