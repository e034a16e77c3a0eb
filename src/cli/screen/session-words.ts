import type { Session } from "../../protocol/entities.ts";
import { isEnded, type SessionState } from "../../protocol/states.ts";
import type { StyleName } from "./style.ts";

interface StateWords {
  readonly word: string;
  readonly style: StyleName;
  /** Lower comes first in a list: what waits for the person, before what does not need them. */
  readonly rank: number;
}

/** A session's state as it is shown: a guess is not passed off as knowledge. */
export type ShownState = SessionState | "UNKNOWN";

export const stateWords: Record<ShownState, StateWords> = {
  WAITING_USER: { word: "waiting", style: "yellow", rank: 0 },
  ERROR: { word: "error", style: "red", rank: 1 },
  UNKNOWN: { word: "unknown", style: "magenta", rank: 2 },
  PAUSED: { word: "paused", style: "magenta", rank: 3 },
  IDLE: { word: "idle", style: "cyan", rank: 4 },
  RUNNING: { word: "running", style: "green", rank: 5 },
  STARTING: { word: "starting", style: "green", rank: 6 },
  DONE: { word: "done", style: "dim", rank: 7 },
};

export function shownState({ state, reason }: Pick<Session, "state" | "reason">): ShownState {
  return reason.isUnknown ? "UNKNOWN" : state;
}

export function wordsOf(session: Pick<Session, "state" | "reason">): StateWords {
  return stateWords[shownState(session)];
}

/**
 * Live sessions before ended ones, those that wait for a person first and the longest of them before all; of the paused ones those
 * that do not go on by themselves, then those that do so soonest; of the others the younger ones.
 */
export function byUrgency(a: Session, b: Session): number {
  return (
    Number(isEnded(a)) - Number(isEnded(b)) ||
    wordsOf(a).rank - wordsOf(b).rank ||
    (isWaiting(a) ? a.stateSince - b.stateSince : 0) ||
    (a.state === "PAUSED" ? goesOnAt(a) - goesOnAt(b) : 0) ||
    b.createdAt - a.createdAt
  );
}

/** Before all times when it does not go on by itself, after all when nobody knows when. */
function goesOnAt({ continuation }: Session): number {
  if (continuation?.status !== "scheduled" && continuation?.status !== "resuming") return 0;
  return continuation.at ?? Number.MAX_SAFE_INTEGER;
}

export function isWaiting(session: Session): boolean {
  return session.state === "WAITING_USER" && !isEnded(session);
}

export function isPutAway({ archivedAt }: Session): boolean {
  return archivedAt !== null;
}

/** What the session waits for the person to do; null when it does not. */
export function waitsFor(session: Session): string | null {
  return isWaiting(session) ? (session.request?.title ?? session.reason.text) : null;
}
