import type { Task } from "../../protocol/entities.ts";
import type { TallyEvent } from "../../protocol/events.ts";
import { type FeedFrame, MAX_CHAINS } from "../../protocol/session-feed.ts";
import type { Store } from "../store/store.ts";
import { type FeedChange, feedChanges } from "./feed-changes.ts";
import { type Machine, toFeedSession } from "./feed-session.ts";

export interface FeedListenerOptions {
  readonly store: Pick<Store, "seq" | "eventsSince" | "session" | "sessions" | "tasksPage">;
  readonly machine: Machine;
  /** Resolves once it has been taken, or never can be. */
  readonly send: (frame: FeedFrame) => Promise<void>;
  /** The last event that the listener was told. Left out: it only hears what happens from now on. */
  readonly since: number | undefined;
}

/**
 * Tells one listener of the feed what happens. It reads from the log of events what comes after the last one told, and asks for no
 * more before that was taken: so nothing is lost or told twice, however slow the listener is, and nothing piles up for it.
 */
export class FeedListener {
  readonly #options: FeedListenerOptions;
  #seq: number;
  #isReady = false;
  #isTelling = false;
  #isGone = false;

  constructor(options: FeedListenerOptions) {
    this.#options = options;
    this.#seq = options.since ?? options.store.seq;
  }

  /** Says where it begins, and tells what was missed. */
  async begin(): Promise<void> {
    await this.#tellAll(null);
  }

  /** These have happened. */
  async happened(events: readonly TallyEvent[]): Promise<void> {
    if (this.#isTelling || !this.#isReady) return;
    // What is told from a listener of the store may come before what it follows from.
    await this.#tellAll(events[0]?.seq === this.#seq + 1 ? events : null);
  }

  gone(): void {
    this.#isGone = true;
  }

  /** @param next what comes after the last event told, where that is known without reading it */
  async #tellAll(next: readonly TallyEvent[] | null): Promise<void> {
    const { store } = this.#options;
    this.#isTelling = true;
    try {
      if (next) await this.#tell(next);
      while (!this.#isGone && !(this.#isReady && store.seq === this.#seq)) {
        const events = store.eventsSince(this.#seq);
        await (events ? this.#tell(events) : this.#tellAnew());
      }
    } finally {
      this.#isTelling = false;
    }
  }

  async #tell(events: readonly TallyEvent[]): Promise<void> {
    const { send } = this.#options;
    if (!this.#isReady) await send({ type: "ready", seq: this.#seq });
    this.#isReady = true;
    for (const change of feedChanges(events)) {
      if (this.#isGone) return;
      const frame = this.#frameOf(change);
      if (frame) await send(frame);
    }
    this.#seq = events.at(-1)?.seq ?? this.#seq;
  }

  /** What came after the last event told is no longer kept. */
  async #tellAnew(): Promise<void> {
    const { store, send } = this.#options;
    const { seq } = store;
    await send({ type: "reset", seq: 0 });
    for (const { id } of store.sessions()) {
      if (this.#isGone) return;
      const session = store.session(id);
      const change = { type: "session:updated", sessionId: id, seq: 0, at: session?.updatedAt ?? 0, session } as const;
      const frame = this.#frameOf(change);
      if (frame) await send(frame);
    }
    this.#seq = seq;
    this.#isReady = true;
    await send({ type: "ready", seq });
  }

  /** Null for a session that has been removed, of which nothing but its tasks was told. */
  #frameOf({ type, sessionId, seq, at, session }: FeedChange): FeedFrame | null {
    const { store, machine } = this.#options;
    const known = session ?? store.session(sessionId);
    if (!known) return null;
    const data = toFeedSession(known, latestTasks(store, sessionId, MAX_CHAINS), machine);
    return { type, sessionId, timestamp: new Date(at).toISOString(), data, seq };
  }
}

/** The oldest first. */
export function latestTasks(store: Pick<Store, "tasksPage">, sessionId: string, limit: number): Task[] {
  return store.tasksPage({ sessionId, limit }).tasks.toReversed();
}
