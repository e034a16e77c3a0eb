import type { Project, Session, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { AgentAdapter } from "../agents/adapter.ts";
import { findProgram } from "../agents/find-program.ts";
import type { AgentHeadless } from "../agents/headless.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { usualAgent } from "../agents/usual-agent.ts";
import { newSessionId, newTaskId } from "../ids.ts";
import type { Accounts, Allowance } from "../limits/accounts.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import type { SessionInternals, Store, Transaction } from "../store/store.ts";
import { type Place, placeOf, settle } from "../worktrees/projects.ts";
import { workingFolder } from "./folders.ts";
import { inWorktree, refuseIfGoing } from "./in-worktree.ts";
import { type KeptLaunch, keptEnvironment } from "./kept-launch.ts";
import { newSession, rootTaskOf } from "./new-session.ts";
import { followSession, reasonOf } from "./session-state.ts";

export interface HeadlessSessionOrder {
  /** Left out: the persona's; else the one that is set for worktrees; else the first that is installed. */
  readonly agent?: string | undefined;
  readonly persona?: string | undefined;
  readonly args?: readonly string[];
  readonly cwd: string;
  /** Whole; left out: the gateway's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly origin: RouteBody<"createSession">["origin"];
  readonly title?: string | undefined;
  /** It stays when a task ends, until somebody ends it. */
  readonly isKeptOpen: boolean;
}

export interface CreatedHeadless {
  readonly session: Session;
  readonly project: Project;
  readonly task: Task;
}

/** Sessions without a terminal: IDLE until a task is run in them. */
export interface HeadlessSessionService {
  /** Starts nothing, so no pause holds it. @throws {TallyError} for a bad folder, agent, program or persona */
  create(order: HeadlessSessionOrder): Promise<CreatedHeadless>;
}

export interface HeadlessSessionsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly personas: Personas;
  readonly settings: () => Settings;
  readonly now: () => number;
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A session without a terminal that can be made: all that it needs is there. */
export interface PreparedHeadless {
  readonly adapter: AgentAdapter & { readonly headless: AgentHeadless };
  readonly persona: string | null;
  readonly args: readonly string[];
  /** Without those of the persona. */
  readonly ownArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Canonical. */
  readonly cwd: string;
  readonly place: Place;
  readonly allowance: Allowance;
}

/** What a session is of that is made before any agent is installed. */
const FIRST_AGENT = "claude";

export class HeadlessSessions implements HeadlessSessionService {
  readonly #options: HeadlessSessionsOptions;

  constructor(options: HeadlessSessionsOptions) {
    this.#options = options;
  }

  async create(order: HeadlessSessionOrder): Promise<CreatedHeadless> {
    const prepared = await this.prepare(order, false);
    const { title, origin, isKeptOpen } = order;
    const created = this.#options.store.change((transaction) =>
      this.write(transaction, prepared, { title, origin, isKeptOpen }),
    );
    this.#options.log.info("session created", { id: created.session.id, mode: "headless", cwd: prepared.cwd });
    return created;
  }

  /**
   * Looks whether such a session could be made; nothing is written.
   * @param mustRun a program has to be there: it is going to be started.
   * @throws {TallyError} for a bad folder, agent, program or persona
   */
  async prepare(order: Omit<HeadlessSessionOrder, "isKeptOpen" | "title">, mustRun = true): Promise<PreparedHeadless> {
    const { store, agents, accounts, personas } = this.#options;
    const cwd = await workingFolder(order.cwd, order.origin === "cli");
    const place = await placeOf(cwd);
    const worktreeId = place.worktree?.id ?? null;
    refuseIfGoing(store, worktreeId);
    const given = inWorktree(order.env ?? this.#options.env, store, worktreeId);
    const { persona } = order;
    const named = order.agent ?? (persona === undefined ? this.#usualAgent(given["PATH"] ?? "", mustRun) : undefined);
    const applied = await personas.apply({ agent: named, persona, args: order.args ?? [], env: given, cwd });
    const adapter = withHeadless(agents.adapter(applied.agent));
    const { args, env } = applied;
    if (mustRun && adapter.program !== null) findProgram(adapter.program, { ...env }, cwd);
    const asked = adapter.headless.launch({ prompt: "", conversationId: null, args });
    const allowance = accounts.of({ agent: adapter.name, args: asked.args, env, cwd });
    return { adapter, persona: persona ?? null, args, ownArgs: order.args ?? [], env, cwd, place, allowance };
  }

  /** Writes a new session with its project and its root task. */
  write(
    transaction: Transaction,
    prepared: PreparedHeadless,
    order: Pick<HeadlessSessionOrder, "title" | "origin" | "isKeptOpen"> & { readonly id?: string | undefined },
  ): CreatedHeadless {
    const { store } = this.#options;
    const { adapter, persona, args, env, cwd, place, allowance } = prepared;
    const now = this.#options.now();
    const project = settle(store, transaction, place, {}, now);
    const request = { title: order.title, args: [...args], origin: order.origin, mode: "headless" as const };
    const session: Session = {
      ...newSession({
        id: order.id ?? newSessionId(),
        taskId: newTaskId(adapter.name, now),
        projectId: project.id,
        worktreeId: place.worktree?.id ?? null,
        cwd,
        request: { ...request, ...(persona !== null && { persona }) },
        adapter,
        launch: { conversationId: null, version: null },
        accountId: allowance.account.id,
        now,
      }),
      state: "IDLE",
      reason: reasonOf({ text: "No task has been given to it yet.", source: "gateway", at: now }),
    };
    const kept: KeptLaunch = {
      args: [...args],
      ownArgs: [...prepared.ownArgs],
      env: keptEnvironment(env, adapter),
      generation: 1,
      wasHeld: false,
      hasRun: false,
      pendingPrompt: null,
      isKeptOpen: order.isKeptOpen,
    };
    const task = followSession(rootTaskOf(session, adapter.name, null), session);
    const internals: SessionInternals = {
      ptyId: null,
      endRequested: false,
      processStart: null,
      tracking: null,
      launch: JSON.stringify(kept),
    };
    transaction.putSession(session, internals);
    transaction.putTask(task);
    return { session, project, task };
  }

  /** @throws {TallyError} `agent-unknown` where none is set or installed, and one has to be */
  #usualAgent(path: string, mustRun: boolean): string {
    const { agents, settings } = this.#options;
    const agent = usualAgent(agents, path, settings().worktreeAgent) ?? (mustRun ? null : FIRST_AGENT);
    if (agent !== null) return agent;
    throw new TallyError(
      "agent-unknown",
      "No agent is installed that Tally knows. Install one, or name the demo: demo",
    );
  }
}

/** @throws {TallyError} `agent-not-headless` */
export function withHeadless(adapter: AgentAdapter): AgentAdapter & { readonly headless: AgentHeadless } {
  const { headless } = adapter;
  if (headless) return { ...adapter, headless };
  throw new TallyError(
    "agent-not-headless",
    `${adapter.label} takes no work without a terminal. Name another agent: --agent claude`,
  );
}
