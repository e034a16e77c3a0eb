import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { TallyEvent } from "../../protocol/events.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { ResumingOptions } from "../limits/resuming.ts";
import { systemTimer, WallClockAlarm } from "../limits/wall-clock-alarm.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { readKeptOrder } from "./kept-order.ts";
import { taskAfter } from "./run-outcome.ts";
import { noExit } from "./run-programs.ts";
import { terminalOutcome } from "./terminal-run.ts";

export interface TerminalRunsOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly settings: () => Settings;
  readonly agents: AgentRegistry;
  readonly sendPrompt: ResumingOptions["sendPrompt"];
  readonly goOn: ResumingOptions["goOn"];
  /** Nobody's typing is interrupted: how long after the last key. */
  readonly typingMs: number;
  /** An agent that has not begun a turn for so long will not. */
  readonly stuckAfterMs: number;
}

/** It could not begin just now. */
export interface TriedInVain {
  readonly againAt: number;
  /** A sentence for a person. */
  readonly why: string;
}

/** A pause began while it was being looked at: the queue says so. */
class HeldMeanwhile extends Error {}

/** Tasks that are given, as the next prompt, to an agent that is open in a terminal. */
export class TerminalRuns {
  readonly #options: TerminalRunsOptions;
  readonly #alarm: WallClockAlarm;
  /** Tasks whose agents, which tell of no prompts, have been seen to work at them. */
  readonly #worked = new Set<string>();
  #subscription: { dispose(): void } | undefined;

  constructor(options: TerminalRunsOptions) {
    this.#options = options;
    this.#alarm = new WallClockAlarm({ now: options.now, setTimer: systemTimer, onDue: () => this.#followAll() });
  }

  /** Begins to follow what becomes of them; call it once sessions are known. */
  start(): void {
    for (const { task, session } of this.#open()) this.#recover(task, session);
    this.#subscription = this.#options.store.subscribe((events) => this.#heard(events));
    this.#followAll();
  }

  stop(): void {
    this.#subscription?.dispose();
    this.#alarm.set(null);
  }

  /**
   * Gives the agent its prompt: without its terminal where it takes one so, else by going on with its conversation.
   * @param isHeld asked at the last moment: a pause may have begun.
   * @returns when to try again, where the person types just now
   * @throws {TallyError} `not-resumable`
   */
  async begin(task: Task, session: StoredSession, isHeld: () => boolean): Promise<TriedInVain | null> {
    const { store, now, settings, sendPrompt, goOn, typingMs } = this.#options;
    const order = readKeptOrder(store.orderKept(task.id));
    // Its agent has the prompt from before the limit.
    const prompt = order?.isContinued ? settings().resumePrompt : (task.description ?? task.title);
    const begun = this.#begun(task);
    const sent = sendPrompt(session, prompt);
    if (sent) {
      store.change((transaction) => transaction.putTask(begun));
      if (!(await sent)) throw this.#takenBack(task, "its agent did not take the prompt.");
      return null;
    }
    store.change((transaction) => transaction.putTask(begun));
    const outcome = await goOn(session, {
      prompt,
      continuation: null,
      reason: `The queue gives it its next task: ${task.title}`,
      unlessInputWithinMs: typingMs,
      mayStart: () => {
        if (isHeld()) throw new HeldMeanwhile();
      },
    }).catch((error: unknown) => {
      if (error instanceof HeldMeanwhile) return null;
      throw this.#takenBack(task, messageOf(error));
    });
    if (outcome === null) {
      this.#takeBack(task);
      return null;
    }
    switch (outcome.outcome) {
      case "started":
        return null;
      case "typing":
        this.#takeBack(task);
        return { againAt: now() + typingMs, why: "You are typing in its terminal." };
      case "unreachable":
        this.#takeBack(task);
        return { againAt: now() + typingMs, why: "Its terminal cannot be reached just now." };
      case "impossible":
        throw this.#takenBack(task, outcome.why);
    }
  }

  #begun(task: Task): Task {
    const at = this.#options.now();
    const run = task.run && { ...task.run, via: "terminal" as const, attempts: task.run.attempts + 1, waitsFor: null };
    return { ...task, state: "RUNNING", details: null, error: null, run, startedAt: at, updatedAt: at };
  }

  #takeBack(task: Task): void {
    const { store, now } = this.#options;
    if (store.task(task.id)?.state !== "RUNNING") return;
    store.change((transaction) => transaction.putTask({ ...task, updatedAt: now() }));
  }

  #takenBack(task: Task, why: string): TallyError {
    this.#takeBack(task);
    return new TallyError("not-resumable", `Its session cannot be given the prompt: ${why}`);
  }

  #heard(events: readonly TallyEvent[]): void {
    const isNews = ({ change }: TallyEvent) =>
      change.type === "session.changed" || (change.type === "task.changed" && change.task.kind === "prompt");
    if (events.some(isNews)) this.#followAll();
  }

  #open(): { task: Task; session: StoredSession }[] {
    const { store } = this.#options;
    return store.openRuns().flatMap((task) => {
      const isInTerminal = task.run?.via === "terminal" && (task.state === "RUNNING" || task.state === "BLOCKED");
      const session = isInTerminal && task.sessionId !== null ? store.session(task.sessionId) : null;
      return session ? [{ task, session }] : [];
    });
  }

  /** A gateway that died after it had written that it hands a prompt over: whether it did so shows in its session. */
  #recover(task: Task, session: StoredSession): void {
    const { store, agents } = this.#options;
    const isUntouched = session.state === "IDLE" && session.stateSince <= (task.startedAt ?? 0);
    if (task.state !== "RUNNING" || !isUntouched || session.endedAt !== null) return;
    const order = readKeptOrder(store.orderKept(task.id));
    // Sent beside the terminal, it may be there without that anything shows it yet.
    const mayBeThere = agents.adapter(session.agent).sendPrompt !== undefined;
    const text =
      "Nobody knows whether its agent got the prompt. Look at its terminal, then cancel this or queue it again.";
    const orderKept = JSON.stringify({ ...order, needs: mayBeThere ? text : null });
    store.change((transaction) => transaction.putTask({ ...task, state: "QUEUED" }, { orderKept }));
  }

  #followAll(): void {
    const { now, stuckAfterMs } = this.#options;
    const open = this.#open();
    for (const { task, session } of open) this.#follow(task, session);
    const lookAt = open.map(({ task }) => (task.startedAt ?? 0) + stuckAfterMs).filter((at) => at > now());
    this.#alarm.set(lookAt.length === 0 ? null : Math.min(...lookAt));
  }

  #follow(task: Task, session: StoredSession): void {
    const { store, now, agents, stuckAfterMs } = this.#options;
    const { hook, files, streams } = agents.adapter(session.agent).reads;
    const tellsPrompts = hook !== undefined || files !== undefined || streams !== undefined;
    const isAtIt = session.state === "RUNNING" && session.reason.source !== "gateway";
    if (isAtIt && session.stateSince >= (task.startedAt ?? 0)) this.#worked.add(task.id);
    const evidence = tellsPrompts
      ? { prompts: store.openPrompts(session.id) }
      : { hasWorked: this.#worked.has(task.id) };
    const outcome = terminalOutcome(session, task, evidence, { now: now(), stuckAfterMs });
    if (outcome?.outcome === "blocked") {
      if (task.state === "BLOCKED") return;
      const order = readKeptOrder(store.orderKept(task.id));
      const blocked: Task = { ...task, state: "BLOCKED", details: session.reason.text, updatedAt: now() };
      const orderKept = JSON.stringify({ ...order, isContinued: true });
      store.change((transaction) => transaction.putTask(blocked, { orderKept }));
    } else if (outcome) {
      this.#put(taskAfter(task, outcome, noExit, now()));
    } else if (task.state === "BLOCKED" && session.state === "RUNNING") {
      this.#put({ ...task, state: "RUNNING", details: null, updatedAt: now() });
    }
  }

  #put(task: Task): void {
    if (task.endedAt !== null) this.#worked.delete(task.id);
    this.#options.store.change((transaction) => transaction.putTask(task));
  }
}
