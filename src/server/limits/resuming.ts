import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { TallyEvent } from "../../protocol/events.ts";
import type { Continuation, Pause, Settings } from "../../protocol/limits.ts";
import type { RouteBody } from "../../protocol/routes.ts";
import type { Log } from "../log.ts";
import type { LimitedSession } from "../sessions/followed-session.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import type { GoOn, GoOnOutcome } from "../sessions/relaunching.ts";
import { writeSession } from "../sessions/session-writer.ts";
import type { ToldLimit } from "../sessions/state/tracking.ts";
import type { SessionInternals, Store } from "../store/store.ts";
import { followUp, notResumed } from "./follow-up.ts";
import { pausedError } from "./gate.ts";
import { holds, type LimitHit } from "./pause-rules.ts";
import type { Pauses } from "./pauses.ts";
import { quietUntil } from "./quiet-hours.ts";
import { planResumes, type StoppedSession } from "./resume-plan.ts";
import { systemTimer, WallClockAlarm } from "./wall-clock-alarm.ts";

export interface ResumeTiming {
  readonly staggerMs: number;
  /** How long an agent that goes on by itself is left to it. */
  readonly agentGraceMs: number;
  readonly movesAfterMs: number;
  readonly stuckAfterMs: number;
  /** Nobody's typing is interrupted: how long after the last key, and when it is tried again. */
  readonly typingMs: number;
}

export interface ResumingOptions {
  readonly store: Store;
  readonly log: Log;
  readonly pauses: Pauses;
  readonly settings: () => Settings;
  readonly now: () => number;
  readonly timing: ResumeTiming;
  readonly label: (agent: string) => string;
  /** Whether a session's launch names its model. */
  readonly namesModel: (session: StoredSession) => boolean;
  /** Whether the agent can go on with a conversation at all. */
  readonly canGoOn: (agent: string) => boolean;
  /** Hands the live agent a prompt without its terminal. Null when it has no such way. */
  readonly sendPrompt: (session: StoredSession, prompt: string) => Promise<boolean> | null;
  readonly goOn: (session: StoredSession, how: GoOn) => Promise<GoOnOutcome>;
  /** Whether it runs in a terminal that is not ours: then only the person can go on with it. */
  readonly isElsewhere: (session: StoredSession) => boolean;
}

type StoredSession = Session & SessionInternals;

/** Brings back what usage limits have stopped, once each. What is to come is in the store, so that the next gateway does it. */
export class Resuming {
  readonly #options: ResumingOptions;
  readonly #alarm: WallClockAlarm;
  #subscription: { dispose(): void } | undefined;
  #isPlanning = false;
  #isStarting = false;
  #lastStartAt = 0;
  #isStopped = false;

  constructor(options: ResumingOptions) {
    this.#options = options;
    this.#alarm = new WallClockAlarm({ now: options.now, setTimer: systemTimer, onDue: () => this.#planSoon() });
  }

  /** Begins to watch the clock and the sessions; call it once those are known. */
  start(): void {
    this.#subscription = this.#options.store.subscribe((events) => this.#heard(events));
    this.#planSoon();
  }

  stop(): void {
    this.#isStopped = true;
    this.#subscription?.dispose();
    this.#alarm.set(null);
  }

  /** What the person has set may have changed. */
  settingsChanged(): void {
    this.#planSoon();
  }

  /** A usage limit has stopped a session, or more is known of the one that has. */
  limited({ session, limit, continuesItself }: LimitedSession): void {
    const { store, pauses } = this.#options;
    const stored = store.session(session.id);
    if (!stored || stored.accountId === null) return;
    const at = limit?.at ?? stored.reason.at;
    const before = stored.continuation;
    // It has not yet begun to go on: what it said before it was told to is no news.
    if (before?.status === "resuming" && at <= (before.at ?? 0)) return;
    const hit = hitOf(stored, limit, this.#options.namesModel(stored), at);
    const pause = pauses.hit({ ...hit, accountId: stored.accountId });
    if (!pause.isInForce) return;
    const isKnown = before?.pauseId === pause.id && ["scheduled", "cancelled", "not-resumed"].includes(before.status);
    if (isKnown) return;
    this.#stopped(stored, pause, continuesItself);
    this.#gather(pause);
  }

  /** Whether a session goes on by itself at the reset. @returns the session as it is then */
  setAuto(session: StoredSession, isEnabled: boolean): void {
    const { continuation } = session;
    const pause = continuation ? this.#options.store.pause(continuation.pauseId) : null;
    const isCancelled = !isEnabled && continuation?.status === "scheduled";
    const comesBack = isEnabled && (continuation?.status === "cancelled" || continuation?.status === "not-resumed");
    if (continuation && isCancelled) {
      const text = "You cancelled it: it does not go on by itself.";
      this.#put(
        session,
        { ...continuation, status: "cancelled", at: this.#options.now(), text },
        { autoResume: false },
      );
    } else if (continuation && pause && comesBack && session.state === "PAUSED") {
      this.#put(session, this.#scheduled(session, pause, "tally"), { autoResume: true });
    } else {
      this.#put(session, continuation, { autoResume: isEnabled });
    }
  }

  /**
   * A person resumes it: what is held starts, what a limit stopped goes on, what has ended goes on in a new process.
   * @throws {TallyError} `paused` while a limit holds it, unless forced; `session-live`; `not-resumable`
   */
  async resume(session: StoredSession, body: RouteBody<"resumeSession">): Promise<Session> {
    const { store, pauses, settings, now, goOn } = this.#options;
    const isStopped = session.state === "PAUSED";
    if (session.endedAt === null && !isStopped) {
      throw new TallyError("session-live", `Session ${session.id} runs. Show it: tally attach ${session.id}`);
    }
    const pause = session.accountId === null ? null : pauses.holding(session.accountId, session.model);
    if (pause && !body.force && settings().block === "block") throw pausedError(pause, now());
    const before = session.continuation;
    const outcome = await goOn(session, {
      prompt: body.prompt ?? (isStopped ? settings().resumePrompt : null),
      continuation: before && { ...before, owner: "person", status: "resumed", at: now(), text: "You resumed it." },
      reason: "You resumed it.",
      given: { env: body.env, cols: body.cols, rows: body.rows, awaitViewerMs: body.awaitViewerMs },
      unlessInputWithinMs: 0,
    });
    if (outcome.outcome === "impossible") {
      throw new TallyError("not-resumable", `Session ${session.id} cannot be resumed: ${outcome.why}`);
    }
    return store.session(session.id) ?? session;
  }

  #stopped(session: StoredSession, pause: Pause, continuesItself: boolean): void {
    const { settings, canGoOn, label, now } = this.#options;
    const owner = continuesItself ? "agent" : "tally";
    const scheduled = this.#scheduled(session, pause, owner);
    const why = ((): string | null => {
      if (session.mode === "pipes") return "it runs in the pipes of its caller.";
      if (continuesItself) return null;
      if (settings().resumeBy === "nobody") return "you have set that nothing is.";
      if (!session.autoResume) return "you have set that it is not.";
      return canGoOn(session.agent) ? null : `${label(session.agent)} cannot be resumed by Tally.`;
    })();
    const kept = readKeptLaunch(session.launch);
    const launch = kept && JSON.stringify({ ...kept, promptsBefore: session.promptCount });
    const continuation = why === null ? scheduled : notResumed({ ...scheduled, owner: "person" }, why, now());
    this.#put(session, continuation, {}, launch === null ? {} : { launch });
  }

  #scheduled(session: Session, pause: Pause, owner: "tally" | "agent"): Continuation {
    const text =
      owner === "agent"
        ? `${this.#options.label(session.agent)} goes on by itself when the limit resets.`
        : pause.until === null
          ? "Tally tries it again: nobody knows when the limit resets."
          : "It goes on when the limit resets.";
    const at = pause.endedAt ?? pause.nextTryAt;
    return { pauseId: pause.id, owner, status: "scheduled", at, text };
  }

  /** What an earlier pause of the same account has stopped, and has not brought back, waits for this one. */
  #gather(pause: Pause): void {
    for (const session of this.#options.store.liveSessions()) {
      const { continuation, accountId, model } = session;
      const isElsewhere = continuation?.status === "scheduled" && continuation.pauseId !== pause.id;
      if (!isElsewhere || accountId === null || !holds(pause, accountId, model)) continue;
      const other = this.#options.store.pause(continuation.pauseId);
      if (other?.endedAt === null) continue;
      this.#put(session, { ...continuation, pauseId: pause.id, at: pause.nextTryAt });
    }
  }

  #heard(events: readonly TallyEvent[]): void {
    for (const { change } of events) {
      if (change.type === "pause.changed") this.#sync(change.pause);
    }
    const isOurs = events.some(
      ({ change }) =>
        change.type === "pause.changed" || (change.type === "session.changed" && change.session.continuation !== null),
    );
    if (isOurs) this.#planSoon();
  }

  /** The times of what it has stopped follow a pause. */
  #sync(pause: Pause): void {
    const at = pause.endedAt ?? pause.nextTryAt;
    for (const session of this.#options.store.liveSessions()) {
      const { continuation } = session;
      if (continuation?.pauseId !== pause.id || continuation.status !== "scheduled" || continuation.at === at) continue;
      this.#put(session, { ...continuation, at });
    }
  }

  #planSoon(): void {
    if (this.#isPlanning || this.#isStopped) return;
    this.#isPlanning = true;
    setImmediate(() => {
      this.#isPlanning = false;
      if (!this.#isStopped) this.#plan();
    });
  }

  #plan(): void {
    const wakes: number[] = [];
    const { store, now, timing, settings } = this.#options;
    for (const session of store.liveSessions()) {
      if (!session.continuation) continue;
      const { continuation, lookAt } = followUp(session, session.continuation, promptsBefore(session), {
        now: now(),
        ...timing,
      });
      if (continuation !== session.continuation) this.#put(session, continuation);
      if (lookAt !== null) wakes.push(lookAt);
    }
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const { pause, sessions } of this.#stoppedByPause()) {
      const plan = planResumes(pause, sessions, {
        now: now(),
        quietUntil: quietUntil(settings().quietHours, now(), zone),
        maxConcurrent: settings().maxConcurrentResumes,
        staggerMs: timing.staggerMs,
        lastStartAt: this.#lastStartAt,
        agentGraceMs: timing.agentGraceMs,
      });
      if (plan.endsPause) this.#options.pauses.reset(pause);
      if (plan.wakeAt !== null) wakes.push(plan.wakeAt);
      if (plan.start !== null) void this.#start(plan.start, pause);
    }
    this.#alarm.set(wakes.length === 0 ? null : Math.min(...wakes));
  }

  /** Pauses that are open, and ended ones that still have somebody to bring back. */
  #stoppedByPause(): { pause: Pause; sessions: StoppedSession[] }[] {
    const { store, pauses } = this.#options;
    const byPause = new Map(pauses.open().map((pause) => [pause.id, { pause, sessions: [] as StoppedSession[] }]));
    for (const session of store.liveSessions()) {
      const { continuation } = session;
      if (!continuation) continue;
      const pause = byPause.get(continuation.pauseId)?.pause ?? store.pause(continuation.pauseId);
      if (!pause) continue;
      const entry = byPause.get(pause.id) ?? { pause, sessions: [] };
      const isHeldLaunch = promptsBefore(session) === null;
      entry.sessions.push({ id: session.id, continuation, isHeldLaunch, since: session.stateSince });
      byPause.set(pause.id, entry);
    }
    return [...byPause.values()];
  }

  async #start(id: string, pause: Pause): Promise<void> {
    // One at a time: whoever is next is planned when this one has begun.
    if (this.#isStarting) return;
    this.#isStarting = true;
    const { store, log, now } = this.#options;
    try {
      const session = store.session(id);
      if (!session?.continuation) return;
      this.#lastStartAt = now();
      log.info("resuming", { id, pause: pause.id });
      await this.#bringBack(session, session.continuation);
    } catch (error) {
      log.warn("not resumed", { id, error });
      this.#failed(id, error instanceof TallyError ? error.message : "Tally failed at it; its log says more.");
    } finally {
      this.#isStarting = false;
      this.#planSoon();
    }
  }

  async #bringBack(session: StoredSession, scheduled: Continuation): Promise<void> {
    const { settings, now, goOn, sendPrompt, isElsewhere, timing } = this.#options;
    if (isElsewhere(session)) {
      const text = "Its limit has reset: go on with it in its own terminal.";
      this.#put(session, { ...scheduled, owner: "person", status: "not-resumed", at: now(), text });
      return;
    }
    const isHeld = promptsBefore(session) === null;
    const prompt = settings().resumePrompt;
    const text = isHeld ? "It is being started." : "Tally brings it back.";
    const continuation: Continuation = { ...scheduled, owner: "tally", status: "resuming", at: now(), text };
    const sent = isHeld || session.pid === null ? null : sendPrompt(session, prompt);
    if (sent) {
      this.#put(session, continuation);
      if (!(await sent)) this.#failed(session.id, "it did not take the prompt.");
      return;
    }
    const outcome = await goOn(session, {
      prompt,
      continuation,
      reason: isHeld ? "The limit has reset: it is being started." : "The limit has reset: Tally brings it back.",
      unlessInputWithinMs: timing.typingMs,
    });
    switch (outcome.outcome) {
      case "started":
        return;
      case "typing":
        this.#change(session.id, {
          ...scheduled,
          at: now() + timing.typingMs,
          text: "You are typing in its terminal: Tally waits for you.",
        });
        return;
      case "impossible":
        this.#failed(session.id, outcome.why);
        return;
    }
  }

  #failed(id: string, why: string): void {
    const { store, now } = this.#options;
    const session = store.session(id);
    if (session?.continuation) this.#put(session, notResumed(session.continuation, why, now()));
  }

  #change(id: string, continuation: Continuation): void {
    const session = this.#options.store.session(id);
    if (session) this.#put(session, continuation);
  }

  #put(
    session: StoredSession,
    continuation: Continuation | null,
    fields: Partial<Session> = {},
    internals: Partial<SessionInternals> = {},
  ): void {
    const { store, now } = this.#options;
    writeSession(store, { ...session, ...fields, continuation, updatedAt: now() }, internals);
  }
}

/** How many prompts it had when it was stopped; null when it was held before its start. */
function promptsBefore({ launch }: StoredSession): number | null {
  const kept = readKeptLaunch(launch);
  return kept === null ? 0 : kept.promptsBefore;
}

function hitOf(
  session: StoredSession,
  limit: ToldLimit | null,
  namesModel: boolean,
  at: number,
): Omit<LimitHit, "accountId"> {
  const { reason, id } = session;
  return {
    sessionId: id,
    namesModel,
    kind: limit?.kind ?? "other",
    model: limit?.model ?? null,
    resetsAt: limit?.resetsAt ?? null,
    isExact: limit?.isExact ?? false,
    isGuess: limit?.isGuess ?? false,
    reason: reason.text,
    evidence: limit?.text ?? null,
    source: reason.source,
    signal: reason.signal,
    at,
  };
}
