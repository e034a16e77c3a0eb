import { bySession } from "../../../presentation/tree-order.ts";
import type { Model } from "../../../protocol/model.ts";
import { sameItems } from "../../live-state.ts";
import { isSessionFound } from "./session-place.ts";

export interface SessionLists {
  /** In the tree's order. */
  readonly live: readonly string[];
  readonly ended: readonly string[];
  readonly total: number;
}

/** The sessions that are searched for and not put away, by their ids. */
export function sessionLists(model: Model, search: string): SessionLists {
  const all = [...model.sessions.values()].filter(({ archivedAt }) => archivedAt === null);
  const found = all.filter((session) => isSessionFound(model, session, search)).sort(bySession);
  const idsOf = (isEnded: boolean) => found.filter(({ endedAt }) => (endedAt !== null) === isEnded).map(({ id }) => id);
  return { live: idsOf(false), ended: idsOf(true), total: all.length };
}

/** When the session that is at work for the longest was begun; null where none is. */
export function oldestLive({ sessions }: Model): number | null {
  const live = [...sessions.values()].filter(({ endedAt, archivedAt }) => endedAt === null && archivedAt === null);
  return live.length === 0 ? null : Math.min(...live.map(({ createdAt }) => createdAt));
}

export function sameLists(a: SessionLists, b: SessionLists): boolean {
  return a.total === b.total && sameItems(a.live, b.live) && sameItems(a.ended, b.ended);
}
