import type { Session, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { TallyEvent } from "../../protocol/events.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { ResumingOptions } from "../limits/resuming.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { taskAfter } from "./run-outcome.ts";
import { terminalOutcome } from "./terminal-run.ts";

type StoredSession = Session & SessionInternals;

export interface TerminalRunsOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly agents: AgentRegistry;
  readonly sendPrompt: ResumingOptions["sendPrompt"];
  readonly goOn: ResumingOptions["goOn"];
  /** Nobody's typing is interrupted: how long after the last key. */
  readonly typingMs: number;
}

const NO_EXIT = { exitCode: null, signal: null };

/** Tasks that are given, as the next prompt, to an agent that is open in a terminal. */
export class TerminalRuns {
  readonly #options: TerminalRunsOptions;
  #subscription: { dispose(): void } | undefined;

  constructor(options: TerminalRunsOptions) {
    this.#options = options;
  }

  /** Begins to follow what becomes of them. */
  start(): void {
    this.#subscription = this.#options.store.subscribe((events) => this.#heard(events));
    this.#followAll();
  }

  stop(): void {
    this.#subscription?.dispose();
  }

  /**
   * Gives the agent its prompt: without its terminal where it takes one so, else by going on with its conversation.
   * @returns when to try again, where the person types just now
   * @throws {TallyError} `not-resumable`
   */
  async begin(task: Task, session: StoredSession): Promise<{ readonly againAt: number } | null> {
    const { store, now, sendPrompt, goOn, typingMs } = this.#options;
    const prompt = task.description ?? task.title;
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
      mayStart: () => undefined,
    }).catch((error: unknown) => {
      throw this.#takenBack(task, error instanceof Error ? error.message : String(error));
    });
    switch (outcome.outcome) {
      case "started":
        return null;
      case "typing":
      case "unreachable":
        this.#takeBack(task);
        return { againAt: now() + typingMs };
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

  #followAll(): void {
    const { store } = this.#options;
    for (const task of store.openRuns()) {
      const isInTerminal = task.run?.via === "terminal" && (task.state === "RUNNING" || task.state === "BLOCKED");
      const session = isInTerminal && task.sessionId !== null ? store.session(task.sessionId) : null;
      if (session) this.#follow(task, session);
    }
  }

  #follow(task: Task, session: StoredSession): void {
    const { store, now, agents } = this.#options;
    const { hook, files, streams } = agents.adapter(session.agent).reads;
    const tellsPrompts = hook !== undefined || files !== undefined || streams !== undefined;
    const outcome = terminalOutcome(session, task, tellsPrompts ? store.openPrompts(session.id) : null);
    if (outcome?.outcome === "blocked") {
      if (task.state !== "BLOCKED")
        this.#put({ ...task, state: "BLOCKED", details: session.reason.text, updatedAt: now() });
    } else if (outcome) {
      this.#put(taskAfter(task, outcome, NO_EXIT, now()));
    } else if (task.state === "BLOCKED" && session.state === "RUNNING") {
      this.#put({ ...task, state: "RUNNING", details: null, updatedAt: now() });
    }
  }

  #put(task: Task): void {
    this.#options.store.change((transaction) => transaction.putTask(task));
  }
}
