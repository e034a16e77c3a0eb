import { setTimeout as delay } from "node:timers/promises";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { Operation, Step, StepId } from "../../protocol/worktrees.ts";
import type { Log } from "../log.ts";
import type { Journal } from "./journal.ts";
import type { WorktreeRows } from "./worktree-rows.ts";

/** What a step tells while it runs. */
export interface Progress {
  readonly signal: AbortSignal;
  /** How far it is, for a person. */
  readonly tell: (detail: string) => void;
  /** The process whose terminal shows it. */
  readonly showProcess: (processId: string) => void;
}

/** One step of an operation. Each can be done again after it was cut off. */
export interface PlannedStep {
  readonly id: StepId;
  readonly label: string;
  /** From its beginning on it is too late to cancel. */
  readonly isPastReturn?: true;
  /** Answers what came of it, for a person; null: nothing worth telling. */
  readonly run: (progress: Progress) => Promise<string | null>;
}

export interface PlannedOperation {
  readonly worktreeId: string;
  readonly operation: Operation;
  readonly steps: readonly PlannedStep[];
  /** What its commands and agents get; also for undoing it. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether what it has made goes when it is cancelled. */
  readonly isUndoneByCancel: boolean;
  /** What is written together with its end. */
  readonly done: { readonly worktree: Partial<Worktree>; readonly journal?: Partial<Journal> };
  readonly onDone: () => void;
  /** What is left of it is undone or kept; returns what to tell of the worktree. */
  readonly onFailed: (error: TallyError, failedStep: StepId | null) => Promise<void>;
}

/** What takes longer to stop is cut off with the gateway. */
const STOP_MS = 2_000;

/** A person reads no faster, and every word is an event. */
const TELL_EVERY_MS = 150;

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  readonly env: Readonly<Record<string, string>>;
  readonly isUndoneByCancel: boolean;
}

/** What is being done to worktrees: one operation each, told step by step, and cancelled on demand. */
export class Operations {
  readonly #rows: WorktreeRows;
  readonly #log: Log;
  readonly #now: () => number;
  #isStopping = false;
  readonly #running = new Map<string, Running>();
  /** Of which it is just being decided what is done. */
  readonly #claimed = new Set<string>();

  constructor(options: { readonly rows: WorktreeRows; readonly log: Log; readonly now: () => number }) {
    this.#rows = options.rows;
    this.#log = options.log;
    this.#now = options.now;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  isRunning(worktreeId: string): boolean {
    return this.#running.has(worktreeId);
  }

  /** @throws {TallyError} `worktree-busy` */
  refuseBusy({ id, name, operation }: Worktree): void {
    if (!this.isRunning(id) && !this.#claimed.has(id)) return;
    const doing =
      operation === null
        ? "changed"
        : { add: "made", adopt: "adopted", remove: "removed", restore: "restored" }[operation.kind];
    throw new TallyError(
      "worktree-busy",
      `Worktree ${name} is being ${doing}. Wait until that is over, or cancel it: tally repair ${name} --undo`,
    );
  }

  /**
   * Decides and begins, while nobody else may.
   * @throws {TallyError} `worktree-busy`, and what `decide` throws
   */
  async claim<T>(worktree: Worktree, decide: () => Promise<T>): Promise<T> {
    this.refuseBusy(worktree);
    this.#claimed.add(worktree.id);
    try {
      return await decide();
    } finally {
      this.#claimed.delete(worktree.id);
    }
  }

  /** Stops what is being done; resolves once it is undone or left to be repaired, with what it was. Null: nothing was. */
  async cancel(worktreeId: string): Promise<Pick<Running, "env" | "isUndoneByCancel"> | null> {
    const running = this.#running.get(worktreeId);
    running?.abort.abort();
    await running?.ended;
    return running ?? null;
  }

  async settled(worktreeId: string): Promise<void> {
    await this.#running.get(worktreeId)?.ended;
  }

  /** Leaves what is being done to be repaired: its git and its commands end, and nothing is undone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const { abort } of this.#running.values()) abort.abort();
    const ended = Promise.allSettled([...this.#running.values()].map((running) => running.ended));
    await Promise.race([ended, delay(STOP_MS, undefined, { ref: false })]);
  }

  /** Begins an operation that is written already; it goes on by itself. */
  begin(planned: PlannedOperation): void {
    const abort = new AbortController();
    const ended = this.#run(planned, abort.signal)
      .catch((error: unknown) => this.#leave(planned.worktreeId, error))
      .finally(() => {
        if (this.#running.get(planned.worktreeId)?.abort === abort) this.#running.delete(planned.worktreeId);
      });
    const { env, isUndoneByCancel } = planned;
    this.#running.set(planned.worktreeId, { abort, ended, env, isUndoneByCancel });
  }

  /** What was to be undone could not be. */
  #leave(worktreeId: string, error: unknown): void {
    this.#log.error("an operation is not undone", { worktreeId, error });
    const { operation } = this.#rows.get(worktreeId);
    const message = messageOf(error);
    const told = operation && { ...operation, error: { code: operation.error?.code ?? "internal", message } };
    this.#rows.update(worktreeId, { status: "broken", operation: told });
  }

  /** Marks one whose operation was cut off: it is to be repaired. */
  interrupted({ id, name, operation }: Worktree): void {
    if (operation === null) return;
    const message = `It was interrupted. Finish or undo it: tally repair ${name}`;
    const error = { code: "internal", message };
    const cutOff = { ...operation, state: "interrupted" as const, error, endedAt: this.#now() };
    this.#rows.update(id, { status: "broken", operation: cutOff });
  }

  async #run(
    { worktreeId, operation, steps, done, onDone, onFailed }: PlannedOperation,
    signal: AbortSignal,
  ): Promise<void> {
    const told = operation.steps.map((step) => ({ ...step }));
    const tell = () =>
      this.#rows.update(worktreeId, { operation: { ...operation, steps: told.map((each) => ({ ...each })) } });
    let at: StepId | null = null;
    let isPastReturn = false;
    const stopIfCancelled = () => {
      if (!isPastReturn) signal.throwIfAborted();
    };
    try {
      for (const [index, planned] of steps.entries()) {
        const step = told[index];
        if (!step) continue;
        at = planned.id;
        stopIfCancelled();
        isPastReturn ||= planned.isPastReturn ?? false;
        step.state = "running";
        tell();
        step.detail = (await planned.run(this.#progress(step, tell, signal))) ?? step.detail;
        step.state = "done";
        tell();
      }
      // A stop of the gateway comes too late for what is done.
      if (!this.#isStopping) stopIfCancelled();
    } catch (error) {
      const failure = this.#failureOf(error, signal.aborted && !isPastReturn, worktreeId);
      const failed = told.find(({ state }) => state === "running");
      if (failed) Object.assign(failed, { state: "failed", detail: failure.message });
      if (this.#isStopping && signal.aborted) {
        this.interrupted(this.#rows.get(worktreeId));
        return;
      }
      const { code, message } = failure;
      const state = code === "cancelled" ? ("cancelled" as const) : ("failed" as const);
      const over = { ...operation, steps: told, state, error: { code, message }, endedAt: this.#now() };
      this.#rows.update(worktreeId, { operation: over });
      await onFailed(failure, at);
      return;
    }
    const over: Operation = { ...operation, steps: told, state: "done", endedAt: this.#now() };
    this.#rows.update(worktreeId, { ...done.worktree, operation: over }, done.journal);
    onDone();
  }

  #progress(step: Step, tell: () => void, signal: AbortSignal): Progress {
    let toldAt = 0;
    return {
      signal,
      tell: (detail) => {
        step.detail = detail;
        if (this.#now() - toldAt < TELL_EVERY_MS) return;
        toldAt = this.#now();
        tell();
      },
      showProcess: (processId) => {
        step.processId = processId;
        tell();
      },
    };
  }

  #failureOf(error: unknown, isCancelled: boolean, worktreeId: string): TallyError {
    if (isCancelled) return new TallyError("cancelled", "It was cancelled.");
    if (error instanceof TallyError) return error;
    this.#log.error("a step failed", { worktreeId, error });
    return new TallyError("internal", messageOf(error));
  }
}

/** An operation at its beginning. */
export function newOperation(
  id: string,
  kind: Operation["kind"],
  steps: readonly PlannedStep[],
  now: number,
): Operation {
  return {
    id,
    kind,
    state: "running",
    steps: steps.map((step) => ({ id: step.id, label: step.label, state: "pending", detail: null, processId: null })),
    error: null,
    startedAt: now,
    endedAt: null,
  };
}
