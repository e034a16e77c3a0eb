import type { WorkAtRisk } from "../../protocol/worktrees.ts";

export interface WorkAtRiskOptions {
  readonly path: string;
  readonly commonDir: string;
  /** The branch that would go with the worktree. */
  readonly branch: string | null;
  /** What the worktree began from: a branch, a remote one, or a commit. */
  readonly base: string | null;
  readonly signal?: AbortSignal | undefined;
}

export function workAtRisk(_options: WorkAtRiskOptions): Promise<WorkAtRisk> {
  return Promise.reject(new Error("not yet"));
}
