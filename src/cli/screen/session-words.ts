import type { Session } from "../../protocol/entities.ts";
import { isEnded, type SessionState } from "../../protocol/states.ts";
import type { StyleName } from "./style.ts";

interface StateWords {
  readonly word: string;
  readonly style: StyleName;
  /** Lower comes first in a list: what waits for the person, before what does not need them. */
  readonly rank: number;
}

export const stateWords: Record<SessionState, StateWords> = {
  WAITING_USER: { word: "waiting", style: "yellow", rank: 0 },
  ERROR: { word: "error", style: "red", rank: 1 },
  PAUSED: { word: "paused", style: "magenta", rank: 2 },
  IDLE: { word: "idle", style: "cyan", rank: 3 },
  RUNNING: { word: "running", style: "green", rank: 4 },
  STARTING: { word: "starting", style: "green", rank: 5 },
  DONE: { word: "done", style: "dim", rank: 6 },
};

/** Live sessions before ended ones, those that wait for a person first, then the younger ones. */
export function byUrgency(a: Session, b: Session): number {
  return (
    Number(isEnded(a)) - Number(isEnded(b)) ||
    stateWords[a.state].rank - stateWords[b.state].rank ||
    b.createdAt - a.createdAt
  );
}
