import { TallyError } from "../../protocol/errors.ts";
import type { Store } from "../store/store.ts";
import { withoutPlace, worktreeEnvironment } from "../worktrees/processes/worktree-environment.ts";

type Environment = Readonly<Record<string, string>>;

/** The variables that tell what runs in a worktree of Tally's where it is, and which ports it has. None elsewhere. */
export function variablesOfWorktree(store: Store, worktreeId: string | null): Environment {
  const worktree = worktreeId === null ? null : store.worktree(worktreeId);
  const project = worktree && store.project(worktree.projectId);
  return worktree && project && worktree.status !== "seen" ? worktreeEnvironment(worktree, project.path) : {};
}

/** An environment as it is in a worktree: what it says of another one is gone. */
export function inWorktree(env: Environment, store: Store, worktreeId: string | null): Record<string, string> {
  return { ...withoutPlace(env), ...variablesOfWorktree(store, worktreeId) };
}

/** @throws {TallyError} `worktree-busy` for one that is being removed */
export function refuseIfGoing(store: Store, worktreeId: string | null): void {
  const worktree = worktreeId === null ? null : store.worktree(worktreeId);
  if (worktree?.status !== "removing") return;
  throw new TallyError("worktree-busy", `Worktree ${worktree.name} is being removed. Start it elsewhere.`);
}
