import type { Session } from "../../protocol/entities.ts";
import type { StoredSession } from "../store/store.ts";
import { readKeptLaunch } from "./kept-launch.ts";
import { afterLoss } from "./session-state.ts";

/**
 * The session after its process was lost; null for one that does not go on by itself. What was held before its start needs no
 * conversation to go on with.
 */
export function whenLost(session: StoredSession, now: number): Session | null {
  const hasRun = readKeptLaunch(session.launch)?.hasRun ?? true;
  return afterLoss(session, session.conversationId !== null || !hasRun, now);
}
