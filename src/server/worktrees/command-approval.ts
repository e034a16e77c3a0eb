import { join } from "node:path";
import type { Worktree } from "../../protocol/entities.ts";
import { TALLY_JSON } from "../../protocol/tally-json.ts";
import type { RepositoryCommands } from "../../protocol/worktree-routes.ts";
import type { Store } from "../store/store.ts";
import { type Approvals, requireApproval } from "./approval.ts";
import { readJournal } from "./journal.ts";

/** Whether a person has approved the commands that a worktree's own recipe names: asked whenever one of them is started. */
export class CommandApproval {
  readonly #store: Store;
  readonly #approvals: Approvals;

  constructor({ store, approvals }: { readonly store: Store; readonly approvals: Approvals }) {
    this.#store = store;
    this.#approvals = approvals;
  }

  /** @throws {TallyError} `approval-needed` */
  require(worktree: Pick<Worktree, "id" | "projectId">): void {
    requireApproval(this.#commandsOf(worktree));
  }

  has(worktree: Pick<Worktree, "id" | "projectId">): boolean {
    return this.#commandsOf(worktree)?.isApproved ?? true;
  }

  /** What a worktree was made with, by its hash: tally.json may say something else by now. */
  find(hash: string): RepositoryCommands | null {
    const known = this.#store.worktrees().map((worktree) => this.#commandsOf(worktree));
    return known.find((commands) => commands?.hash === hash) ?? null;
  }

  #commandsOf({ id, projectId }: Pick<Worktree, "id" | "projectId">): RepositoryCommands | null {
    const journal = readJournal(this.#store.worktreeJournal(id));
    const project = this.#store.project(projectId);
    if (journal === null || project?.commonDir == null) return null;
    return this.#approvals.commandsOf({ commonDir: project.commonDir }, journal.recipe, join(project.path, TALLY_JSON));
  }
}
