import { isAbsolute, resolve } from "node:path";
import type { Project, Session, Worktree } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { printable } from "../screen/width.ts";
import { didYouMean } from "../suggest.ts";
import { projectIdHere } from "./project-here.ts";

export interface FoundWorktree {
  readonly worktree: Worktree;
  readonly project: Project;
}

/** What a word names that may be a worktree or a session. */
export type Named =
  ({ readonly kind: "worktree" } & FoundWorktree) | { readonly kind: "session"; readonly session: Session };

/** A worktree by its id, name, branch or folder; `.` is the one that we stand in. @throws {TallyError} `worktree-not-found`, `worktree-ambiguous` */
export async function resolveWorktree(ref: string, context: Pick<CliContext, "client">): Promise<FoundWorktree> {
  try {
    return await findWorktree(ref, context);
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "worktree-not-found") throw error;
    const meant = await worktreesMeant(ref, context);
    // In a line of its own: what stands before it may end with a command to copy.
    throw new TallyError(error.code, `${error.message}\n${meant}`.trimEnd(), error.details);
  }
}

/** Which of Tally's worktrees a mistyped name may have meant, those of this project before the others. */
async function worktreesMeant(ref: string, { client }: Pick<CliContext, "client">): Promise<string> {
  const snapshot = await client.call("snapshot", {});
  const projectId = projectIdHere(snapshot, process.cwd());
  const known = snapshot.worktrees.filter(({ status }) => status !== "seen");
  const names = (worktrees: readonly Worktree[]) => worktrees.map(({ name }) => printable(name));
  const here = names(known.filter((worktree) => worktree.projectId === projectId));
  return didYouMean(ref, here) || didYouMean(ref, names(known));
}

async function findWorktree(ref: string, { client }: Pick<CliContext, "client">): Promise<FoundWorktree> {
  const isPath = isAbsolute(ref) || /^\.\.?($|[/\\])/.test(ref);
  const cwd = process.cwd();
  return client.call("resolveWorktree", { query: { ref: isPath ? resolve(cwd, ref) : ref, cwd } });
}

/**
 * The worktree of this name, else the session. A worktree that is not Tally's own gives way to a session in it, as nothing is done to
 * the worktree itself. @throws {TallyError} `worktree-not-found` when it is neither
 */
export async function resolveNamed(ref: string, context: Pick<CliContext, "client">): Promise<Named> {
  const found = await unless("worktree-not-found", findWorktree(ref, context));
  if (found !== null && found.worktree.status !== "seen") return { kind: "worktree", ...found };
  const answer = await unless("session-not-found", context.client.call("resolveSession", { query: { ref } }));
  if (answer !== null) return { kind: "session", session: answer.session };
  if (found !== null) return { kind: "worktree", ...found };
  const meant = (await worktreesMeant(ref, context)) || "See what there is: tally list --all";
  throw new TallyError("worktree-not-found", `There is neither a worktree nor a session called "${ref}". ${meant}`);
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
