import type { Session, Task, Usage } from "../../protocol/entities.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import { noUsage } from "../../protocol/usage.ts";
import type { HeadlessEnd, HeadlessReading } from "../agents/headless.ts";
import type { LimitReport } from "../agents/reading.ts";
import type { Accounts } from "../limits/accounts.ts";
import type { Pauses } from "../limits/pauses.ts";
import type { Pause } from "../../protocol/limits.ts";
import type { Log } from "../log.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import { type LaunchOptions, removeLaunchFiles } from "../sessions/launch.ts";
import { plausibleUsage, withPlausibleReset } from "../sessions/state/plausible.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { type KeptOrder, readKeptOrder } from "./kept-order.ts";
import { addUsage, outcomeOf, sessionAfter, taskAfter } from "./run-outcome.ts";
import type { RunExit } from "./run-programs.ts";
import { writeRun } from "./write-run.ts";

export interface RunStoryOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly launch: LaunchOptions;
  /** An agent has worked: its account's limits are not in force. */
  readonly onProof: (accountId: string) => void;
  /** It has done something more. */
  readonly onOutput: (taskId: string, entry: OutputEntry) => void;
}

/** One run of a task, and what is known of it so far. */
export interface ActiveRun {
  readonly taskId: string;
  readonly attempt: number;
  readonly entries: OutputEntry[];
  hasSpoken: boolean;
  /** Of this run so far. */
  usage: Usage | null;
  /** When that was last told: each time costs an event with the whole task. */
  usageToldAt: number;
}

const USAGE_EVERY_MS = 1_000;

export interface RunOver {
  readonly end: HeadlessEnd;
  readonly exit: RunExit;
  /** Nobody saw how its process ended. */
  readonly isVanished: boolean;
}

/** Writes what a program said of its run. Said again, it changes nothing. */
export function hearReading(active: ActiveRun, reading: HeadlessReading, options: RunStoryOptions): void {
  const { store, now, accounts, onProof, onOutput } = options;
  const task = store.task(active.taskId);
  const session = task?.sessionId ? store.session(task.sessionId) : null;
  if (!task || !session) return;
  const put = (change: Partial<Session>, ofTask: Partial<Task> = {}) =>
    store.change((transaction) => {
      const changed = { ...session, ...change, updatedAt: now() };
      writeRun(store, transaction, changed, {}, { ...task, ...ofTask, updatedAt: now() });
    });
  switch (reading.type) {
    case "conversation":
      if (session.conversationId !== reading.id) put({ conversationId: reading.id });
      return;
    case "model":
      if (session.model !== reading.model) put({ model: reading.model });
      return;
    case "usage": {
      active.usage = { ...noUsage, ...plausibleUsage(reading.usage) };
      if (now() < active.usageToldAt + USAGE_EVERY_MS) return;
      active.usageToldAt = now();
      const usage = usageSoFar(active, readKeptOrder(store.orderKept(task.id)));
      if (JSON.stringify(usage) !== JSON.stringify(task.usage)) put({}, { usage });
      return;
    }
    case "output":
      active.entries.push(reading.entry);
      if (task.accountId !== null && isWork(reading.entry)) onProof(task.accountId);
      onOutput(task.id, reading.entry);
      return;
    case "quota":
      if (task.accountId !== null) {
        const windows = reading.windows.map((window) => withPlausibleReset(window, now()));
        accounts.told(task.accountId, windows, now());
      }
      return;
  }
}

/** An error may be that its limit is still there. */
function isWork({ kind }: OutputEntry): boolean {
  return kind === "text" || kind === "tool";
}

/** Writes what came of a run, once. */
export function settleRun(active: ActiveRun, how: RunOver, options: RunStoryOptions): void {
  const { store, now, log, launch } = options;
  const task = store.task(active.taskId);
  const order = readKeptOrder(store.orderKept(active.taskId));
  const session = task?.sessionId ? store.session(task.sessionId) : null;
  if (!task || !order || !session || task.state !== "RUNNING") return;
  removeLaunchFiles(launch.home, session.id);
  const { end, exit, isVanished } = how;
  const outcome = outcomeOf(task, order, { end, isVanished, hasSpoken: active.hasSpoken }, now());
  log.info("run over", { id: task.id, outcome: outcome.outcome, attempt: active.attempt });
  const isLimited = outcome.outcome === "limited";
  // The pause first: a gateway that dies in between concludes the run once more, and knows that limit then.
  const pause = isLimited ? beginPause(session, task, order, withPlausibleReset(outcome.limit, now()), options) : null;
  const hasTalk = session.conversationId !== null && active.hasSpoken;
  const isAgain = outcome.outcome === "again";
  const next: KeptOrder = {
    ...order,
    stop: null,
    isContinued: order.isContinued || (isLimited && hasTalk),
    isForced: order.isForced && !isLimited,
    blockedBy: pause?.id ?? null,
    retries: isAgain ? order.retries + 1 : 0,
    retryAt: isAgain ? outcome.at : isLimited ? nextTryAfterLimit(task, order, now()) : null,
    retryText: "It is tried again.",
  };
  const kept = readKeptLaunch(session.launch);
  const isKeptOpen = kept?.isKeptOpen === true && !session.endRequested;
  const after = sessionAfter(session, outcome, isKeptOpen, exit, now());
  const internals: Partial<SessionInternals> = kept ? { launch: JSON.stringify({ ...kept, hasRun: true }) } : {};
  store.change((transaction) => {
    const used = { ...after, usage: addUsage(session.usage, active.usage) };
    const over = { ...taskAfter(task, outcome, exit, now()), usage: usageSoFar(active, order) };
    writeRun(store, transaction, used, internals, over, JSON.stringify(next));
  });
}

function beginPause(
  session: Session,
  task: Task,
  { agent, args, env, cwd, model }: KeptOrder,
  limit: LimitReport,
  { pauses, accounts, now }: RunStoryOptions,
): Pause {
  const { account } = accounts.of({ agent, args, env, cwd });
  const hit = {
    accountId: task.accountId ?? session.accountId ?? account.id,
    sessionId: session.id,
    namesModel: model !== null,
    kind: limit.kind,
    model: limit.model,
    resetsAt: limit.resetsAt,
    isExact: limit.isExact,
    isGuess: limit.isGuess ?? false,
    reason: limit.text,
    evidence: limit.text,
    source: "event-stream",
    signal: "headless run",
    at: now(),
  } as const;
  return pauses.hit(hit, account);
}

/** Of all runs of a task. */
function usageSoFar({ usage }: ActiveRun, order: KeptOrder | null): Usage | null {
  return addUsage(order?.usageBefore ?? null, usage);
}

/** What meets its limit again right after a reset would do so without end where clocks differ. */
const LIMIT_AGAIN_MS = 60_000;

function nextTryAfterLimit({ startedAt }: Task, { isContinued, blockedBy }: KeptOrder, now: number): number | null {
  const isAgain = isContinued || blockedBy !== null;
  return isAgain && now - (startedAt ?? 0) < LIMIT_AGAIN_MS ? now + LIMIT_AGAIN_MS : null;
}
