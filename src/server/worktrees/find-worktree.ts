import { sep } from "node:path";
import type { Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";

/**
 * The worktree that a person means: by id, name, branch or path; a name is first looked for in their own project.
 * @param projectId the project they are in, null when in none
 * @throws {TallyError} `worktree-not-found`, `worktree-ambiguous` with the candidates
 */
export function findWorktree(worktrees: readonly Worktree[], ref: string, projectId: string | null): Worktree {
  const path = ref.length > 1 && ref.endsWith(sep) ? ref.slice(0, -1) : ref;
  const exact = worktrees.find((worktree) => worktree.id === ref || worktree.path === path);
  if (exact) return exact;
  const named = worktrees.filter(({ name, branch }) => name === ref || branch === ref);
  const here = named.filter((worktree) => worktree.projectId === projectId);
  const found = here.length > 0 ? here : named;
  const byName = found.filter(({ name }) => name === ref);
  const candidates = byName.length > 0 ? byName : found;
  if (candidates.length === 1 && candidates[0]) return candidates[0];
  if (candidates.length === 0) {
    throw new TallyError("worktree-not-found", `There is no worktree ${ref}. See them all with: tally list`);
  }
  const paths = candidates.map((worktree) => worktree.path);
  throw new TallyError(
    "worktree-ambiguous",
    `Several worktrees are named ${ref}: ${paths.join(", ")}. Say which by its path.`,
    {
      candidates: candidates.map(({ id, name, path: at }) => ({ id, name, path: at })),
    },
  );
}
