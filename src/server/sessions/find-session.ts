import type { Session, Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";

/**
 * The session that a person means: by its id, by a unique prefix of it, by its root task's id, or by the name of the
 * worktree it runs in. Of several in one worktree, the one that still lives is meant.
 * @throws {TallyError} `session-not-found`; `session-ambiguous` with `details.candidates`.
 */
export function findSession<S extends Session>(sessions: readonly S[], worktrees: readonly Worktree[], ref: string): S {
  const exact = sessions.find((session) => session.id === ref || session.rootTaskId === ref);
  if (exact) return exact;
  const named = new Set(worktrees.filter((worktree) => worktree.name === ref).map((worktree) => worktree.id));
  const inWorktree = sessions.filter((session) => session.worktreeId !== null && named.has(session.worktreeId));
  const alive = inWorktree.filter((session) => session.endedAt === null);
  const byPrefix = sessions.filter((session) => session.id.startsWith(ref));
  const candidates = [...new Set([...byPrefix, ...(alive.length > 0 ? alive : inWorktree)])];
  const [only, ...others] = candidates;
  if (!only) throw new TallyError("session-not-found", `There is no session "${ref}". See them all with: tally list`);
  if (others.length === 0) return only;
  throw new TallyError("session-ambiguous", `"${ref}" means ${candidates.length} sessions. Give more of the id.`, {
    candidates: candidates.map(({ id, title, agent, state }) => ({ id, title, agent, state })),
  });
}
