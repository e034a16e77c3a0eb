import { basename } from "node:path";
import type { Session } from "../../protocol/entities.ts";
import type { Continuation, Pause, Settings } from "../../protocol/limits.ts";
import type { LimitReport } from "../agents/reading.ts";
import type { LimitedSession } from "../sessions/followed-session.ts";
import { readKeptLaunch } from "../sessions/kept-launch.ts";
import { writeSession } from "../sessions/session-writer.ts";
import type { ToldLimit } from "../sessions/state/tracking.ts";
import type { SessionInternals, Store, StoredSession } from "../store/store.ts";
import type { Allowance } from "./accounts.ts";
import { notResumed } from "./follow-up.ts";
import { holds, type LimitHit } from "./pause-rules.ts";
import type { Pauses } from "./pauses.ts";
import { quietUntil } from "./quiet-hours.ts";

export interface StoppedSessionsOptions {
  readonly store: Store;
  readonly pauses: Pauses;
  readonly settings: () => Settings;
  readonly now: () => number;
  readonly label: (agent: string) => string;
  /** Whether the agent can go on with a conversation at all. */
  readonly canGoOn: (agent: string) => boolean;
  /** The account of a session's launch, as far as it is kept, and the model that it names. */
  readonly allowance: (session: StoredSession) => Allowance;
}

/** What limits have stopped, and what is to become of it. All of it is in the store. */
export class StoppedSessions {
  readonly #options: StoppedSessionsOptions;

  constructor(options: StoppedSessionsOptions) {
    this.#options = options;
  }

  /** A usage limit has stopped a session, or more is known of the one that has. */
  limited({ session, limit, continuesItself }: LimitedSession): void {
    const { store, pauses, now } = this.#options;
    const stored = store.session(session.id);
    if (!stored) return;
    const at = limit?.at ?? stored.reason.at;
    const before = stored.continuation;
    // It has not yet begun to go on: what it said before it was told to is no news.
    if (before?.status === "resuming" && at <= Math.min(before.at ?? 0, now())) return;
    const { account, model } = this.#options.allowance(stored);
    // A session from before accounts were known is on the one that its launch, as far as it is kept, would be on.
    const accountId = stored.accountId ?? account.id;
    const pause = pauses.hit({ ...hitOf(stored, limit, model !== null, at), accountId }, account);
    if (!pause.isInForce || limit?.isGuess) return;
    const isSettled =
      before !== null && (pause.endedAt !== null || before.status !== "resumed") && before.status !== "resuming";
    const isKnown = before?.pauseId === pause.id && isSettled;
    if (isKnown) return;
    this.#stopped({ ...stored, accountId }, pause, continuesItself);
    this.#gather(pause);
  }

  /** A wrapper heeds pauses by hand: its session goes on after one, by the person's hand or, when it is gone, by Tally's. */
  awaits(session: StoredSession, pause: Pause): void {
    if (session.autoResume) this.put(session, this.#scheduled(session, pause, "tally"));
  }

  /** Words about a limit were the last that a program said, and then it ended: that is no guess any more. */
  endedBy(session: StoredSession, limit: LimitReport): void {
    const { pauses, allowance, now } = this.#options;
    if (session.accountId === null) return;
    // What a shell or an interpreter has run may have said anything.
    const isGuess = runsAnything.test(basename(session.command[0] ?? ""));
    const told: ToldLimit = { ...limit, isGuess, at: session.endedAt ?? now() };
    const reason = { ...session.reason, text: limit.text, source: "screen", signal: "screen: last words" } as const;
    const { account, model } = allowance(session);
    const hit = hitOf({ ...session, reason }, told, model !== null, told.at);
    pauses.hit({ ...hit, accountId: session.accountId }, account);
  }

  /** Sets whether a session goes on by itself at the reset: switching it off also cancels what is scheduled. */
  setAuto(session: StoredSession, isEnabled: boolean): void {
    const { continuation } = session;
    const pause = continuation ? this.#options.store.pause(continuation.pauseId) : null;
    const isCancelled = !isEnabled && continuation?.status === "scheduled";
    const comesBack = isEnabled && (continuation?.status === "cancelled" || continuation?.status === "not-resumed");
    if (continuation && isCancelled) {
      const text = "You cancelled it: it does not go on by itself.";
      this.put(session, { ...continuation, status: "cancelled", at: this.#options.now(), text }, { autoResume: false });
    } else if (continuation && pause && comesBack && session.state === "PAUSED") {
      this.put(session, this.#scheduled(session, pause, "tally"), { autoResume: true });
    } else {
      this.put(session, continuation, { autoResume: isEnabled });
    }
  }

  #stopped(session: StoredSession, pause: Pause, continuesItself: boolean): void {
    const { settings, canGoOn, label, now } = this.#options;
    // How a wrapper launched it is not known: it may go on by itself.
    const owner = continuesItself || session.mode === "external" ? "agent" : "tally";
    const scheduled = this.#scheduled(session, pause, owner);
    const why = ((): string | null => {
      if (session.mode === "pipes") return "it runs in the pipes of its caller.";
      if (continuesItself) return null;
      if (settings().resumeBy === "nobody") return "you have set that nothing is.";
      if (!session.autoResume) return "you have set that it is not.";
      return canGoOn(session.agent) ? null : `${label(session.agent)} cannot be resumed by Tally.`;
    })();
    const kept = readKeptLaunch(session.launch);
    const launch = kept && JSON.stringify({ ...kept, wasHeld: false });
    const continuation = why === null ? scheduled : notResumed({ ...scheduled, owner: "person" }, why, now());
    this.put(session, continuation, {}, launch === null ? {} : { launch });
  }

  #scheduled(session: Session, pause: Pause, owner: "tally" | "agent"): Continuation {
    const isByHand = pause.kind === "manual";
    const end = isByHand ? "the pause ends" : "the limit resets";
    const isUnknown = pause.until === null && !isByHand;
    const byTally = isUnknown ? "Tally tries it again: nobody knows when the limit resets." : `It goes on when ${end}.`;
    const text = owner === "agent" ? `${this.#options.label(session.agent)} goes on by itself when ${end}.` : byTally;
    const at = this.#goesOnAt(pause);
    const isQuiet = at !== null && at > (pause.endedAt ?? pause.nextTryAt ?? at);
    const afterQuiet = "It goes on when your quiet hours are over.";
    return { pauseId: pause.id, owner, status: "scheduled", at, text: isQuiet ? afterQuiet : text };
  }

  /** When the pause lets it go on, and the person's quiet hours do. */
  #goesOnAt({ endedAt, nextTryAt }: Pause): number | null {
    const dueAt = endedAt ?? nextTryAt;
    if (dueAt === null) return null;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return quietUntil(this.#options.settings().quietHours, dueAt, zone) ?? dueAt;
  }

  /** What an earlier pause of the same account has stopped, and has not brought back, waits for this one. */
  #gather(pause: Pause): void {
    for (const session of this.#options.store.liveSessions()) {
      const { continuation, accountId, model } = session;
      const isElsewhere = continuation?.status === "scheduled" && continuation.pauseId !== pause.id;
      if (!isElsewhere || accountId === null || !holds(pause, accountId, model)) continue;
      const other = this.#options.store.pause(continuation.pauseId);
      if (other?.endedAt === null) continue;
      this.put(session, this.#scheduled(session, pause, continuation.owner === "agent" ? "agent" : "tally"));
    }
  }

  /** The times of what it has stopped follow a pause, and the quiet hours. */
  sync(pause: Pause): void {
    for (const session of this.#options.store.liveSessions()) {
      const { continuation } = session;
      if (continuation?.pauseId !== pause.id || continuation.status !== "scheduled") continue;
      const { at, text } = this.#scheduled(session, pause, continuation.owner === "agent" ? "agent" : "tally");
      if (continuation.at !== at)
        this.put(session, { ...continuation, at, text: wasHeld(session) ? continuation.text : text });
    }
  }

  /** The quiet hours may be others now. */
  syncAll(): void {
    const scheduled = this.#options.store
      .liveSessions()
      .filter(({ continuation }) => continuation?.status === "scheduled");
    for (const id of new Set(scheduled.map(({ continuation }) => continuation?.pauseId ?? ""))) {
      const pause = this.#options.store.pause(id);
      if (pause) this.sync(pause);
    }
  }

  /** Writes what becomes of a session. */
  put(
    session: StoredSession,
    continuation: Continuation | null,
    fields: Partial<Session> = {},
    internals: Partial<SessionInternals> = {},
  ): void {
    const { store, now } = this.#options;
    writeSession(store, { ...session, ...fields, continuation, updatedAt: now() }, internals);
  }
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

const runsAnything =
  /^(?:(?:ba|da|z|fi|k|tc|c)?sh|pwsh|powershell|cmd|env|sudo|node|deno|bun|python\d*|ruby|perl|npm|npx|pnpm|yarn|make|docker|git|cat|less)(?:\.exe)?$/;

/** Whether it was held before its start, and no limit has stopped it since. */
export function wasHeld({ launch }: StoredSession): boolean {
  return readKeptLaunch(launch)?.wasHeld ?? false;
}
