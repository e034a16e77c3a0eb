import type { Worktree } from "../../protocol/entities.ts";
import type { CliContext } from "../context.ts";
import { type FollowedEnd, followOperation } from "../worktree/follow-operation.ts";
import { stepListFor } from "../worktree/step-list.ts";

interface MakingWatcher {
  readonly onBegin: () => void;
  /** @param isMade it is as it was meant to be. */
  readonly onEnd: (isMade: boolean) => void;
}

export interface Making {
  isUnderWay(): boolean;
  dispose(): void;
}

/** Shows the steps of a worktree that is being made for a task. What the task does then, the task tells. */
export function followMaking(worktree: Worktree, { onBegin, onEnd }: MakingWatcher, context: CliContext): Making {
  const { operation } = worktree;
  if (operation?.state !== "running") return { isUnderWay: () => false, dispose: () => undefined };
  const steps = stepListFor(context.env);
  let isOver = false;
  const dispose = () => {
    if (isOver) return;
    isOver = true;
    steps.end();
    follower.dispose();
  };
  const finish = (end: FollowedEnd) => {
    const failure = end.kind === "gateway-stopped" ? null : end.operation?.error;
    if (failure) steps.note(`[Tally] ${failure.message}`);
    dispose();
    onEnd(end.kind === "over" && end.operation?.state === "done");
  };
  onBegin();
  const follower = followOperation(context, operation.id, {
    onOperation: ({ steps: now }) => steps.show(now),
    onChange() {
      const end = follower.end();
      if (end !== null && !isOver) finish(end);
    },
    // The task's own output tells when no gateway is to be had.
    onFailure: dispose,
  });
  return { isUnderWay: () => !isOver, dispose };
}
