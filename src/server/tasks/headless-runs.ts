import type { Session, Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/limits.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { OutputEntry } from "../../protocol/tasks.ts";
import type { HeadlessEnd, HeadlessReader } from "../agents/headless.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import { newSessionId } from "../ids.ts";
import { type HeadlessSessions, type PreparedHeadless, withHeadless } from "../sessions/headless-sessions.ts";
import { type LaunchOptions, planLaunch } from "../sessions/launch.ts";
import { reasonOf } from "../sessions/session-state.ts";
import type { StoredSession } from "../store/store.ts";
import { type KeptOrder, readKeptOrder } from "./kept-order.ts";
import { type ActiveRun, hearReading, type RunStoryOptions, settleRun } from "./run-story.ts";
import type { RunOutput } from "./run-output.ts";
import { noExit, type RunExit, type RunPrograms, runIdOf } from "./run-programs.ts";
import { writeRun } from "./write-run.ts";

export interface HeadlessRunsOptions extends RunStoryOptions {
  readonly settings: () => Settings;
  readonly agents: AgentRegistry;
  readonly sessions: HeadlessSessions;
  readonly programs: RunPrograms;
  readonly launch: LaunchOptions;
  readonly graceMs: number;
  readonly timeZone: string;
  /** Whether a session's program is being started in a terminal at this moment. */
  readonly isBeingStarted: (sessionId: string) => boolean;
}

interface FollowedRun extends ActiveRun {
  readonly reader: HeadlessReader;
  output: RunOutput | null;
  /** Its program is being started: that nobody knows of it yet means nothing. */
  isStarting: boolean;
  concluded: Promise<void> | null;
}

/** Tasks that are worked at without a terminal, from their begin to what comes of them. */
export class HeadlessRuns {
  readonly #options: HeadlessRunsOptions;
  readonly #active = new Map<string, FollowedRun>();
  /** Before that nobody knows which programs are wanted. */
  #isRecovered = false;

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
    if (!mayBegin() || this.#isTaken(present)) return;
    const begun: Task = {
      ...(store.task(task.id) ?? task),
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
      if (error instanceof TallyError && error.code === "pty-host-unavailable") {
        // It may run: only the answer was lost.
        this.#look(active);
        return;
      }
      const text = messageOf(error);
      this.#options.log.warn("run not started", { id: task.id, error });
      this.#settle(active, { outcome: "failed", error: text, mayRetry: false }, noExit, false);
    }
  }

  /** Whether somebody ended a session, opened it in a terminal or removed it, or is just doing so, since it was looked at. */
  #isTaken(before: StoredSession | null): boolean {
    if (before === null) return false;
    const session = this.#options.store.session(before.id);
    if (session === null || this.#options.isBeingStarted(session.id)) return true;
    const isOpen = session.endedAt === null;
    if (isOpen && (session.mode !== "headless" || session.endRequested)) return true;
    return !isOpen && before.endedAt === null;
  }

  /** Finds the programs of the tasks that ran when the gateway before this one stopped. */
  recover(): void {
    for (const task of this.#options.store.openRuns()) {
      if (task.state !== "RUNNING" || task.run?.via !== "headless") continue;
      const active = this.#follow(task, task.run.attempts);
      this.#look(active);
    }
    this.#isRecovered = true;
    this.#abandonOthers();
  }

  /** Every host that lives can be reached: a program that is not known now is gone. */
  hostsSettled(): void {
    for (const active of this.#active.values()) this.#look(active);
    if (this.#isRecovered) this.#abandonOthers();
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
    if (order.stop === null) {
      store.change((transaction) => {
        transaction.putTask(task, { orderKept: JSON.stringify({ ...order, stop: why }) });
      });
    }
    await programs.end(runId, graceMs);
    await this.#conclude(active);
  }

  /** Lets go of everything; the programs run on. */
  close(): void {
    for (const { output } of this.#active.values()) output?.close();
    this.#active.clear();
  }

  /** Programs that no task waits for: a gateway died between one step and the next. */
  #abandonOthers(): void {
    const { programs } = this.#options;
    const ours = new Set([...this.#active.values()].map(({ taskId, attempt }) => runIdOf(taskId, attempt)));
    for (const runId of programs.known) if (!ours.has(runId)) void programs.abandon(runId);
  }

  #look(active: FollowedRun): void {
    if (active.isStarting) return;
    const state = this.#options.programs.state(runIdOf(active.taskId, active.attempt));
    if (state === "exited" || state === "unknown") void this.#conclude(active);
  }

  #writeBegin(
    task: Task,
    order: KeptOrder,
    present: StoredSession | null,
    prepared: PreparedHeadless,
    version: string | null,
  ): void {
    const { store, sessions, now } = this.#options;
    const orderKept = JSON.stringify({ ...order, usageBefore: task.usage, stop: null, retryAt: null });
    store.change((transaction) => {
      const known = present && store.session(present.id);
      const session = known ?? {
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
        promptCount: session.promptCount + 1,
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

  #follow(task: Task, attempt: number): FollowedRun {
    const { store, agents, programs, timeZone } = this.#options;
    const { headless } = withHeadless(agents.adapter(task.agent));
    const order = readKeptOrder(store.orderKept(task.id));
    const active: FollowedRun = {
      taskId: task.id,
      attempt,
      reader: headless.reader(timeZone, order?.env),
      entries: [],
      output: null,
      isStarting: false,
      hasSpoken: false,
      usage: null,
      usageToldAt: 0,
      concluded: null,
    };
    this.#active.set(task.id, active);
    active.output = programs.follow(task.id, attempt, (line) => this.#heard(active, line));
    return active;
  }

  #heard(active: FollowedRun, line: string): void {
    for (const reading of active.reader.line(line, this.#options.now())) {
      active.hasSpoken = true;
      hearReading(active, reading, this.#options);
    }
  }

  #conclude(active: FollowedRun): Promise<void> {
    active.concluded ??= (async () => {
      const { programs, now, log, graceMs } = this.#options;
      const runId = runIdOf(active.taskId, active.attempt);
      // Whatever it left running would go on writing beside the next task; one whose host is gone may run itself.
      await programs.end(runId, graceMs).catch((error: unknown) => {
        log.warn("what a run left behind not ended", { id: active.taskId, error });
      });
      const exit = programs.exit(runId);
      await active.output?.drained();
      const stderr = await programs.stderrEnd(active.taskId, active.attempt);
      // The gateway has stopped meanwhile: the next one concludes.
      if (this.#active.get(active.taskId) !== active) return;
      try {
        const end = active.reader.end({ ...(exit ?? noExit), stderr }, now());
        for (const reading of end.readings ?? []) hearReading(active, reading, this.#options);
        this.#settle(active, end, exit ?? noExit, exit === null);
      } catch (error) {
        log.error("run not concluded", { id: active.taskId, error });
        active.concluded = null;
        return;
      }
      if (exit !== null) await programs.forget(runId);
    })();
    return active.concluded;
  }

  #settle(active: FollowedRun, end: HeadlessEnd, exit: RunExit, isVanished: boolean): void {
    settleRun(active, { end, exit, isVanished }, this.#options);
    active.output?.close();
    this.#active.delete(active.taskId);
  }
}

function otherAccount({ id }: Task): TallyError {
  return new TallyError(
    "invalid-request",
    `What it needs to log in is not known any more. From a terminal that has it: tally queue retry ${id}`,
  );
}
