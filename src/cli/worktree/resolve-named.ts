import { isAbsolute, resolve } from "node:path";
import type { Project, Session, Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";

export interface FoundWorktree {
  readonly worktree: Worktree;
  readonly project: Project;
}

/** What a word names that may be a worktree or a session. */
export type Named =
  ({ readonly kind: "worktree" } & FoundWorktree) | { readonly kind: "session"; readonly session: Session };

/** A worktree by its id, name, branch or folder; `.` is the one that we stand in. @throws {TallyError} `worktree-not-found`, `worktree-ambiguous` */
export async function resolveWorktree(ref: string, { client }: Pick<CliContext, "client">): Promise<FoundWorktree> {
  const isPath = isAbsolute(ref) || /^\.\.?($|[/\\])/.test(ref);
  const cwd = process.cwd();
  return client.call("resolveWorktree", { query: { ref: isPath ? resolve(cwd, ref) : ref, cwd } });
}

/**
 * The worktree of this name, else the session. A worktree that is not Tally's own gives way to a session in it, as nothing is done to
 * the worktree itself. @throws {TallyError} `worktree-not-found` when it is neither
 */
export async function resolveNamed(ref: string, context: Pick<CliContext, "client">): Promise<Named> {
  const found = await unless("worktree-not-found", resolveWorktree(ref, context));
  if (found !== null && found.worktree.status !== "seen") return { kind: "worktree", ...found };
  const answer = await unless("session-not-found", context.client.call("resolveSession", { query: { ref } }));
  if (answer !== null) return { kind: "session", session: answer.session };
  if (found !== null) return { kind: "worktree", ...found };
  throw new TallyError(
    "worktree-not-found",
    `There is neither a worktree nor a session called "${ref}". See what there is: tally list --all`,
  );
}

/** What is answered; null for this one error. */
async function unless<T>(code: TallyError["code"], answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof TallyError && error.code === code) return null;
    throw error;
  }
}
