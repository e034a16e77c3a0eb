import { setMaxListeners } from "node:events";
import type { Session, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { TaskOutputFrame } from "../../protocol/queue-routes.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import type { Store } from "../store/store.ts";
import type { HeadlessRuns } from "./headless-runs.ts";
import { readKeptOrder } from "./kept-order.ts";
import { type Move, positionAfter, spread } from "./queue-order.ts";
import { sessionAfter } from "./run-outcome.ts";
import { noExit } from "./run-programs.ts";
import type { TaskOrders } from "./task-orders.ts";
import type { TaskOutputs } from "./task-outputs.ts";
import type { ChangedTask, TaskService } from "./task-service.ts";
import { settle } from "../worktrees/projects.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import { writeRun } from "./write-run.ts";

export interface TasksOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly orders: TaskOrders;
  readonly runs: HeadlessRuns;
  readonly outputs: TaskOutputs;
  /** Decides what the queue does: so that an answer can say why a task waits. */
  readonly planNow: () => void;
}

/** What people and other tools do with tasks: hand them over, order them, take them back, look at them. */
export class Tasks implements TaskService {
  readonly #options: TasksOptions;

  constructor(options: TasksOptions) {
    this.#options = options;
  }

  async add(asked: RouteBody<"addTask">): Promise<ChangedTask> {
    const { store, orders, now } = this.#options;
    const { task, order, place, isRefused } = await orders.take(asked);
    const position = positionAfter(this.#waiting(), task.id, { to: asked.at }) ?? 0;
    // Asked again: a pause may have begun while the order was looked at.
    const refusal = isRefused();
    if (refusal) throw refusal;
    orders.remember(task.id, asked.env);
    store.change((transaction) => {
      if (place) settle(store, transaction, place, {}, now());
      transaction.putTask({ ...task, position }, { orderKept: JSON.stringify(order) });
    });
    this.#options.planNow();
    return this.get(task.id);
  }

  async check(asked: RouteBody<"addTask">): Promise<void> {
    const refusal = (await this.#options.orders.take(asked)).isRefused();
    if (refusal) throw refusal;
  }

  get(id: string): ChangedTask {
    const task = this.#options.store.task(id);
    if (task) return { task, session: task.sessionId === null ? null : this.#sessionOf(task) };
    throw new TallyError("task-not-found", `There is no task ${id}. See them with: tally queue list`);
  }

  /** What runs, then what waits, in its order. */
  queue(): Task[] {
    const open = this.#options.store.openRuns();
    return [...open.filter(({ state }) => state === "RUNNING"), ...open.filter(({ state }) => state !== "RUNNING")];
  }

  /** @throws {TallyError} `task-not-found`, `task-not-queued`, `invalid-request` for a place beside a task that does not wait */
  move(id: string, move: Move): ChangedTask {
    const { store, now } = this.#options;
    const { task } = this.get(id);
    if (!isWaiting(task)) throw new TallyError("task-not-queued", `Task ${id} does not wait in the queue.`);
    let waiting = this.#waiting();
    if (positionAfter(waiting, id, move) === null) {
      const room = spread(waiting);
      store.change((transaction) => {
        for (const each of room) transaction.putTask(each);
      });
      waiting = room;
    }
    const position = positionAfter(waiting, id, move);
    if (position === undefined || position === null) {
      throw new TallyError("invalid-request", "The task to put it beside does not wait in the queue.");
    }
    store.change((transaction) => transaction.putTask({ ...task, position, updatedAt: now() }));
    return this.get(id);
  }

  async cancel(id: string): Promise<ChangedTask> {
    const { runs } = this.#options;
    const { task } = this.get(id);
    if (task.kind !== "run")
      throw new TallyError("task-not-queued", `Task ${id} was not handed over to Tally. Stop it where it runs.`);
    if (isTaskEnded(task.state)) throw new TallyError("task-ended", `Task ${id} has ended already.`);
    if (task.state === "RUNNING" && task.run?.via === "headless") await runs.stop(id, "cancelled");
    else this.#cancelWaiting(task);
    return this.get(id);
  }

  /** @throws {TallyError} `task-not-found`, `task-live` */
  async retry(id: string, { env, at }: RouteBody<"retryTask">): Promise<ChangedTask> {
    const { store, now, orders } = this.#options;
    const { task } = this.get(id);
    const order = readKeptOrder(store.orderKept(id));
    if (!order || task.kind !== "run")
      throw new TallyError("task-not-queued", `Task ${id} was not handed over to Tally.`);
    const isStuck = isWaiting(task) && order.needs !== null;
    if (!isTaskEnded(task.state) && !isStuck) {
      throw new TallyError(
        "task-live",
        `Task ${id} has not ended. Wait for it, or cancel it: tally queue remove ${id}`,
      );
    }
    const again = await orders.again(task, order, env);
    const position = isStuck ? task.position : (positionAfter(this.#waiting(), id, { to: at }) ?? 0);
    orders.remember(id, env);
    store.change((transaction) => {
      const run = task.run && { ...task.run, waitsFor: null };
      transaction.putTask(
        {
          ...again.task,
          run,
          state: isStuck ? task.state : "QUEUED",
          position,
          error: null,
          details: null,
          endedAt: null,
          updatedAt: now(),
        },
        { orderKept: JSON.stringify(again.order) },
      );
    });
    this.#options.planNow();
    return this.get(id);
  }

  untilEnded(id: string, signal: AbortSignal): Promise<Task> {
    const { store } = this.#options;
    // Many may wait for one stop of the gateway.
    setMaxListeners(0, signal);
    return new Promise((resolve, reject) => {
      const finish = () => {
        const task = store.task(id);
        const isOver = !task || isTaskEnded(task.state) || signal.aborted;
        if (!isOver) return;
        subscription.dispose();
        signal.removeEventListener("abort", finish);
        if (task) resolve(task);
        else reject(new TallyError("task-not-found", `Task ${id} is not there any more.`));
      };
      const subscription = store.subscribe((events) => {
        const isOfIt = events.some(
          ({ change }) =>
            (change.type === "task.changed" && change.task.id === id) ||
            (change.type === "task.removed" && change.id === id),
        );
        if (isOfIt) finish();
      });
      signal.addEventListener("abort", finish);
      finish();
    });
  }

  /** What a task has done so far, but for the first `from` entries. */
  async output(id: string, from: number): Promise<{ entries: OutputEntry[]; task: Task }> {
    const { task } = this.get(id);
    return { entries: (await this.#options.outputs.entries(task)).slice(from), task };
  }

  follow(
    id: string,
    listener: (frame: TaskOutputFrame) => void,
    onRemoved: () => void = () => undefined,
  ): { dispose(): void } {
    return this.#options.outputs.follow(this.get(id).task, listener, onRemoved);
  }

  /** A session without a terminal is ended: what runs in it is stopped, and what was to follow does not. */
  async endIn(sessionId: string): Promise<void> {
    const open = this.#options.store.openRuns().filter((task) => task.sessionId === sessionId);
    // What waits goes first: it would begin once the one before it has ended.
    const waiting = open.filter(({ state }) => state !== "RUNNING");
    for (const { id } of [...waiting, ...open.filter((task) => !waiting.includes(task))]) {
      // Somebody else may have ended it while the one before it ended.
      const task = this.#options.store.task(id);
      if (task && !isTaskEnded(task.state)) await this.cancel(id).catch(passIfOver);
    }
  }

  #waiting(): Task[] {
    return this.#options.store.openRuns().filter(isWaiting);
  }

  #cancelWaiting(task: Task): void {
    const { store, now } = this.#options;
    const isInTerminal = task.state === "RUNNING";
    const details = isInTerminal
      ? `Its agent has the prompt already. Stop it in its terminal: tally attach ${task.sessionId ?? ""}`
      : "You took it out of the queue.";
    const cancelled: Task = { ...task, state: "CANCELLED", details, position: null, endedAt: now(), updatedAt: now() };
    const session = task.sessionId === null ? null : store.session(task.sessionId);
    store.change((transaction) => {
      if (!session || !this.#isOpenFor(session, task)) {
        transaction.putTask(cancelled);
        return;
      }
      const isKeptOpen = readKeptLaunch(session.launch)?.isKeptOpen ?? false;
      const after = sessionAfter(session, { outcome: "cancelled" }, isKeptOpen, noExit, now());
      writeRun(store, transaction, after, {}, cancelled);
    });
  }

  /** Whether a session is open for the sake of this task, which has begun in it and waits to go on. */
  #isOpenFor({ mode, endedAt, state, id }: Session, task: Task): boolean {
    const hasBegun = (task.run?.attempts ?? 0) > 0;
    const isAlone = !this.#options.store.openRuns().some((each) => each.sessionId === id && each.id !== task.id);
    return mode === "headless" && endedAt === null && state !== "RUNNING" && hasBegun && isAlone;
  }

  #sessionOf({ sessionId }: Task): Session | null {
    return sessionId === null ? null : this.#options.store.session(sessionId);
  }
}

function isWaiting({ state, position }: Task): boolean {
  return position !== null && (state === "QUEUED" || state === "BLOCKED");
}

function passIfOver(error: unknown): void {
  const isOver = error instanceof TallyError && (error.code === "task-ended" || error.code === "task-not-found");
  if (!isOver) throw error;
}
