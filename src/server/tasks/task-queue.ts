import type { Task } from "../../protocol/entities.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import type { Change, TallyEvent } from "../../protocol/events.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { TaskWait } from "../../protocol/tasks.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { systemTimer, WallClockAlarm } from "../limits/wall-clock-alarm.ts";
import type { Log } from "../log.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { type KeptOrder, readKeptOrder } from "./kept-order.ts";
import { QueueFacts } from "./queue-facts.ts";
import { planQueue, type QueueSituation, type WaitingTask } from "./queue-plan.ts";
import { retryAfterMs } from "./run-outcome.ts";
import { waitOf } from "./task-wait.ts";
import type { TriedInVain } from "./terminal-runs.ts";

export interface TaskQueueOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly settings: () => Settings;
  readonly agents: AgentRegistry;
  /** Bytes that programs can still get. */
  readonly freeMemoryBytes: () => number;
  /** @throws {TallyError} when it cannot begin; then nothing was written. */
  readonly beginHeadless: (task: Task, order: KeptOrder, mayBegin: () => boolean) => Promise<void>;
  /** @throws {TallyError} the same; resolves with when to try again where the person types in the terminal. */
  readonly beginInTerminal: (task: Task, session: StoredSession, isHeld: () => boolean) => Promise<TriedInVain | null>;
  readonly stopForTime: (taskId: string) => Promise<void>;
}

const LOOK_AGAIN_MS = 5_000;
/** What happens within this time is looked at once. */
const GATHER_MS = 20;
const NOT_BEGUN_MS = 1_000;
const MEGABYTE = 1024 * 1024;

/** Begins what waits in the queue as soon as it may. What is to come is in the store, so that the next gateway goes on with it. */
export class TaskQueue {
  readonly #options: TaskQueueOptions;
  readonly #alarm: WallClockAlarm;
  /** When an account was last seen to work. */
  readonly #provenAt = new Map<string, number>();
  readonly #beginning = new Set<string>();
  readonly #stopping = new Set<string>();
  #subscription: { dispose(): void } | undefined;
  readonly #orders = new Map<string, { readonly text: string; readonly order: KeptOrder }>();
  #cancelPlan: () => void = () => undefined;
  #isPlanning = false;
  #isStopped = false;

  constructor(options: TaskQueueOptions) {
    this.#options = options;
    this.#alarm = new WallClockAlarm({ now: options.now, setTimer: systemTimer, onDue: () => this.planSoon() });
  }

  /** Begins to look after the queue; call it once sessions and programs are known. */
  start(): void {
    this.#subscription = this.#options.store.subscribe((events) => this.#heard(events));
    this.planSoon();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelPlan();
    this.#subscription?.dispose();
    this.#alarm.set(null);
  }

  /** Whether something runs, or begins without a person. */
  get isNeeded(): boolean {
    return this.#options.store.openRuns().some(({ run }) => run?.waitsFor?.kind !== "person");
  }

  /** An account's agent works: its limits are gone. */
  proven(accountId: string): void {
    const isNews = this.#facts().isUnproven(accountId);
    this.#provenAt.set(accountId, this.#options.now());
    if (isNews) this.planSoon();
  }

  planSoon(): void {
    if (this.#isPlanning || this.#isStopped) return;
    this.#isPlanning = true;
    this.#cancelPlan = systemTimer(GATHER_MS, () => {
      this.#isPlanning = false;
      this.planNow();
    });
  }

  /** Decides who begins, and why the others wait. What begins is begun afterwards. */
  planNow(): void {
    if (!this.#isStopped) this.#plan();
  }

  #heard(events: readonly TallyEvent[]): void {
    for (const { change } of events) {
      if (change.type !== "session.changed") continue;
      const { accountId, continuation } = change.session;
      const hasGoneOn = continuation?.status === "resumed" && continuation.owner !== "person";
      if (hasGoneOn && accountId !== null) this.#provenAt.set(accountId, this.#options.now());
    }
    if (events.some(({ change }) => isNews(change))) this.planSoon();
  }

  #plan(): void {
    const { store, settings, freeMemoryBytes, now } = this.#options;
    const open = store.openRuns();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of this.#orders.keys()) if (!ids.has(id)) this.#orders.delete(id);
    if (open.length === 0) {
      this.#alarm.set(null);
      return;
    }
    const facts = this.#facts();
    const running = open.filter(({ id, state }) => state === "RUNNING" || this.#beginning.has(id));
    const waiting = open.filter((task) => !running.includes(task)).map((task) => this.#waiting(task, facts));
    const { maxTasks, maxTasksPerAccount, minFreeMemoryMb } = settings();
    const situation: QueueSituation = {
      waiting: waiting.map(({ waits }) => waits),
      running: running.map((task) => ({
        accountId: task.accountId ?? "",
        title: task.title,
        place: placeOfTask(task),
      })),
      busyPlaces: facts.busyPlaces(),
      unproven: new Set(
        open.flatMap(({ accountId }) => (accountId !== null && facts.isUnproven(accountId) ? [accountId] : [])),
      ),
      maxTasks,
      maxTasksPerAccount,
      hasMemory: minFreeMemoryMb === 0 || freeMemoryBytes() >= minFreeMemoryMb * MEGABYTE,
    };
    const { start, waits } = planQueue(situation);
    this.#writeWaits(
      waiting.map(({ task }) => task),
      waits,
    );
    for (const { task, order } of waiting) {
      if (start.includes(task.id)) void this.#begin(task, order);
    }
    this.#alarm.set(this.#nextLookAt(running, [...waits.values()], now()));
  }

  #facts(): QueueFacts {
    return new QueueFacts({ ...this.#options, provenAt: this.#provenAt });
  }

  #waiting(task: Task, facts: QueueFacts): { task: Task; order: KeptOrder; waits: WaitingTask } {
    const order = this.#orderOf(task);
    const accountId = task.accountId ?? "";
    const session = facts.session(task.sessionId);
    const wait = waitOf({
      ...{ task, order },
      pause: facts.pauseOf(task, order),
      worktree: facts.worktree(task.worktreeId),
      session,
      beside: session && facts.besideIn(session),
      now: this.#options.now(),
    });
    const label = facts.label(accountId) ?? task.agent;
    return { task, order, waits: { id: task.id, title: task.title, accountId, label, place: placeOfTask(task), wait } };
  }

  /** Parsed once for each text: a long queue is looked at often. */
  #orderOf(task: Task): KeptOrder {
    const text = this.#options.store.orderKept(task.id) ?? "";
    const known = this.#orders.get(task.id);
    if (known?.text === text) return known.order;
    const order = keptOrderOf(this.#options.store, task);
    this.#orders.set(task.id, { text, order });
    return order;
  }

  #writeWaits(tasks: readonly Task[], waits: ReadonlyMap<string, TaskWait>): void {
    const { store } = this.#options;
    const changed = tasks.flatMap((task) => {
      const wait = waits.get(task.id) ?? null;
      if (wait === null || !task.run || JSON.stringify(wait) === JSON.stringify(task.run.waitsFor)) return [];
      return [{ ...task, run: { ...task.run, waitsFor: wait } }];
    });
    if (changed.length === 0) return;
    store.change((transaction) => {
      for (const task of changed) transaction.putTask(task);
    });
  }

  async #begin(task: Task, order: KeptOrder): Promise<void> {
    const { store, log, now, beginHeadless, beginInTerminal } = this.#options;
    this.#beginning.add(task.id);
    try {
      const session = task.sessionId === null ? null : store.session(task.sessionId);
      const isInTerminal = session !== null && session.endedAt === null && session.mode === "pty";
      log.info("task begins", { id: task.id, via: isInTerminal ? "terminal" : "headless" });
      if (!isInTerminal) {
        await beginHeadless(task, order, () => this.#mayBegin(task));
        const after = store.task(task.id);
        const hasBegun = after?.run?.attempts !== task.run?.attempts;
        // Whatever keeps it back, it must not be tried without end.
        if (!hasBegun) this.#keep(task.id, { retryAt: now() + NOT_BEGUN_MS });
        return;
      }
      const isHeld = () => this.#facts().pauseOf(task, order) !== null;
      const later = await beginInTerminal(task, session, isHeld);
      if (later) this.#keep(task.id, { retryAt: later.againAt, retryText: later.why });
    } catch (error) {
      log.warn("task not begun", { id: task.id, error });
      this.#notBegun(task.id, order, error);
    } finally {
      this.#beginning.delete(task.id);
      this.planSoon();
    }
  }

  /** Nothing has begun, so nothing is done twice: what passes by itself is tried again, and for the rest a person is needed. */
  #notBegun(taskId: string, order: KeptOrder, error: unknown): void {
    const { now } = this.#options;
    const why = error instanceof TallyError ? error.message : "Tally failed at it; its log says more.";
    if (order.isImmediate) {
      this.#fail(taskId, why);
      return;
    }
    const isPassing = !(error instanceof TallyError) || passing.has(error.code);
    const waitMs = isPassing ? retryAfterMs(order.retries) : undefined;
    if (waitMs === undefined) this.#keep(taskId, { needs: why });
    else
      this.#keep(taskId, {
        retryAt: now() + waitMs,
        retries: order.retries + 1,
        retryText: `${why} It is tried again.`,
      });
  }

  #fail(taskId: string, error: string): void {
    const { store, now } = this.#options;
    const task = store.task(taskId);
    if (!task || this.#isStopped || task.endedAt !== null || task.state === "RUNNING") return;
    const failed: Task = {
      ...task,
      state: "ERROR",
      error,
      details: error,
      position: null,
      endedAt: now(),
      updatedAt: now(),
    };
    store.change((transaction) => transaction.putTask(failed));
  }

  /** Asked again after all that took time: it may have been cancelled or moved, or a pause may have begun. */
  #mayBegin(before: Task): boolean {
    const task = this.#options.store.task(before.id);
    if (this.#isStopped || task?.state !== before.state || task.run?.attempts !== before.run?.attempts) return false;
    const facts = this.#facts();
    return !facts.busyPlaces().has(placeOfTask(task)) && this.#waiting(task, facts).waits.wait === null;
  }

  #keep(taskId: string, change: Partial<KeptOrder>): void {
    const { store } = this.#options;
    const task = store.task(taskId);
    if (!task || this.#isStopped || task.endedAt !== null || task.state === "RUNNING") return;
    const orderKept = JSON.stringify({ ...keptOrderOf(store, task), ...change });
    store.change((transaction) => transaction.putTask(task, { orderKept }));
  }

  #nextLookAt(running: readonly Task[], waits: readonly TaskWait[], now: number): number | null {
    const times = waits.flatMap(({ kind, until }) => {
      if (kind === "memory") return [now + LOOK_AGAIN_MS];
      return kind === "retry" && until !== null ? [until] : [];
    });
    for (const { id, run, startedAt } of running) {
      if (run?.via !== "headless" || run.timeLimitMs === null || startedAt === null) continue;
      const endsAt = startedAt + run.timeLimitMs;
      if (endsAt > now) times.push(endsAt);
      else if (!this.#stopping.has(id)) void this.#stopForTime(id);
    }
    return times.length === 0 ? null : Math.min(...times);
  }

  async #stopForTime(taskId: string): Promise<void> {
    const { log, stopForTime, now } = this.#options;
    this.#stopping.add(taskId);
    try {
      await stopForTime(taskId);
    } catch (error) {
      log.warn("task over its time not stopped", { id: taskId, error });
      if (!this.#isStopped) this.#alarm.set(now() + LOOK_AGAIN_MS);
    } finally {
      this.#stopping.delete(taskId);
    }
  }
}

/** Programs are replaced by their updates, sessions and worktrees are busy for a while. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "program-missing",
  "program-not-executable",
  "folder-unreadable",
  "worktree-busy",
  "not-resumable",
  "session-live",
  "pty-host-unavailable",
  "spawn-failed",
  "internal",
]);

/** What two tasks must not do at once: work in one worktree, or in one main checkout. */
export function placeOfTask({ worktreeId, projectId }: Pick<Task, "worktreeId" | "projectId">): string {
  return worktreeId ?? projectId;
}

/** @throws {TallyError} `internal` for a task that is none of the queue's */
export function keptOrderOf(store: Pick<Store, "orderKept">, { id }: Task): KeptOrder {
  const order = readKeptOrder(store.orderKept(id));
  if (order) return order;
  throw new TallyError("internal", `What is kept of task ${id} cannot be read.`);
}

function isNews(change: Change): boolean {
  switch (change.type) {
    case "session.changed":
    case "session.removed":
    case "pause.changed":
    case "worktree.changed":
    case "worktree.removed":
      return true;
    case "task.changed":
      return change.task.kind === "run";
    default:
      return false;
  }
}
