import type { Session, Task } from "../../protocol/entities.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { AgentRequest } from "../../protocol/requests.ts";
import type { Why } from "../../protocol/routes.ts";
import type { AgentAdapter } from "../agents/adapter.ts";
import type { Reading, Signal, SignalSource, TimedReading } from "../agents/reading.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { conclude, type Conclusion } from "./state/conclude.ts";
import { closeRequests, notAfter, type OpenRequest, witness, withdraw } from "./state/evidence.ts";
import { changedPrompts, promptTaskId } from "../tasks/prompt-tasks.ts";
import { countUsage, learn, withFacts } from "./state/facts.ts";
import { plausible } from "./state/plausible.ts";
import { writeSession } from "./session-writer.ts";
import { withState } from "./session-state.ts";
import { terminalSignals } from "./state/terminal-signals.ts";
import { isOfEarlierLaunch, learnLimit } from "./state/told-limit.ts";
import { isSameTracking, type ToldLimit, type Tracking } from "./state/tracking.ts";
import { Watching } from "./watching.ts";

export interface FollowedSessionOptions {
  readonly id: string;
  readonly adapter: AgentAdapter;
  readonly tracking: Tracking;
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  /** The visible rows of its terminal. */
  readonly screen: (ptyId: string) => Promise<string>;
  /** A usage limit has stopped it, or more was told of the one that has. */
  readonly onLimited: (limited: LimitedSession) => void;
  /** It told how much of its account's allowance is used. */
  readonly onQuota: (session: Session, windows: ToldQuota["windows"], at: number) => void;
  /** A hook that waits for an answer need not wait any longer. */
  readonly releaseAsk: (askId: string) => void;
}

/** A live session that a usage limit has stopped. */
export interface LimitedSession {
  readonly session: Session;
  /** What the agent told of the limit; null when only that there is one. */
  readonly limit: ToldLimit | null;
  readonly continuesItself: boolean;
}

type ToldQuota = Extract<Reading, { type: "quota" }>;

/** An agent's last words may be read after its process was seen to end; a file is looked at every two seconds at least. */
const LAST_WORDS_MS = 5_000;

const LONGEST_TIMER_MS = 60_000;

/** Sources that tell that a person is waited for, and not for what. */
const tellsLittle: ReadonlySet<SignalSource> = new Set(["title", "transcript", "progress", "notification"]);

/** Follows one session: every signal of its agent becomes evidence, the evidence a state, and both are stored before anybody hears of it. */
export class FollowedSession {
  readonly #options: FollowedSessionOptions;
  readonly #watching: Watching;
  #tracking: Tracking;
  #pty: PtyInfo | null = null;
  #recheck: NodeJS.Timeout | undefined;
  #lastWords: NodeJS.Timeout | undefined;
  /** What the waiting hooks handed over, by their ids: an answer may have to repeat it. */
  readonly #asked = new Map<string, unknown>();

  constructor(options: FollowedSessionOptions) {
    this.#options = options;
    this.#tracking = options.tracking;
    this.#watching = new Watching(options.adapter.reads, (signals) => this.receive(signals), options.log);
    this.#watching.look(this.#tracking.whereabouts);
    this.#settle(this.#tracking);
  }

  get adapter(): AgentAdapter {
    return this.#options.adapter;
  }

  get tracking(): Tracking {
    return this.#tracking;
  }

  asked(askId: string): unknown {
    return this.#asked.get(askId);
  }

  /** Its process runs. @param pid of the program that was launched. */
  running(pid: number | null, now: number): void {
    const { whereabouts, runningSince } = this.#tracking;
    if (runningSince !== null && (whereabouts.pid !== null || pid === null)) return;
    const known = { ...whereabouts, pid: whereabouts.pid ?? pid };
    this.#settle({ ...this.#tracking, runningSince: runningSince ?? now, whereabouts: known });
  }

  ptyChanged(pty: PtyInfo): void {
    const before = this.#pty;
    this.#pty = pty;
    if (before?.status && !pty.status) {
      const evidence = withdraw(this.#tracking.evidence, "program-status");
      this.#settle({ ...this.#tracking, evidence });
    }
    const { whereabouts } = this.#tracking;
    this.receive(terminalSignals(this.adapter.reads, whereabouts, before, pty, this.#options.now()));
    if (pty.signals.restedAt !== before?.signals.restedAt) void this.#readScreen(pty);
  }

  /** A hook handed something over. @param askId set when it waits for an answer. */
  hook(payload: unknown, channel: string, at: number, askId: string | null): void {
    const readings = this.#read("hook", () => this.adapter.reads.hook?.(payload, channel, at) ?? []);
    if (askId !== null) this.#asked.set(askId, payload);
    this.#watching.flush();
    this.receive(timed("hook", readings, at), askId);
    const isOpen = this.#tracking.evidence.requests.some((open) => open.askId === askId);
    if (askId !== null && !isOpen) this.#release(askId);
  }

  /** The hook that asked has gone, so its request is over: taken back, or answered in the terminal. */
  askGone(askId: string): void {
    this.#asked.delete(askId);
    this.#settle({
      ...this.#tracking,
      evidence: closeRequests(this.#tracking.evidence, (open) => open.askId === askId),
    });
  }

  /** A person named it: no prompt will. */
  titled(): void {
    this.#settle({ ...this.#tracking, isTitleGiven: true });
  }

  /** A person has answered through Tally, and the agent has the answer. */
  answered(requestId: string): void {
    const evidence = closeRequests(this.#tracking.evidence, ({ request }) => request.id === requestId);
    this.#settle({ ...this.#tracking, evidence: { ...evidence, answeredAt: this.#options.now() } });
  }

  receive(signals: readonly Signal[], askId: string | null = null): void {
    if (signals.length === 0) return;
    const now = this.#options.now();
    const plausibles = signals
      .map((signal) => plausible(signal, now))
      .filter((signal) => !isOfEarlierLaunch(signal, this.#tracking.launchedAt));
    let tracking = { ...this.#tracking, evidence: notAfter(this.#tracking.evidence, now) };
    for (const signal of plausibles) tracking = withSignal(tracking, signal, askId);
    this.#settle(tracking, plausibles);
  }

  why(): Why {
    const session = this.#session();
    const conclusion = this.#conclude(this.#tracking);
    const { reason, request } = conclusion;
    const isLive = session.endedAt === null;
    const { words, requests } = this.#tracking.evidence;
    const said = Object.entries(words).map(([source, { signal, text, at }]) => {
      const decides = isLive && !request && source === conclusion.source;
      return { source: source as SignalSource, signal, text, at, decides };
    });
    const asked = requests.map((open) => {
      const { source, signal, at, request: what } = open;
      return {
        source,
        signal,
        at,
        text: open === request ? reason.text : what.title,
        decides: isLive && open === request,
      };
    });
    const testimonies = [...said, ...asked].sort((one, other) => other.at - one.at);
    return { state: session.state, reason: session.reason, testimonies };
  }

  /** Its process is over: no state comes any more, but for a moment its last words may. @param onSilent called when they had their time. */
  ended(onSilent: () => void): void {
    clearTimeout(this.#recheck);
    this.#settle({ ...this.#tracking, evidence: closeRequests(this.#tracking.evidence, () => true) });
    this.#lastWords ??= setTimeout(onSilent, LAST_WORDS_MS).unref();
  }

  dispose(): void {
    clearTimeout(this.#recheck);
    clearTimeout(this.#lastWords);
    this.#watching.dispose();
  }

  /** Takes over new tracking: stores what follows from it, lets go of hooks whose request is over, and looks where it says. */
  #settle(tracking: Tracking, signals: readonly Signal[] = []): void {
    const before = this.#tracking;
    this.#tracking = tracking;
    this.#write(before, signals);
    this.#tellLimits(before, signals);
    const open = new Set(tracking.evidence.requests.map(({ askId }) => askId));
    for (const { askId } of before.evidence.requests) if (askId !== null && !open.has(askId)) this.#release(askId);
    // Also when they are the same: an agent creates some of its files only when it has something to say.
    this.#watching.look(tracking.whereabouts);
  }

  #write(before: Tracking, signals: readonly Signal[]): void {
    const { store } = this.#options;
    const session = store.session(this.#options.id);
    if (!session) return;
    const isLive = session.endedAt === null && this.#tracking.runningSince !== null;
    const conclusion = isLive ? this.#conclude(this.#tracking) : null;
    const prompts = this.#promptsOf(signals);
    const tasks = changedPrompts(session, prompts, signals, conclusion);
    const known = new Set(prompts.map(({ id }) => id));
    const counted = store.promptCount(session.id) + tasks.filter(({ id }) => !known.has(id)).length;
    // Where none was read, a wrapper may have told how many there were.
    const promptCount = counted || session.promptCount;
    let next: Session = withFacts(session, { signals, tracking: this.#tracking, promptCount });
    if (conclusion) {
      next = withState(next, conclusion.state, conclusion.reason, this.#shownRequest(conclusion.request));
      this.#scheduleRecheck(conclusion.recheckAt);
    }
    const isShown = next !== session || tasks.length > 0;
    if (!isShown && isSameTracking(this.#tracking, before)) return;
    const tracking = JSON.stringify(this.#tracking);
    if (isShown) writeSession(store, next, { tracking }, tasks);
    else store.change((transaction) => transaction.putTracking(session.id, tracking));
  }

  /** Told also when this gateway begins to follow it: the one before may have stopped before it was heard. */
  #tellLimits(before: Tracking, signals: readonly Signal[]): void {
    const session = this.#options.store.session(this.#options.id);
    if (!session || session.endedAt !== null) return;
    const { limit, continuesItself, evidence } = this.#tracking;
    for (const { reading, at } of signals) {
      if (reading.type === "quota") this.#options.onQuota(session, reading.windows, at);
      const isGuess = reading.type === "limit" && reading.limit.isGuess;
      if (isGuess) this.#options.onLimited({ session, limit, continuesItself });
    }
    const isNews = before === this.#tracking || limit !== before.limit || evidence !== before.evidence;
    if (session.state !== "PAUSED" || this.#tracking.runningSince === null || !isNews) return;
    this.#options.onLimited({ session, limit, continuesItself });
  }

  /** The prompts that may change: those that are open, the last one, and those that the signals name. A long session has thousands. */
  #promptsOf(signals: readonly Signal[]): Task[] {
    const { id, store } = this.#options;
    const prompts = new Map(store.openPrompts(id).map((task) => [task.id, task]));
    for (const { reading } of signals) {
      if (reading.type !== "prompt" && reading.type !== "prompt-usage" && reading.type !== "plan") continue;
      const task = store.task(promptTaskId(id, reading.key));
      if (task) prompts.set(task.id, task);
    }
    return [...prompts.values()];
  }

  #shownRequest(open: OpenRequest | null): AgentRequest | null {
    if (!open) return null;
    const via = this.adapter.answers?.via;
    const isAnswerable = via === "http" || (via === "hook" && open.askId !== null);
    return { ...open.request, isAnswerable, at: open.at };
  }

  #conclude(tracking: Tracking): Conclusion {
    return conclude(tracking.evidence, {
      agentLabel: this.adapter.label,
      expects: tracking.expects,
      runningSince: tracking.runningSince ?? this.#options.now(),
      now: this.#options.now(),
    });
  }

  #scheduleRecheck(at: number | null): void {
    clearTimeout(this.#recheck);
    if (at === null) return;
    const delayMs = Math.min(Math.max(at - this.#options.now(), 0) + 1, LONGEST_TIMER_MS);
    this.#recheck = setTimeout(() => this.#settle(this.#tracking), delayMs).unref();
  }

  /** Text on the screen is asked for only where nothing better has spoken, or what speaks never tells what is asked. */
  async #readScreen({ ptyId, signals: { restedAt } }: PtyInfo): Promise<void> {
    const { screen } = this.adapter.reads;
    const { evidence, expects } = this.#tracking;
    const spoken = Object.keys(evidence.words).filter((source) => source !== "screen");
    const isAllTold = spoken.length > 0 && !expects.every((source) => tellsLittle.has(source));
    if (!screen || restedAt === null || isAllTold) return;
    try {
      const rows = await this.#options.screen(ptyId);
      this.receive(
        timed(
          "screen",
          this.#read("screen", () => screen(rows)),
          restedAt,
        ),
      );
    } catch (error) {
      this.#options.log.warn("the screen cannot be read", { ptyId, error });
    }
  }

  /** An adapter that fails on what an agent emitted says nothing. */
  #read(what: string, read: () => readonly TimedReading[]): readonly TimedReading[] {
    try {
      return read();
    } catch (error) {
      this.#options.log.error("a signal could not be read", { id: this.#options.id, what, error });
      return [];
    }
  }

  #release(askId: string): void {
    this.#asked.delete(askId);
    this.#options.releaseAsk(askId);
  }

  #session(): Session {
    const session = this.#options.store.session(this.#options.id);
    if (!session) throw new Error(`followed session ${this.#options.id} is gone`);
    return session;
  }
}

function withSignal(tracking: Tracking, signal: Signal, askId: string | null): Tracking {
  const whereabouts = learn(tracking.whereabouts, signal);
  const { conversationId } = tracking.whereabouts;
  const isAnother = conversationId !== null && whereabouts.conversationId !== conversationId;
  // What goes on beside a conversation's turns is nobody's who left that conversation.
  const before = isAnother ? { ...tracking.evidence, background: [] } : tracking.evidence;
  const evidence = witness(before, signal, signal.reading.type === "request" ? askId : null);
  const usages = countUsage(tracking.usages, signal, whereabouts.conversationId);
  return { ...tracking, evidence, whereabouts, usages, limit: learnLimit(tracking.limit, signal) };
}

function timed(source: SignalSource, readings: readonly TimedReading[], at: number): Signal[] {
  return readings.map(({ at: told, ...reading }) => ({ source, at: told ?? at, reading }));
}
