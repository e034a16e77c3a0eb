import type { Session } from "../../../protocol/entities.ts";

/** Names what a session waits for: another request has a draft of its own. */
export function draftKey({ id, request, stateSince }: Session): string {
  return `${id} ${request?.id ?? stateSince}`;
}

/** Names one time that it is waited for: the same that is asked once more is another card, which nobody has answered yet. */
export function cardKey(session: Session): string {
  return `${draftKey(session)} ${session.stateSince}`;
}
