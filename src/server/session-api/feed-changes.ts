import type { Session } from "../../protocol/entities.ts";
import type { TallyEvent } from "../../protocol/events.ts";
import type { FeedFrame } from "../../protocol/session-feed.ts";

/** What the feed tells of one session: of one event, or of several that are told as one. */
export interface FeedChange {
  readonly type: Extract<FeedFrame["type"], `session:${string}`>;
  readonly sessionId: string;
  /** The last event of it: whoever has heard this change has heard all changes up to there. */
  readonly seq: number;
  readonly at: number;
  /** As it was then. Null where the events tell only of its tasks. */
  readonly session: Session | null;
}

/**
 * What the feed tells of events, in their order. Each start and each end is told; of what else happens to a session, only the last is,
 * because each change tells the whole session.
 */
export function feedChanges(events: readonly TallyEvent[]): FeedChange[] {
  const changes: FeedChange[] = [];
  for (const event of events) {
    const change = changeOf(event);
    if (!change) continue;
    const before = changes.at(-1);
    if (before && isPartOf(change, before)) {
      changes[changes.length - 1] = { ...change, type: before.type, session: change.session ?? before.session };
    } else {
      changes.push(change);
    }
  }
  const lastOf = new Map(changes.map((change) => [change.sessionId, change]));
  return changes.filter((change) => change.type !== "session:updated" || lastOf.get(change.sessionId) === change);
}

function changeOf({ seq, at, change }: TallyEvent): FeedChange | null {
  if (change.type === "session.changed") {
    const { session, transition } = change;
    return { type: `session:${transition ?? "updated"}`, sessionId: session.id, seq, at, session };
  }
  if (change.type === "task.changed" && change.task.sessionId !== null) {
    return { type: "session:updated", sessionId: change.task.sessionId, seq, at, session: null };
  }
  return null;
}

/** Whether a change is told with the one before it. A session that is open again is news after its end. */
function isPartOf({ type, sessionId, session }: FeedChange, before: FeedChange): boolean {
  if (type !== "session:updated" || before.sessionId !== sessionId) return false;
  return before.type !== "session:ended" || session === null || session.endedAt !== null;
}
