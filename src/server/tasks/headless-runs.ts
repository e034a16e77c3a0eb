import type { Session, Task, Usage } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import type { HeadlessEnd, HeadlessReader, HeadlessReading } from "../agents/headless.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { newSessionId } from "../ids.ts";
import type { Accounts } from "../limits/accounts.ts";
import type { Pauses } from "../limits/pauses.ts";
import type { Log } from "../log.ts";
import { type HeadlessSessions, type PreparedHeadless, withHeadless } from "../sessions/headless-sessions.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import { type LaunchOptions, planLaunch, removeLaunchFiles } from "../sessions/launch.ts";
import { reasonOf } from "../sessions/session-state.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { type KeptOrder, readKeptOrder } from "./kept-order.ts";
import { addUsage, outcomeOf, type RunExit, sessionAfter, taskAfter } from "./run-outcome.ts";
import type { RunOutput } from "./run-output.ts";
import { type RunPrograms, runIdOf } from "./run-programs.ts";
import { writeRun } from "./write-run.ts";

export interface HeadlessRunsOptions {
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  readonly settings: () => Settings;
  readonly agents: AgentRegistry;
  readonly accounts: Accounts;
  readonly pauses: Pauses;
  readonly sessions: HeadlessSessions;
  readonly programs: RunPrograms;
  readonly launch: LaunchOptions;
  readonly graceMs: number;
  readonly timeZone: string;
  /** An agent has worked: its account's limits are not in force. */
  readonly onProof: (accountId: string) => void;
  /** It has done something more. */
  readonly onOutput: (taskId: string, entry: OutputEntry) => void;
}

interface ActiveRun {
  readonly taskId: string;
  readonly attempt: number;
  readonly reader: HeadlessReader;
  readonly entries: OutputEntry[];
  output: RunOutput | null;
  /** Its program is being started: that nobody knows of it yet means nothing. */
  isStarting: boolean;
  hasSpoken: boolean;
  /** Of this run so far. */
  usage: Usage | null;
  concluded: Promise<void> | null;
}

const NO_EXIT: RunExit = { exitCode: null, signal: null };

/** Tasks that are worked at without a terminal, from their begin to what comes of them. */
export class HeadlessRuns {
  readonly #options: HeadlessRunsOptions;
  readonly #active = new Map<string, ActiveRun>();

  constructor(options: HeadlessRunsOptions) {
    this.#options = options;
  }

  /** What a task that runs has done since it last began; null for one that does not. */
  entries(taskId: string): readonly OutputEntry[] | null {
    return this.#active.get(taskId)?.entries ?? null;
  }

  /**
   * Begins a task that waits. Written first, so that a gateway that dies meanwhile leaves no doubt.
   * @param mayBegin asked at the last moment. @throws {TallyError} when it cannot begin; then nothing was written.
   */
  async begin(
    task: Task,
    order: KeptOrder,
    env: Readonly<Record<string, string>>,
    mayBegin: () => boolean,
  ): Promise<void> {
    const { store, now, settings } = this.#options;
    const present = task.sessionId === null ? null : store.session(task.sessionId);
    const prepared = await this.#options.sessions.prepare({
      agent: order.agent,
      persona: order.persona ?? undefined,
      args: order.args,
      cwd: order.cwd,
      env,
      origin: order.origin,
    });
    if (prepared.allowance.account.id !== task.accountId) throw otherAccount(task);
    const sessionId = present?.id ?? newSessionId();
    const attempt = (task.run?.attempts ?? 0) + 1;
    const asked = prepared.adapter.headless.launch({
      prompt: order.isContinued ? settings().resumePrompt : (task.description ?? task.title),
      conversationId: present?.conversationId ?? null,
      args: prepared.args,
    });
    const launch = await planLaunch(this.#options.launch, {
      sessionId,
      adapter: prepared.adapter,
      args: asked.args,
      env: prepared.env,
      mode: "pipes",
      cwd: prepared.cwd,
      mayContinueItself: false,
      isHeadless: true,
    });
    if (!mayBegin()) return;
    const begun: Task = {
      ...task,
      sessionId,
      state: "RUNNING",
      details: null,
      error: null,
      startedAt: now(),
      updatedAt: now(),
      run: task.run && {
        ...task.run,
        via: "headless",
        attempts: attempt,
        waitsFor: null,
        exitCode: null,
        exitSignal: null,
      },
    };
    this.#writeBegin(begun, order, present, prepared, launch.version);
    const active = this.#follow(begun, attempt);
    active.isStarting = true;
    try {
      const { pid } = await this.#options.programs.start({
        runId: runIdOf(task.id, attempt),
        taskId: task.id,
        file: launch.file,
        args: launch.args,
        cwd: prepared.cwd,
        env: { ...prepared.env, ...launch.env },
        stdin: asked.stdin,
      });
      active.isStarting = false;
      this.#started(task.id, pid);
      if (this.#options.programs.state(runIdOf(task.id, attempt)) === "exited") await this.#conclude(active);
    } catch (error) {
      active.isStarting = false;
      const text = error instanceof Error ? error.message : String(error);
      this.#options.log.warn("run not started", { id: task.id, error });
      this.#settle(active, { outcome: "failed", error: text, mayRetry: false }, NO_EXIT, false);
    }
  }

  /** Finds the programs of the tasks that ran when the gateway before this one stopped. */
  recover(): void {
    for (const task of this.#options.store.openRuns()) {
      if (task.state !== "RUNNING" || task.run?.via !== "headless") continue;
      const active = this.#follow(task, task.run.attempts);
      this.#look(active);
    }
  }

  /** Every host that lives can be reached: a program that is not known now is gone. */
  hostsSettled(): void {
    for (const active of this.#active.values()) this.#look(active);
  }

  /** A program has changed. */
  programChanged(runId: string): void {
    const active = [...this.#active.values()].find(({ taskId, attempt }) => runIdOf(taskId, attempt) === runId);
    if (active) this.#look(active);
  }

  /** Ends a task's program and all that it started, and resolves once what came of it is written. */
  async stop(taskId: string, why: "cancelled" | "time-limit"): Promise<void> {
    const { store, programs, graceMs } = this.#options;
    const active = this.#active.get(taskId);
    const task = store.task(taskId);
    const order = readKeptOrder(store.orderKept(taskId));
    if (!active || !task || !order) return;
    const runId = runIdOf(taskId, active.attempt);
    if (programs.state(runId) === "unreachable") {
      throw new TallyError("pty-host-unavailable", "The process that holds its program is not reachable. Try again.");
    }
    store.change((transaction) => {
      transaction.putTask(task, { orderKept: JSON.stringify({ ...order, stop: order.stop ?? why }) });
    });
    await programs.end(runId, graceMs);
    await this.#conclude(active);
  }

  /** Lets go of everything; the programs run on. */
  close(): void {
    for (const { output } of this.#active.values()) output?.close();
    this.#active.clear();
  }

  #look(active: ActiveRun): void {
    if (active.isStarting) return;
    const state = this.#options.programs.state(runIdOf(active.taskId, active.attempt));
    if (state === "exited" || state === "unknown") void this.#conclude(active);
  }

  #writeBegin(
    task: Task,
    order: KeptOrder,
    present: (Session & SessionInternals) | null,
    prepared: PreparedHeadless,
    version: string | null,
  ): void {
    const { store, sessions, now } = this.#options;
    const orderKept = JSON.stringify({ ...order, usageBefore: task.usage, stop: null, retryAt: null });
    store.change((transaction) => {
      const session = present ?? {
        ...sessions.write(transaction, prepared, {
          id: task.sessionId ?? undefined,
          title: task.title,
          origin: order.origin,
          isKeptOpen: false,
        }).session,
      };
      const working: Session = {
        ...session,
        mode: "headless",
        state: "RUNNING",
        stateSince: now(),
        reason: reasonOf({ text: `It works at: ${task.title}`, source: "gateway", at: now() }),
        request: null,
        continuation: null,
        accountId: task.accountId,
        agentVersion: version ?? session.agentVersion,
        pid: null,
        exitCode: null,
        exitSignal: null,
        endedAt: null,
        archivedAt: null,
        updatedAt: now(),
      };
      writeRun(store, transaction, working, { ptyId: null, endRequested: false }, task, orderKept);
    });
  }

  #started(taskId: string, pid: number | null): void {
    const { store, now } = this.#options;
    const task = store.task(taskId);
    const session = task?.sessionId ? store.session(task.sessionId) : null;
    if (task?.state !== "RUNNING" || !task.run || !session) return;
    const running = { ...task, run: { ...task.run, pid }, updatedAt: now() };
    store.change((transaction) => writeRun(store, transaction, { ...session, pid, updatedAt: now() }, {}, running));
  }

  #follow(task: Task, attempt: number): ActiveRun {
    const { store, agents, programs, timeZone } = this.#options;
    const { headless } = withHeadless(agents.adapter(task.agent));
    const order = readKeptOrder(store.orderKept(task.id));
    const active: ActiveRun = {
      taskId: task.id,
      attempt,
      reader: headless.reader(timeZone, order?.env),
      entries: [],
      output: null,
      isStarting: false,
      hasSpoken: false,
      usage: null,
      concluded: null,
    };
    this.#active.set(task.id, active);
    active.output = programs.follow(task.id, attempt, (line) => this.#heard(active, line));
    return active;
  }

  #heard(active: ActiveRun, line: string): void {
    for (const reading of active.reader.line(line, this.#options.now())) {
      active.hasSpoken = true;
      this.#read(active, reading);
    }
  }

  #read(active: ActiveRun, reading: HeadlessReading): void {
    const { store, now, accounts, onProof, onOutput } = this.#options;
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
        const before = readKeptOrder(store.orderKept(task.id))?.usageBefore ?? null;
        active.usage = reading.usage;
        const usage = addUsage(before, reading.usage);
        if (JSON.stringify(usage) !== JSON.stringify(task.usage)) put({}, { usage });
        return;
      }
      case "output":
        active.entries.push(reading.entry);
        if (task.accountId !== null && reading.entry.kind !== "note") onProof(task.accountId);
        onOutput(task.id, reading.entry);
        return;
      case "quota":
        if (task.accountId !== null) accounts.told(task.accountId, reading.windows, now());
        return;
    }
  }

  #conclude(active: ActiveRun): Promise<void> {
    active.concluded ??= (async () => {
      const { programs, now, log } = this.#options;
      const runId = runIdOf(active.taskId, active.attempt);
      const exit = programs.exit(runId);
      await active.output?.drained();
      const stderr = await programs.stderrEnd(active.taskId, active.attempt);
      // The gateway has stopped meanwhile: the next one concludes.
      if (this.#active.get(active.taskId) !== active) return;
      try {
        const end = active.reader.end({ ...(exit ?? NO_EXIT), stderr }, now());
        this.#settle(active, end, exit ?? NO_EXIT, exit === null);
      } catch (error) {
        log.error("run not concluded", { id: active.taskId, error });
      }
      if (exit !== null) await programs.forget(runId);
    })();
    return active.concluded;
  }

  #settle(active: ActiveRun, end: HeadlessEnd, exit: RunExit, isVanished: boolean): void {
    const { store, now, log } = this.#options;
    active.output?.close();
    this.#active.delete(active.taskId);
    const task = store.task(active.taskId);
    const order = readKeptOrder(store.orderKept(active.taskId));
    const session = task?.sessionId ? store.session(task.sessionId) : null;
    if (!task || !order || !session || task.state !== "RUNNING") return;
    removeLaunchFiles(this.#options.launch.home, session.id);
    const outcome = outcomeOf(task, order, { end, isVanished, hasSpoken: active.hasSpoken }, now());
    log.info("run over", { id: task.id, outcome: outcome.outcome, attempt: active.attempt });
    const hasTalk = session.conversationId !== null && active.hasSpoken;
    const isAgain = outcome.outcome === "again";
    if (outcome.outcome === "limited") this.#limited(session, task, order, outcome.limit);
    const next: KeptOrder = {
      ...order,
      stop: null,
      isContinued: outcome.outcome === "limited" ? hasTalk || order.isContinued : order.isContinued,
      retries: isAgain ? order.retries + 1 : 0,
      retryAt: isAgain ? outcome.at : null,
    };
    const kept = readKeptLaunch(session.launch);
    const after = sessionAfter(session, outcome, kept?.isKeptOpen ?? false, exit, now());
    store.change((transaction) => {
      writeRun(
        store,
        transaction,
        { ...after, usage: addUsage(session.usage, active.usage) },
        kept ? { launch: JSON.stringify({ ...kept, hasRun: true }) } : {},
        taskAfter(task, outcome, exit, now()),
        JSON.stringify(next),
      );
    });
  }

  #limited(
    session: Session,
    task: Task,
    order: KeptOrder,
    limit: Extract<HeadlessEnd, { outcome: "limited" }>["limit"],
  ) {
    const { pauses, accounts, now } = this.#options;
    const accountId = task.accountId ?? session.accountId;
    if (accountId === null) return;
    const { account } = accounts.of({ agent: order.agent, args: order.args, env: order.env, cwd: order.cwd });
    pauses.hit(
      {
        accountId,
        sessionId: session.id,
        namesModel: order.model !== null,
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
      },
      account,
    );
  }
}

function otherAccount({ id }: Task): TallyError {
  return new TallyError(
    "invalid-request",
    `What it needs to log in is not known any more. From a terminal that has it: tally queue retry ${id}`,
  );
}
