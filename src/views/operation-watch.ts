import type { Model } from "../protocol/model.ts";
import type { Worktree } from "../protocol/entities.ts";
import type { Change } from "../protocol/events.ts";

/** What came of an operation. */
export interface Outcome {
  /** As it was last. */
  readonly worktree: Worktree;
  /** Removed, or undone. */
  readonly isGone: boolean;
}

export interface FollowedOperation {
  readonly outcome: Promise<Outcome>;
  /** What the gateway answered; until then nobody knows which worktree it is about. */
  answered(worktree: Worktree): void;
  /** Called with the worktree at every step. */
  onStep(listener: (worktree: Worktree) => void): void;
  /** It has not begun: nothing will come of it. */
  forget(): void;
}

interface Followed {
  readonly operationId: string;
  worktree: Worktree | undefined;
  listener: ((worktree: Worktree) => void) | undefined;
  readonly resolve: (outcome: Outcome) => void;
}

/** Follows, in the events, the operations that were begun from this window. */
export class OperationWatch {
  readonly #followed = new Set<Followed>();
  /** All that were ever begun here: the person hears of them from who follows them. */
  readonly #own = new Set<string>();

  /** From before it is asked for, so that nothing of it can be missed. */
  follow(operationId: string): FollowedOperation {
    let resolve: Followed["resolve"] = () => undefined;
    const outcome = new Promise<Outcome>((settle) => (resolve = settle));
    const followed: Followed = { operationId, worktree: undefined, listener: undefined, resolve };
    this.#followed.add(followed);
    this.#own.add(operationId);
    return {
      outcome,
      answered: (worktree) => {
        if (!this.#followed.has(followed)) return;
        followed.worktree ??= worktree;
        followed.listener?.(followed.worktree);
      },
      onStep: (listener) => {
        followed.listener = listener;
        if (followed.worktree) listener(followed.worktree);
      },
      forget: () => this.#followed.delete(followed),
    };
  }

  isOwn(operationId: string): boolean {
    return this.#own.has(operationId);
  }

  /** After every change of the model; `changes` is null when all of it is new. */
  update(model: Model, changes: readonly Change[] | null): void {
    for (const change of changes ?? []) {
      if (change.type === "worktree.changed") this.#seen(change.worktree);
      if (change.type === "worktree.removed") this.#gone(change.id);
    }
    if (changes !== null) return;
    for (const worktree of model.worktrees.values()) this.#seen(worktree);
    for (const { worktree } of this.#followed) {
      if (worktree && !model.worktrees.has(worktree.id)) this.#gone(worktree.id);
    }
  }

  #seen(worktree: Worktree): void {
    for (const followed of this.#followed) {
      const isOther = worktree.operation?.id !== followed.operationId;
      if (isOther && followed.worktree?.id !== worktree.id) continue;
      // Something else is done to it already, so this is over.
      if (isOther) {
        if (isSettled(followed.worktree ?? worktree)) this.#settle(followed, followed.worktree ?? worktree, false);
        continue;
      }
      followed.worktree = worktree;
      followed.listener?.(worktree);
      if (isSettled(worktree)) this.#settle(followed, worktree, false);
    }
  }

  #gone(worktreeId: string): void {
    for (const followed of this.#followed) {
      if (followed.worktree?.id === worktreeId) this.#settle(followed, followed.worktree, true);
    }
  }

  #settle(followed: Followed, worktree: Worktree, isGone: boolean): void {
    this.#followed.delete(followed);
    followed.resolve({ worktree, isGone });
  }
}

/** Its end is told before what has become of the worktree: a failed one is undone first. */
function isSettled({ status, operation }: Worktree): boolean {
  return operation?.state !== "running" && status !== "adding" && status !== "removing";
}
