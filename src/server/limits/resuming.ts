import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { Change, TallyEvent } from "../../protocol/events.ts";
import type { Continuation, Pause, Settings } from "../../protocol/limits.ts";
import type { Log } from "../log.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import type { GoOn, GoOnOutcome } from "../sessions/relaunching.ts";
import type { Store, StoredSession } from "../store/store.ts";
import { followUp, notResumed, type Turn } from "./follow-up.ts";
import { holds } from "./pause-rules.ts";
import type { Pauses } from "./pauses.ts";
import { quietUntil } from "./quiet-hours.ts";
import { planResumes, type StoppedSession } from "./resume-plan.ts";
import { wasHeld, type StoppedSessions } from "./stopped-sessions.ts";
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
  readonly stopped: StoppedSessions;
  /** Hands the live agent a prompt without its terminal. Null when it has no such way. */
  readonly sendPrompt: (session: StoredSession, prompt: string) => Promise<boolean> | null;
  readonly goOn: (session: StoredSession, how: GoOn) => Promise<GoOnOutcome>;
  /** Whether it runs in a terminal that is not ours: then only the person can go on with it. */
  readonly isElsewhere: (session: StoredSession) => boolean;
}

/** Whether something is still to become of it. */
function isOpen({ continuation }: Session): boolean {
  return continuation?.status === "scheduled" || continuation?.status === "resuming";
}

/** An agent may date a prompt a little before we saw it start. */
const SAME_MOMENT_MS = 1_000;

/** Brings back what usage limits have stopped, once each. What is to come is in the store, so that the next gateway does it. */
export class Resuming {
  readonly #options: ResumingOptions;
  readonly #alarm: WallClockAlarm;
  #subscription: { dispose(): void } | undefined;
  #isPlanning = false;
  #isStarting = false;
  #lastStartAt = 0;
  /** When each pause that is due was first seen to be. */
  readonly #noticed = new Map<string, number>();
  /** Sessions of which something was still to become when they were last heard of. */
  readonly #open = new Set<string>();
  /** Sessions in whose terminals somebody typed when they were to be brought back. */
  readonly #typedIn = new Set<string>();
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
    this.#options.stopped.syncAll();
    this.#planSoon();
  }

  #heard(events: readonly TallyEvent[]): void {
    for (const { change } of events) {
      if (change.type === "pause.changed") this.#options.stopped.sync(change.pause);
    }
    if (events.some(({ change }) => this.#isNews(change))) this.#planSoon();
  }

  #isNews(change: Change): boolean {
    if (change.type === "pause.changed") return true;
    if (change.type === "session.changed") return this.#concerns(change.session);
    return change.type === "task.changed" && change.task.kind === "prompt" && this.#isOpen(change.task.sessionId);
  }

  /** Also when it is settled just now: others may have waited for it. */
  #concerns(session: Session): boolean {
    const wasOpen = this.#open.delete(session.id);
    if (isOpen(session)) this.#open.add(session.id);
    return wasOpen || isOpen(session) || session.mode === "external";
  }

  #isOpen(sessionId: string | null): boolean {
    const session = sessionId === null ? null : this.#options.store.session(sessionId);
    return session !== null && isOpen(session);
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
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const session of store.liveSessions()) {
      if (session.mode === "external" && (this.#heedsPause(session) || this.#heeded(session))) continue;
      if (!session.continuation || !isOpen(session)) continue;
      if (session.state === "IDLE") this.#sendPending(session);
      const { continuation, lookAt } = followUp(session, session.continuation, this.#turnSince(session), {
        now: now(),
        ...timing,
      });
      if (continuation !== session.continuation) this.#options.stopped.put(session, continuation);
      if (lookAt !== null) wakes.push(lookAt);
    }
    for (const { pause, sessions } of this.#stoppedByPause()) {
      const plan = planResumes(pause, sessions, {
        now: now(),
        quietUntil: quietUntil(settings().quietHours, now(), zone),
        maxConcurrent: settings().maxConcurrentResumes,
        staggerMs: timing.staggerMs,
        lastStartAt: this.#lastStartAt,
        noticedAt: this.#noticedAt(pause),
        agentGraceMs: timing.agentGraceMs,
      });
      if (plan.endsPause) this.#options.pauses.reset(pause);
      if (plan.wakeAt !== null) wakes.push(plan.wakeAt);
      if (plan.start !== null) void this.#start(plan.start, pause);
    }
    this.#alarm.set(wakes.length === 0 ? null : Math.min(...wakes));
  }

  /** What has become of the prompt that it was given to go on with; null while there is none. */
  #turnSince(session: StoredSession): Turn {
    if (wasHeld(session)) return "held";
    if (session.continuation?.status !== "resuming") return null;
    const [prompt] = this.#options.store
      .openPrompts(session.id)
      .filter(({ createdAt }) => createdAt >= (session.continuation?.at ?? 0) - SAME_MOMENT_MS)
      .reverse();
    return prompt?.state ?? null;
  }

  #noticedAt({ id, endedAt, nextTryAt }: Pause): number {
    const now = this.#options.now();
    const dueAt = endedAt ?? nextTryAt;
    const noticedAt = this.#noticed.get(id) ?? now;
    if (dueAt !== null && now >= dueAt) this.#noticed.set(id, noticedAt);
    else this.#noticed.delete(id);
    return noticedAt;
  }

  /** Whether a wrapper's session waits for the end of a pause by hand, whatever it does meanwhile. */
  #heedsPause(session: StoredSession): boolean {
    const { pauses, stopped } = this.#options;
    const pause = session.accountId === null ? null : pauses.holding(session.accountId, session.model);
    if (pause?.kind !== "manual") return false;
    if (session.continuation?.pauseId !== pause.id) stopped.awaits(session, pause);
    return true;
  }

  /** It was to wait for the end of a pause by hand: whatever it does, its person is told that the pause is over. */
  #heeded({ mode, continuation }: StoredSession): boolean {
    if (mode !== "external" || continuation?.status !== "scheduled") return false;
    return this.#options.store.pause(continuation.pauseId)?.kind === "manual";
  }

  /** Another pause of its account goes on, and is not due: its end will bring it back. */
  #isHeldOtherwise({ accountId, model }: StoredSession, pause: Pause, open: readonly Pause[]): boolean {
    const now = this.#options.now();
    const isDue = ({ nextTryAt }: Pause) => nextTryAt !== null && nextTryAt <= now;
    return open.some(
      (other) => other.id !== pause.id && !isDue(other) && accountId !== null && holds(other, accountId, model),
    );
  }

  /** Pauses that are open, and ended ones that still have somebody to bring back. */
  #stoppedByPause(): { pause: Pause; sessions: StoppedSession[] }[] {
    const { store, pauses } = this.#options;
    const open = pauses.open();
    const byPause = new Map(open.map((pause) => [pause.id, { pause, sessions: [] as StoppedSession[] }]));
    for (const session of store.liveSessions()) {
      const { continuation } = session;
      if (!continuation) continue;
      const pause = byPause.get(continuation.pauseId)?.pause ?? store.pause(continuation.pauseId);
      if (!pause) continue;
      if (continuation.status === "scheduled" && this.#isHeldOtherwise(session, pause, open)) continue;
      const entry = byPause.get(pause.id) ?? { pause, sessions: [] };
      const isHeldLaunch = wasHeld(session);
      const { id, stateSince: since } = session;
      const isPutOff = continuation.status === "scheduled" && this.#typedIn.has(id);
      entry.sessions.push({
        id,
        continuation,
        isHeldLaunch,
        isStill: isStill(session) || this.#heeded(session),
        isPutOff,
        since,
      });
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
      this.#options.stopped.put(session, { ...scheduled, owner: "person", status: "not-resumed", at: now(), text });
      return;
    }
    const isHeld = wasHeld(session);
    if (settings().resumeBy === "nobody" && !isHeld) {
      this.#failed(session.id, "you have set that nothing is.");
      return;
    }
    const prompt = settings().resumePrompt;
    const text = isHeld ? "It is being started." : "Tally brings it back.";
    const continuation: Continuation = { ...scheduled, owner: "tally", status: "resuming", at: now(), text };
    const sent = isHeld || session.pid === null ? null : sendPrompt(session, prompt);
    if (sent) {
      this.#options.stopped.put(session, continuation);
      if (!(await sent)) this.#failed(session.id, "it did not take the prompt.");
      return;
    }
    const outcome = await goOn(session, {
      prompt,
      continuation,
      mayStart: () => undefined,
      reason: isHeld ? "The limit has reset: it is being started." : "The limit has reset: Tally brings it back.",
      unlessInputWithinMs: timing.typingMs,
    });
    if (outcome.outcome === "typing") this.#typedIn.add(session.id);
    else this.#typedIn.delete(session.id);
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
      case "unreachable":
        this.#change(session.id, { ...scheduled, at: now() + timing.typingMs });
        return;
      case "impossible":
        this.#failed(session.id, outcome.why);
        return;
    }
  }

  /** An agent that takes no prompt with its launch is ready for it now. */
  #sendPending(session: StoredSession): void {
    const kept = readKeptLaunch(session.launch);
    const prompt = kept?.pendingPrompt ?? null;
    const sent = prompt === null ? null : this.#options.sendPrompt(session, prompt);
    if (!kept || !sent) return;
    const launch = JSON.stringify({ ...kept, pendingPrompt: null });
    this.#options.stopped.put(session, session.continuation, {}, { launch });
    void sent.then((isTaken) => {
      if (!isTaken) this.#failed(session.id, "it did not take the prompt.");
    });
  }

  #failed(id: string, why: string): void {
    const { store, now } = this.#options;
    const session = store.session(id);
    if (session?.continuation) this.#options.stopped.put(session, notResumed(session.continuation, why, now()));
  }

  #change(id: string, continuation: Continuation): void {
    const session = this.#options.store.session(id);
    if (session) this.#options.stopped.put(session, continuation);
  }
}

/** Where nobody knows what it does, it has not been seen to go on. */
function isStill({ state, reason }: StoredSession): boolean {
  return reason.isUnknown || !["RUNNING", "WAITING_USER", "IDLE"].includes(state);
}
