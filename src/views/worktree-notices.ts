import type { Model } from "../protocol/model.ts";
import { processFailure } from "../presentation/process-words.ts";
import type { Place } from "./waiting-notices.ts";
import { brokenWords } from "../presentation/worktree-words.ts";

/** What the person is told of, once: a process that failed, or a worktree that is broken. */
export interface WorktreeNotice {
  readonly kind: "process" | "worktree";
  /** Of the process or of the worktree. */
  readonly id: string;
  readonly text: string;
}

export interface WorktreeNoticesOptions {
  readonly tell: (notice: WorktreeNotice) => void;
  readonly place: () => Pick<Place, "isForemost" | "notifications">;
  /** Whether this window has begun the operation, and so tells of its end anyway. */
  readonly isOwn: (operationId: string) => boolean;
}

/** Tells the person in this window that a process failed or that a worktree was left half made: each failure once. */
export class WorktreeNotices {
  readonly #options: WorktreeNoticesOptions;
  /** Undefined before the first model: what is broken already when the window opens is on the tree, and is not announced. */
  #model: Model | undefined;

  constructor(options: WorktreeNoticesOptions) {
    this.#options = options;
  }

  /** After every change of the model. */
  update(model: Model): void {
    const before = this.#model?.storeId === model.storeId ? this.#model : undefined;
    this.#model = model;
    if (!before) return;
    if (before.processes !== model.processes) this.#updateProcesses(before, model);
    if (before.worktrees !== model.worktrees) this.#updateWorktrees(before, model);
  }

  #updateProcesses(before: Model, { processes, worktrees }: Model): void {
    for (const process of processes.values()) {
      const old = before.processes.get(process.id);
      const hasFailed = process.kind === "process" && process.state === "ERROR" && old?.state !== "ERROR";
      const worktree = worktrees.get(process.worktreeId);
      if (!hasFailed || !old || !worktree) continue;
      this.#tell({ kind: "process", id: process.id, text: processFailure(process, worktree.name) });
    }
  }

  #updateWorktrees(before: Model, { worktrees }: Model): void {
    for (const worktree of worktrees.values()) {
      const wasBroken = before.worktrees.get(worktree.id)?.status === "broken";
      const text = brokenWords(worktree);
      const isOwn = worktree.operation !== null && this.#options.isOwn(worktree.operation.id);
      if (text !== null && !wasBroken && !isOwn) this.#tell({ kind: "worktree", id: worktree.id, text });
    }
  }

  #tell(notice: WorktreeNotice): void {
    const { isForemost, notifications } = this.#options.place();
    if (isForemost && (notifications === "editor" || notifications === "both")) this.#options.tell(notice);
  }
}
