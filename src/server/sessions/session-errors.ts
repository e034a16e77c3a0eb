import type { Session } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";

export function alreadyEnded({ id }: Session): TallyError {
  return new TallyError("session-ended", `Session ${id} has ended already. Its output: tally logs ${id}`);
}

export function conversationOpen({ id }: Session): TallyError {
  return new TallyError("session-live", `Session ${id} has this conversation open. Show it: tally attach ${id}`);
}

export function requestGone({ id }: Session): TallyError {
  return new TallyError(
    "request-gone",
    `Session ${id} does not ask this any more: it was answered elsewhere, or taken back. See: tally show ${id}`,
  );
}

export function answerUndelivered({ id, agent }: Session): TallyError {
  return new TallyError(
    "answer-undelivered",
    `The answer did not reach ${agent}, which may still be waiting. Try again, or answer in its terminal: tally attach ${id}`,
  );
}

export function notAnswerable({ id, agent }: Session): TallyError {
  return new TallyError(
    "not-answerable",
    `Tally cannot hand an answer to ${agent}. Answer in its terminal: tally attach ${id}`,
  );
}

/** Sessions in their caller's own pipes have no terminal of ours to look at. */
export function notAttachable({ id, mode }: Session): TallyError {
  if (mode === "headless") {
    return new TallyError(
      "not-attachable",
      `Session ${id} works without a terminal. See its tasks: tally history --session ${id}`,
    );
  }
  const where =
    mode === "external" ? "in a terminal that is not Tally's" : "in the pipes of the command that started it";
  return new TallyError("not-attachable", `Session ${id} runs ${where}, so there is no terminal to attach to.`);
}
