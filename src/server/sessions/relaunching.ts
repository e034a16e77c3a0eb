import type { Session } from "../../protocol/entities.ts";
import type { Account, Continuation, Settings } from "../../protocol/limits.ts";
import type { AgentAdapter, AgentLaunch } from "../agents/adapter.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Accounts } from "../limits/accounts.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import type { Store, StoredSession } from "../store/store.ts";
import type { Following } from "./following.ts";
import { inWorktree, refuseIfGoing } from "./in-worktree.ts";
import { type BeforeRelaunch, type KeptLaunch, keptEnvironment, readKeptLaunch } from "./kept-launch.ts";
import { type LaunchOptions, planLaunch } from "./launch.ts";
import type { Launching, NewTerminal } from "./launching.ts";
import type { Outputs } from "./outputs.ts";
import type { PtyHosts } from "./pty-hosts.ts";
import { reasonOf } from "./session-state.ts";
import { onSameAccount } from "./same-account.ts";
import { writeSession } from "./session-writer.ts";
import { trackingAfterRelaunch } from "./state/tracking.ts";
import { beforeRelaunch, undoRelaunch } from "./undo-relaunch.ts";

export interface RelaunchingOptions {
  readonly store: Store;
  readonly log: Log;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly personas: Personas;
  readonly settings: () => Settings;
  readonly now: () => number;
  readonly launch: LaunchOptions;
  readonly graceMs: number;
  readonly ptyHosts: PtyHosts;
  readonly following: Following;
  readonly launching: Launching;
  readonly outputs: Pick<Outputs, "settled">;
  /** Whether its process lives where only the person can go on with it. */
  readonly isElsewhere: (session: StoredSession) => boolean;
  /** The gateway's own environment: what is left to launch with when a session's own is gone. */
  readonly env: Readonly<Record<string, string>>;
}

export interface GoOn {
  /** The next prompt; null: none. Of no use to a launch that was held, which has its own. */
  readonly prompt: string | null;
  /** What is told of it, from before it is tried. */
  readonly continuation: Continuation | null;
  readonly reason: string;
  /** Given by a person: the environment for a new process, and the size of their terminal. */
  readonly given?: { readonly env: Readonly<Record<string, string>> | undefined } & Omit<NewTerminal, "env" | "hold">;
  /** Not while a key came within this time, or what was typed has not been sent. 0: regardless. */
  readonly unlessInputWithinMs: number;
  /** Asked at the last moment, with the account that it is going to be on. @throws {TallyError} when it may not. */
  readonly mayStart: (account: Account, model: string | null) => void;
}

export type GoOnOutcome =
  | { readonly outcome: "started" }
  /** The person types in its terminal: nothing was done. */
  | { readonly outcome: "typing" }
  /** Its terminal may be there, and cannot be reached just now: nothing was done. */
  | { readonly outcome: "unreachable" }
  /** Nothing was done; `why` is a sentence for a person. */
  | { readonly outcome: "impossible"; readonly why: string };

/** The first protocol of pty hosts that knows how to put one program in another's place. */
const REPLACES_SINCE = 2;

const UNSIZED = { cols: 80, rows: 24, awaitViewerMs: 0 };

/** Goes on with conversations: in the terminal that they have, or in a new one. */
export class Relaunching {
  readonly #options: RelaunchingOptions;
  readonly #underWay = new Set<string>();

  constructor(options: RelaunchingOptions) {
    this.#options = options;
  }

  /** Whether a session is being relaunched at this moment. */
  isUnderWay(sessionId: string): boolean {
    return this.#underWay.has(sessionId);
  }

  /** @throws {TallyError} when the agent's program cannot be found or started */
  async goOn(session: StoredSession, how: GoOn): Promise<GoOnOutcome> {
    if (this.#underWay.has(session.id)) return impossible("it is being brought back already.");
    this.#underWay.add(session.id);
    try {
      return await this.#goOn(session, how);
    } finally {
      this.#underWay.delete(session.id);
    }
  }

  async #goOn(session: StoredSession, how: GoOn): Promise<GoOnOutcome> {
    const { agents, isElsewhere, settings } = this.#options;
    refuseIfGoing(this.#options.store, session.worktreeId);
    if (isElsewhere(session)) return impossible("it runs in a terminal that is not Tally's.");
    if (session.ptyId !== null) await this.#options.outputs.settled(session.ptyId);
    const terminal = this.#terminalOf(session);
    if (terminal === "unreachable") return { outcome: "unreachable" };
    if (terminal === "old") return impossible("an older Tally holds its terminal. End it, and resume it then.");
    const kept = readKeptLaunch(session.launch) ?? unknownLaunch(session);
    const adapter = agents.adapter(session.agent);
    const args = this.#argsFor(session, kept, adapter, how.prompt);
    if (typeof args === "string") return impossible(args);
    const env = await this.#environment(session, kept, adapter, how);
    if (typeof env === "string") return impossible(env);
    const launch = await planLaunch(this.#options.launch, {
      sessionId: session.id,
      adapter,
      args,
      env,
      mode: "pty",
      cwd: session.cwd,
      mayContinueItself: settings().resumeBy === "agent",
    });
    const other = this.#options.launching.inConversation(session.conversationId, session.id);
    if (other) return impossible(`session ${other.id} is in the same conversation already.`);
    const present = this.#options.store.session(session.id);
    if (!present || hasChanged(session, present)) return impossible("something else was done with it meanwhile.");
    // Asked again: its host may have gone, or come back, meanwhile.
    if (this.#terminalOf(present) !== terminal) return { outcome: "unreachable" };
    const { account, model } = this.#options.accounts.of({
      agent: session.agent,
      args: kept.args,
      env,
      cwd: session.cwd,
    });
    how.mayStart(account, model);
    const isHere = terminal === "here";
    const generation = isHere ? kept.generation + 1 : 1;
    // Not every agent takes a prompt with its launch.
    const pendingPrompt = how.continuation && takesPromptsLate(adapter, session, how.prompt) ? how.prompt : null;
    const nextEnv = { ...kept.env, ...keptEnvironment(env, adapter) };
    // In a new terminal there is no program before it to go back to.
    const before = isHere ? beforeRelaunch(present) : undefined;
    const next: KeptLaunch = { ...kept, env: nextEnv, generation, pendingPrompt, before };
    const prepared = this.#prepare({ ...present, accountId: account.id }, next, launch, how);
    if (before) return this.#replace(before, prepared, launch, generation, how);
    await this.#options.launching.spawn(prepared, launch, { ...UNSIZED, ...how.given, env, hold: false });
    return { outcome: "started" };
  }

  /** Whether it has a terminal to go on in. One whose host cannot be reached just now may have it: nothing must be started beside it. */
  #terminalOf({ ptyId, endedAt }: StoredSession): "here" | "none" | "unreachable" | "old" {
    const { ptyHosts } = this.#options;
    if (ptyId !== null && ptyHosts.has(ptyId)) {
      return ptyHosts.hostOf(ptyId).file.protocol < REPLACES_SINCE ? "old" : "here";
    }
    return endedAt === null && !ptyHosts.isComplete ? "unreachable" : "none";
  }

  /** Arguments to launch it with, or why there are none. */
  #argsFor(session: StoredSession, kept: KeptLaunch, adapter: AgentAdapter, prompt: string | null) {
    if (isHeldLaunch(kept)) return kept.args;
    if (hasNoConversation(session, adapter)) {
      const args = anew(kept, adapter, prompt);
      const isToldPrompt = prompt === null || session.endedAt !== null || kept.args.length === 0;
      return isToldPrompt ? args : `${adapter.label} has had no prompt yet. Type the first one in its terminal.`;
    }
    const { conversationId } = session;
    if (conversationId === null) return `${adapter.label} has not told which conversation it is.`;
    const isLate = takesPromptsLate(adapter, session, prompt);
    const args = adapter.resume(conversationId, isLate ? null : prompt, kept.args);
    return args ?? `${adapter.label} cannot go on with a conversation.`;
  }

  /** What to launch it with, or why it is not known. */
  async #environment(session: StoredSession, kept: KeptLaunch, adapter: AgentAdapter, { given }: GoOn) {
    const { ptyHosts, accounts, personas, store } = this.#options;
    const { agent, persona, cwd, worktreeId } = session;
    const withPersona = async (bare: Readonly<Record<string, string>>) => {
      const env = inWorktree(bare, store, worktreeId);
      return persona === null ? env : (await personas.apply({ agent, persona, args: [], env, cwd })).env;
    };
    const isHere = session.ptyId !== null && ptyHosts.has(session.ptyId);
    if (given?.env && (session.endedAt !== null || !isHere)) {
      return withPersona(onSameAccount(given.env, kept, adapter));
    }
    if (session.ptyId !== null && isHere) {
      return (await ptyHosts.hostOf(session.ptyId).call("environment", { ptyId: session.ptyId })).env;
    }
    const env = await withPersona({ ...this.#options.env, ...kept.env });
    const { account } = accounts.of({ agent, args: kept.args, env, cwd });
    const isSame = session.mode === "external" || session.accountId === null || account.id === session.accountId;
    return isSame
      ? env
      : `what it needs to log in is not known any more. Resume it yourself: tally resume ${session.id}`;
  }

  /** Written before anything is done, so that a gateway that dies meanwhile leaves no doubt. */
  #prepare(session: StoredSession, kept: KeptLaunch, launch: AgentLaunch, how: GoOn): StoredSession {
    const { store, following, now } = this.#options;
    const before = following.tracking(session);
    const tracking = trackingAfterRelaunch(before, launch, now());
    const prepared: Session = {
      ...session,
      mode: "pty",
      conversationId: launch.conversationId ?? session.conversationId,
      state: "STARTING",
      stateSince: now(),
      reason: reasonOf({ text: how.reason, source: "gateway", at: now() }),
      request: null,
      continuation: how.continuation ?? session.continuation,
      agentVersion: launch.version ?? session.agentVersion,
      pid: null,
      exitCode: null,
      exitSignal: null,
      endedAt: null,
      archivedAt: null,
      updatedAt: now(),
    };
    following.relaunched(session.id);
    writeSession(store, prepared, {
      ptyId: session.id,
      endRequested: false,
      processStart: null,
      tracking: JSON.stringify(tracking),
      launch: JSON.stringify(kept),
    });
    const stored = store.session(session.id) ?? session;
    following.follow(stored);
    return stored;
  }

  async #replace(
    before: BeforeRelaunch,
    prepared: StoredSession,
    launch: AgentLaunch,
    generation: number,
    { unlessInputWithinMs }: GoOn,
  ): Promise<GoOnOutcome> {
    const { ptyHosts, graceMs } = this.#options;
    const ptyId = prepared.id;
    try {
      const { outcome } = await ptyHosts.hostOf(ptyId).call("replace", {
        ptyId,
        generation,
        file: launch.file,
        args: launch.args,
        env: launch.env,
        graceMs,
        unlessInputWithinMs,
      });
      if (outcome === "replaced") return { outcome: "started" };
    } catch (error) {
      undoRelaunch(this.#options, ptyId, before);
      throw error;
    }
    undoRelaunch(this.#options, ptyId, before);
    return { outcome: "typing" };
  }
}

/** Whether somebody ended it, or decided what becomes of it, since it was looked at. */
function hasChanged(before: StoredSession, present: StoredSession): boolean {
  return (
    present.endedAt !== before.endedAt ||
    present.endRequested !== before.endRequested ||
    present.continuation?.status !== before.continuation?.status
  );
}

/** Whether its agent gets prompts only once it runs. */
function takesPromptsLate(adapter: AgentAdapter, { conversationId }: Session, prompt: string | null): boolean {
  if (prompt === null || !adapter.sendPrompt || conversationId === null) return false;
  return adapter.resume(conversationId, prompt, []) === null;
}

/** It was held before its start, so it starts as the person wanted it. */
function isHeldLaunch({ wasHeld, hasRun }: KeptLaunch): boolean {
  return wasHeld && !hasRun;
}

/** Nothing was ever said in it: its agent kept nothing to go on with, so it is begun anew, with the prompt that it may have had. */
function hasNoConversation(session: Session, adapter: AgentAdapter): boolean {
  const { promptCount, usage, endedAt, mode, state, conversationId } = session;
  const isAtRest = endedAt !== null || state === "IDLE";
  const isUnspoken = mode === "headless" ? conversationId === null : isAtRest && promptCount === 0 && usage === null;
  return isUnspoken && adapter.resume("some", null, []) !== null;
}

/** As it was launched; what was launched without arguments takes a prompt. */
function anew({ args }: KeptLaunch, { firstPrompt }: AgentAdapter, prompt: string | null): readonly string[] {
  return args.length > 0 || prompt === null ? args : (firstPrompt(prompt) ?? args);
}

function impossible(why: string): GoOnOutcome {
  return { outcome: "impossible", why };
}

/** Of a session from before launches were kept, its command tells. */
function unknownLaunch({ command }: Session): KeptLaunch {
  return { args: command.slice(1), env: {}, generation: 1, wasHeld: false, hasRun: true, pendingPrompt: null };
}
