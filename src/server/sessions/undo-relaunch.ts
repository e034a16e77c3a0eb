import type { Store, StoredSession } from "../store/store.ts";
import { type BeforeRelaunch, readKeptLaunch } from "./kept-launch.ts";
import { writeSession } from "./session-writer.ts";

/** Where sessions are kept and followed. */
export interface RelaunchedIn {
  readonly store: Store;
  readonly following: {
    relaunched(sessionId: string): void;
    follow(session: StoredSession): unknown;
  };
}

/** What a relaunch is about to change of a session, so that {@link undoRelaunch} can give it back. */
export function beforeRelaunch(session: StoredSession): BeforeRelaunch {
  const { mode, state, stateSince, reason, request, conversationId, continuation, agentVersion } = session;
  const { accountId, pid, exitCode, exitSignal, endedAt, archivedAt } = session;
  const { ptyId, endRequested, processStart, tracking } = session;
  const shown = { mode, state, stateSince, reason, request, conversationId, continuation, agentVersion };
  const kept = readKeptLaunch(session.launch);
  // Each would hold the one before it otherwise, for ever.
  const launch = kept ? JSON.stringify({ ...kept, before: undefined }) : session.launch;
  return {
    shown: { ...shown, accountId, pid, exitCode, exitSignal, endedAt, archivedAt },
    internals: { ptyId, endRequested, processStart, tracking, launch },
  };
}

/**
 * Takes back a relaunch that was written, and of which nothing was done: its session is what it was, and what else happened to it
 * meanwhile stays. What the program there has said counts again: an agent does not say it twice.
 */
export function undoRelaunch(
  { store, following }: RelaunchedIn,
  sessionId: string,
  { shown, internals }: BeforeRelaunch,
): void {
  const present = store.session(sessionId);
  if (!present) return;
  following.relaunched(sessionId);
  // Somebody may have asked for its end meanwhile.
  const endRequested = internals.endRequested || present.endRequested;
  writeSession(store, { ...present, ...shown }, { ...internals, endRequested });
  const stored = store.session(sessionId);
  if (stored?.endedAt === null) following.follow(stored);
}
