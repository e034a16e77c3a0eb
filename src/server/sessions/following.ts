import { TallyError } from "../../protocol/errors.ts";
import type { PtyInfo } from "../../protocol/ptyhost.ts";
import type { AgentRequest, RequestAnswer } from "../../protocol/requests.ts";
import type { Why } from "../../protocol/routes.ts";
import type { LimitReport } from "../agents/reading.ts";
import type { AgentRegistry } from "../agents/registry.ts";
import type { Log } from "../log.ts";
import type { Spool, SpooledHook } from "../signals/spool.ts";
import { type AnswerOutcome, callAnswer } from "../signals/watch-stream.ts";
import type { Store, StoredSession } from "../store/store.ts";
import type { Session } from "../../protocol/entities.ts";
import { FollowedSession, type FollowedSessionOptions } from "./followed-session.ts";
import { answerUndelivered, notAnswerable, requestGone } from "./session-errors.ts";
import { newTracking, readTracking, type Tracking } from "./state/tracking.ts";

export interface FollowingOptions {
  readonly store: Store;
  readonly agents: AgentRegistry;
  readonly log: Log;
  readonly now: () => number;
  readonly spool: Pick<Spool, "reply" | "release" | "forget" | "isAsking">;
  readonly screen: (ptyId: string) => Promise<string>;
  readonly onLimited: FollowedSessionOptions["onLimited"];
  readonly onQuota: FollowedSessionOptions["onQuota"];
}

/** Follows what the agents of all live sessions are doing, and hands them what a person answers. */
export class Following {
  readonly #options: FollowingOptions;
  readonly #followed = new Map<string, FollowedSession>();
  /** Requests whose answer is on its way: the first one counts. */
  readonly #answering = new Set<string>();

  constructor(options: FollowingOptions) {
    this.#options = options;
  }

  /** Begins to follow a session; one whose launch is not known has a process and nothing else. */
  follow(session: StoredSession): FollowedSession {
    const known = this.#followed.get(session.id);
    if (known) return known;
    const { agents, log, store, now, screen, spool, onLimited, onQuota } = this.#options;
    const followed = new FollowedSession({
      id: session.id,
      adapter: agents.adapter(session.agent),
      tracking: readTracking(session.tracking) ?? unknownLaunch(session),
      store,
      log,
      now,
      screen,
      onLimited,
      onQuota,
      releaseAsk: (askId) => void spool.release(askId),
    });
    this.#followed.set(session.id, followed);
    return followed;
  }

  /** Its process runs, or its terminal told something. */
  ptyChanged(session: StoredSession, pty: PtyInfo): void {
    if (pty.phase !== "running") return;
    const followed = this.follow(session);
    followed.running(pty.pid, this.#options.now());
    followed.ptyChanged(pty);
  }

  running(session: StoredSession, pid: number): void {
    this.follow(session).running(pid, this.#options.now());
  }

  /** Another program goes on with the session: what the one before it said holds no longer. */
  relaunched(sessionId: string): void {
    this.#followed.get(sessionId)?.dispose();
    this.#followed.delete(sessionId);
  }

  /** What is known of where the agent is, for what reaches it without its terminal. */
  tracking(session: StoredSession): Tracking {
    return this.#followed.get(session.id)?.tracking ?? readTracking(session.tracking) ?? unknownLaunch(session);
  }

  /** The limit of which a program spoke last, where it has nothing better than its screen to tell by. */
  lastLimit(session: StoredSession, rows: string): LimitReport | null {
    const { reads } = this.#options.agents.adapter(session.agent);
    if (!reads.screen || this.tracking(session).expects.length > 0) return null;
    const found = reads.screen(rows).find((reading) => reading.type === "limit");
    return found?.type === "limit" ? found.limit : null;
  }

  ended(sessionId: string): void {
    this.#followed.get(sessionId)?.ended(() => this.#forget(sessionId));
  }

  /** A person named it. */
  titled(sessionId: string): void {
    this.#followed.get(sessionId)?.titled();
  }

  hook({ sessionId, payload, channel, at, ask }: SpooledHook): void {
    const session = this.#options.store.session(sessionId);
    const followed = session?.endedAt === null ? this.follow(session) : this.#followed.get(sessionId);
    if (followed) followed.hook(payload, channel, at, ask?.id ?? null);
    else if (ask) void this.#options.spool.release(ask.id);
  }

  /** The spool has been read: a request whose hook is not there to be answered ended while no gateway ran. */
  reconcile(isAsking: (askId: string) => boolean): void {
    for (const followed of this.#followed.values()) {
      for (const { askId } of followed.tracking.evidence.requests) {
        if (askId !== null && !isAsking(askId)) followed.askGone(askId);
      }
    }
  }

  askGone(askId: string): void {
    for (const followed of this.#followed.values()) followed.askGone(askId);
  }

  /** What each source last said of it. An ended session has only its end. */
  why(session: StoredSession): Why {
    const followed = this.#followed.get(session.id);
    return followed ? followed.why() : { state: session.state, reason: session.reason, testimonies: [] };
  }

  /** Hands a person's answer to the agent. @throws {TallyError} `request-gone`, `not-answerable`, `invalid-request`, `answer-undelivered` */
  async answer(session: StoredSession, requestId: string, answer: RequestAnswer): Promise<void> {
    const followed = this.#followed.get(session.id);
    const request = followed?.tracking.evidence.requests.find((open) => open.request.id === requestId);
    const key = `${session.id} ${requestId}`;
    if (!followed || !request || this.#answering.has(key)) throw requestGone(session);
    this.#answering.add(key);
    try {
      const shown = { ...request.request, at: request.at, isAnswerable: true };
      if (!fits(shown, answer)) throw unfit(shown);
      const outcome = await this.#deliver(followed, session, shown, request.askId, answer);
      if (outcome === "undelivered") throw answerUndelivered(session);
      // Whether it was we or the terminal that answered, it is over.
      followed.answered(requestId);
      if (outcome === "refused") throw requestGone(session);
      this.#options.log.info("request answered", { id: session.id, requestId, choice: answer.choice });
    } finally {
      this.#answering.delete(key);
    }
  }

  stop(): void {
    for (const followed of this.#followed.values()) followed.dispose();
    this.#followed.clear();
  }

  async #deliver(
    followed: FollowedSession,
    session: Session,
    request: AgentRequest,
    askId: string | null,
    answer: RequestAnswer,
  ): Promise<AnswerOutcome> {
    const { spool } = this.#options;
    const { answers } = followed.adapter;
    switch (answers?.via) {
      case "hook": {
        if (askId === null) throw notAnswerable(session);
        if (await spool.reply(askId, answers.output(request, answer, followed.asked(askId)))) return "taken";
        return spool.isAsking(askId) ? "undelivered" : "refused";
      }
      case "http":
        return callAnswer(answers.call(followed.tracking.whereabouts, request, answer));
      case undefined:
        throw notAnswerable(session);
    }
  }

  #forget(sessionId: string): void {
    this.#followed.get(sessionId)?.dispose();
    this.#followed.delete(sessionId);
    void this.#options.spool.forget(sessionId);
  }
}

/** A question is answered by choices or denied; a permission is never answered by choices. */
function fits(request: AgentRequest, answer: RequestAnswer): boolean {
  if (request.kind === "permission") return answer.choice !== "answers";
  if (answer.choice === "answers") return answer.answers.length === request.questions.length;
  return answer.choice === "deny";
}

function unfit(request: AgentRequest): TallyError {
  const message =
    request.kind === "permission"
      ? "This is a permission: allow it or deny it."
      : `This is a question: give one answer for each of its ${request.questions.length} parts, or deny it.`;
  return new TallyError("invalid-request", message, { request });
}

function unknownLaunch(session: Session): Tracking {
  const launch = { expects: [], whereabouts: {}, conversationId: null, continuesItself: false };
  return newTracking(launch, session.cwd, true, session.createdAt);
}
