import { createHash } from "node:crypto";
import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { AgentAdapter } from "../agents/adapter.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { newTaskId } from "../ids.ts";
import type { Accounts } from "../limits/accounts.ts";
import { decideLaunch, pausedError } from "../limits/gate.ts";
import type { Pauses } from "../limits/pauses.ts";
import { type HeadlessSessions, type PreparedHeadless, withHeadless } from "../sessions/headless-sessions.ts";
import { inWorktree } from "../sessions/in-worktree.ts";
import { keptEnvironment, readKeptLaunch } from "../sessions/kept-launch.ts";
import { onSameAccount } from "../sessions/same-account.ts";
import type { Store, StoredSession } from "../store/store.ts";
import type { Place } from "../worktrees/projects.ts";
import { blankTask } from "./blank-task.ts";
import type { KeptOrder } from "./kept-order.ts";
import { promptTitle } from "./prompt-tasks.ts";

export interface TaskOrdersOptions {
  readonly store: Store;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly settings: () => Settings;
  readonly now: () => number;
  readonly sessions: Pick<HeadlessSessions, "prepare">;
  /** The gateway's own environment: what is left to begin with when the one that was handed over is gone. */
  readonly env: Readonly<Record<string, string>>;
}

export interface TakenOrder {
  readonly task: Task;
  readonly order: KeptOrder;
  /** Of a project that may not be known yet. */
  readonly place: Place | null;
  /** What holds it, where it may not wait for that. */
  readonly isRefused: () => TallyError | null;
}

type Asked = RouteBody<"addTask">;
/** Who does a task, where, and on which account. */
interface Doer {
  readonly agent: string;
  readonly persona: string | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly projectId: string;
  readonly worktreeId: string | null;
  readonly sessionId: string | null;
  readonly accountId: string;
  readonly model: string | null;
  /** Of a project that may not be known yet. */
  readonly place: Place | null;
}

/** Of all tasks that were handed over from one place: an environment is large, and a queue may be long. */
interface SharedEnvironment {
  readonly hash: string;
  readonly env: Readonly<Record<string, string>>;
}

const MINUTE_MS = 60_000;

/** Takes orders for tasks: finds out who does them, where and on which account, before anything is written. */
export class TaskOrders {
  readonly #options: TaskOrdersOptions;
  /** The environments that tasks were handed over with: these may hold secrets, so they are on no disk. */
  readonly #environments = new Map<string, SharedEnvironment>();

  constructor(options: TaskOrdersOptions) {
    this.#options = options;
  }

  /** @throws {TallyError} for a place, agent, program or persona that is not there; `not-resumable`, `agent-not-headless` */
  async take(asked: Asked): Promise<TakenOrder> {
    const { now, settings } = this.#options;
    const doer = await this.#doer(asked);
    const { agent, persona, args, env, cwd, projectId, worktreeId, sessionId, accountId, model, place } = doer;
    const limitMinutes = settings().taskTimeLimitMinutes;
    const usualLimitMs = limitMinutes === 0 ? null : limitMinutes * MINUTE_MS;
    const task: Task = {
      ...blankTask,
      id: newTaskId(agent, now()),
      projectId,
      sessionId,
      kind: "run",
      agent,
      title: promptTitle(asked.prompt),
      state: "QUEUED",
      type: asked.type,
      description: asked.prompt,
      worktreeId,
      accountId,
      position: 0,
      run: {
        via: null,
        attempts: 0,
        waitsFor: null,
        timeLimitMs: asked.timeLimitMs === undefined ? usualLimitMs : asked.timeLimitMs,
        pid: null,
        exitCode: null,
        exitSignal: null,
      },
      createdAt: now(),
      updatedAt: now(),
      endedAt: null,
    };
    const order: KeptOrder = {
      agent,
      persona,
      args: [...args],
      env: keptEnvironment(env, this.#options.agents.adapter(agent)),
      cwd,
      origin: asked.origin,
      model,
      isForced: asked.whenPaused === "start",
      isImmediate: asked.whenPaused === "refuse",
      isContinued: false,
      usageBefore: null,
      blockedBy: null,
      retryAt: null,
      retryText: "It is tried again.",
      retries: 0,
      needs: null,
      stop: null,
    };
    return { task, order, place, isRefused: () => this.#refusal(asked, accountId, model) };
  }

  /** The order of a task that is queued once more, on the account of this environment. @throws {TallyError} as {@link take} */
  async again(
    task: Task,
    order: KeptOrder,
    env: Readonly<Record<string, string>>,
  ): Promise<{ task: Task; order: KeptOrder }> {
    const place = task.sessionId !== null ? { sessionId: task.sessionId } : { cwd: order.cwd };
    const doer = await this.#doer({
      ...{ place, agent: order.agent, args: [...order.args], env: { ...env }, origin: order.origin },
      persona: order.persona ?? undefined,
    });
    const kept = keptEnvironment(env, this.#options.agents.adapter(doer.agent));
    return {
      task: { ...task, accountId: doer.accountId },
      order: {
        ...order,
        env: kept,
        model: doer.model,
        needs: null,
        isForced: false,
        blockedBy: null,
        retryAt: null,
        retries: 0,
        stop: null,
      },
    };
  }

  /** Keeps what a task was handed over with, as long as this gateway lives. */
  remember(taskId: string, env: Readonly<Record<string, string>>): void {
    const hash = createHash("sha256").update(JSON.stringify(env)).digest("base64");
    const shared = [...this.#environments.values()].find((each) => each.hash === hash);
    this.#environments.set(taskId, shared ?? { hash, env });
  }

  forget(taskId: string): void {
    this.#environments.delete(taskId);
  }

  /** What a task begins with: what it was handed over with, or what is left of that. */
  environment(task: Task, order: KeptOrder): Readonly<Record<string, string>> {
    const { store, agents, env } = this.#options;
    const given = this.#environments.get(task.id)?.env ?? { ...env, ...order.env };
    const session = task.sessionId === null ? null : store.session(task.sessionId);
    const kept = session && readKeptLaunch(session.launch);
    return kept ? onSameAccount(given, kept, agents.adapter(order.agent)) : given;
  }

  #refusal({ whenPaused }: Asked, accountId: string, model: string | null): TallyError | null {
    const { pauses, settings, now, store } = this.#options;
    if (whenPaused !== "refuse") return null;
    const account = store.account(accountId);
    const holding = pauses.holding(accountId, model);
    if (!account || !holding) return null;
    const decision = decideLaunch({ account, model, usesModel: true }, holding, settings().block, false);
    return decision.verdict === "held" ? pausedError(decision.pause, now()) : null;
  }

  async #doer(asked: Pick<Asked, "place" | "agent" | "persona" | "args" | "env" | "origin">): Promise<Doer> {
    const { place } = asked;
    if ("sessionId" in place) return this.#inSession(place.sessionId, asked);
    if ("worktreeId" in place) return this.#inWorktree(place.worktreeId, asked);
    return this.#inFolder(place.cwd, asked);
  }

  async #inFolder(cwd: string, asked: Pick<Asked, "agent" | "persona" | "args" | "env" | "origin">): Promise<Doer> {
    return doerOf(await this.#options.sessions.prepare({ ...asked, cwd }), asked.args);
  }

  /** One that is just being made has no folder yet: what the task needs is looked for in the main checkout. */
  async #inWorktree(id: string, asked: Pick<Asked, "agent" | "persona" | "args" | "env" | "origin">): Promise<Doer> {
    const { store, sessions } = this.#options;
    const worktree = store.worktree(id);
    const project = worktree && store.project(worktree.projectId);
    if (!worktree || !project) {
      throw new TallyError("worktree-not-found", `There is no worktree ${id}. See them with: tally list`);
    }
    if (worktree.status !== "adding") return this.#inFolder(worktree.path, asked);
    const prepared = await sessions.prepare({ ...asked, cwd: project.path });
    return {
      ...doerOf(prepared, asked.args),
      cwd: worktree.path,
      projectId: project.id,
      worktreeId: worktree.id,
      place: null,
    };
  }

  #inSession(id: string, { agent, persona, args, env }: Pick<Asked, "agent" | "persona" | "args" | "env">): Doer {
    const { store, agents, accounts } = this.#options;
    const session = store.session(id);
    if (!session) throw new TallyError("session-not-found", `There is no session ${id}. See them all with: tally list`);
    const isOther =
      (agent !== undefined && agent !== session.agent) || (persona !== undefined && persona !== session.persona);
    if (isOther) {
      const text = `Session ${id} is one of ${session.agent}. Leave the agent and the persona out, or start a new session.`;
      throw new TallyError("invalid-request", text);
    }
    if (session.endRequested && session.endedAt === null) {
      throw new TallyError(
        "session-ended",
        `Session ${id} is being ended. Hand the task over once it has: then it goes on.`,
      );
    }
    const adapter = agents.adapter(session.agent);
    const kept = readKeptLaunch(session.launch);
    refuseUnableSession(session, adapter);
    const own = inWorktree(kept ? onSameAccount(env, kept, adapter) : env, store, session.worktreeId);
    const allArgs = session.mode === "headless" ? [...(kept?.ownArgs ?? []), ...args] : args;
    const allowance = accounts.of({ agent: adapter.name, args: kept?.args ?? [], env: own, cwd: session.cwd });
    return {
      agent: session.agent,
      persona: session.persona,
      args: allArgs,
      env: own,
      cwd: session.cwd,
      projectId: session.projectId,
      worktreeId: session.worktreeId,
      sessionId: id,
      accountId: session.accountId ?? allowance.account.id,
      model: allowance.model ?? session.model,
      place: null,
    };
  }
}

/** @throws {TallyError} for a session that nothing can be handed over to */
function refuseUnableSession(session: StoredSession, adapter: AgentAdapter): void {
  const isInTerminal = session.endedAt === null && session.mode === "pty";
  if (!isInTerminal) {
    withHeadless(adapter);
    return;
  }
  if (adapter.sendPrompt !== undefined || adapter.resume("some", "some", []) !== null) return;
  throw new TallyError("not-resumable", `${adapter.label} takes no prompts but what you type in its terminal.`);
}

/** @param args as they were asked for: what a persona adds, it adds when the task begins. */
function doerOf({ adapter, persona, env, cwd, place, allowance }: PreparedHeadless, args: readonly string[]): Doer {
  return {
    agent: adapter.name,
    persona,
    args,
    env,
    cwd,
    projectId: place.projectId,
    worktreeId: place.worktree?.id ?? null,
    sessionId: null,
    accountId: allowance.account.id,
    model: allowance.model,
    place,
  };
}
