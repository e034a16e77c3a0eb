import type { Session } from "../protocol/entities.ts";
import { isEnded, type SessionState, sessionStateSchema } from "../protocol/states.ts";
import { stateWords } from "./screen/session-words.ts";
import { UsageError } from "./usage.ts";

/** The states in which a session does not work any more, or not by itself. */
export const restingStates: readonly SessionState[] = ["WAITING_USER", "IDLE", "PAUSED", "DONE", "ERROR"];

/**
 * The states that a list names, by their names or by the words that Tally shows for them, in either case.
 * @throws {UsageError} for a word that is neither
 */
export function parseStates(list: string): SessionState[] {
  return list.split(",").map((word) => {
    const wanted = word.trim().toLowerCase();
    const state = sessionStateSchema.options.find(
      (each) => each.toLowerCase() === wanted || stateWords[each].word === wanted,
    );
    if (state) return state;
    throw new UsageError(
      `There is no state "${word.trim()}". The states are: ${sessionStateSchema.options.join(", ")}.`,
    );
  });
}

/** How far a session is on its way to a wanted state. */
export type Arrival = "there" | "under-way" | "never";

/** A state that is only guessed is not arrived at; one that has ended moves no more, and one that was removed is null. */
export function arrivalOf(session: Session | null, wanted: readonly SessionState[]): Arrival {
  if (session === null) return "never";
  if (wanted.includes(session.state) && !session.reason.isUnknown) return "there";
  return isEnded(session) ? "never" : "under-way";
}
