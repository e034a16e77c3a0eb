import type { TallyHome } from "../../protocol/home.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Accounts } from "../limits/accounts.ts";
import type { Pauses } from "../limits/pauses.ts";
import type { ResumingOptions } from "../limits/resuming.ts";
import type { Log } from "../log.ts";
import type { Personas } from "../personas/personas.ts";
import { HeadlessSessions } from "../sessions/headless-sessions.ts";
import type { PtyHosts } from "../sessions/pty-hosts.ts";
import type { Store } from "../store/store.ts";
import { freeMemoryBytes } from "./free-memory.ts";
import { HeadlessRuns } from "./headless-runs.ts";
import { RunPrograms } from "./run-programs.ts";
import { TaskLeftovers } from "./task-leftovers.ts";
import { TaskOrders } from "./task-orders.ts";
import { TaskOutputs } from "./task-outputs.ts";
import { TaskQueue } from "./task-queue.ts";
import { Tasks } from "./tasks.ts";
import { TerminalRuns } from "./terminal-runs.ts";

export interface TaskServicesOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly home: TallyHome;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly personas: Personas;
  readonly settings: () => Settings;
  readonly ptyHosts: PtyHosts;
  readonly versionOf: (file: string) => Promise<string | null>;
  readonly isBeingStarted: (sessionId: string) => boolean;
  readonly goOn: ResumingOptions["goOn"];
  readonly sendPrompt: ResumingOptions["sendPrompt"];
  /** The gateway's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly graceMs: number;
  readonly typingMs: number;
  readonly stuckAfterMs: number;
}

/** All that has to do with handing work over, put together. */
export function taskServices(options: TaskServicesOptions) {
  const { store, log, now, home, agents, accounts, pauses, settings, ptyHosts, env } = options;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const headless = new HeadlessSessions(options);
  const programs = new RunPrograms({ ptyHosts, home, log, onChanged: (runId) => runs.programChanged(runId) });
  const orders = new TaskOrders({ store, agents, accounts, pauses, settings, now, sessions: headless, env });
  const runs: HeadlessRuns = new HeadlessRuns({
    ...options,
    sessions: headless,
    programs,
    timeZone,
    launch: { home, versionOf: options.versionOf },
    onProof: (accountId) => queue.proven(accountId),
    onOutput: (taskId, entry) => outputs.heard(taskId, entry),
  });
  const outputs = new TaskOutputs({ store, log, agents, programs, timeZone, running: (id) => runs.entries(id) });
  const terminals = new TerminalRuns(options);
  const queue: TaskQueue = new TaskQueue({
    ...options,
    freeMemoryBytes,
    beginHeadless: (task, order, mayBegin) => runs.begin(task, order, orders.environment(task, order), mayBegin),
    beginInTerminal: (task, session, isHeld) => terminals.begin(task, session, isHeld),
    stopForTime: (id) => runs.stop(id, "time-limit"),
  });
  const leftovers = new TaskLeftovers({ store, programs, orders });
  const tasks = new Tasks({ store, now, orders, runs, outputs, planNow: () => queue.planNow() });
  return {
    tasks,
    headless,
    /** Hears of a pty. False when that is no run's. */
    ptyChanged: (pty: PtyInfo) => programs.ptyChanged(pty),
    hostsSettled: () => runs.hostsSettled(),
    settingsChanged: () => queue.planSoon(),
    /** Goes on with what the gateway before this one had begun; call it once sessions are known. */
    recover: () => {
      runs.recover();
      terminals.start();
      queue.start();
      leftovers.start();
    },
    isNeeded: () => queue.isNeeded,
    stop: () => {
      queue.stop();
      terminals.stop();
      leftovers.stop();
      runs.close();
    },
  };
}
