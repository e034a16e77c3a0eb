import type { Session } from "../../protocol/entities.ts";
import type { Store } from "../store/store.ts";
import type { StandingWatch } from "./standing-watch.ts";

/** An agent that stopped working has probably changed files, of which git's own folder tells nothing. */
export function refreshAfterTurns(store: Store, standings: Pick<StandingWatch, "refresh">): { dispose(): void } {
  const states = new Map<string, Session["state"]>();
  return store.subscribe((events) => {
    for (const { change } of events) {
      if (change.type === "session.removed") states.delete(change.id);
      if (change.type !== "session.changed") continue;
      const { id, state, worktreeId } = change.session;
      const before = states.get(id);
      states.set(id, state);
      if (before !== state && state !== "RUNNING" && worktreeId !== null) standings.refresh(worktreeId);
    }
  });
}
