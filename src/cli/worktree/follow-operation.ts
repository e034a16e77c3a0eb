import { LiveModel } from "../../client/live-model.ts";
import type { Model } from "../../client/model.ts";
import type { Worktree } from "../../protocol/entities.ts";
import type { Change } from "../../protocol/events.ts";
import type { Operation } from "../../protocol/worktrees.ts";
import type { CliContext } from "../context.ts";

/** How what is done to a worktree was seen to end. */
export type FollowedEnd =
  /** The worktree is there, whatever came of the operation. Null: there was nothing to do. */
  | { readonly kind: "over"; readonly worktree: Worktree; readonly operation: Operation | null }
  /** The worktree is gone: it was removed, or all of it was undone. */
  | { readonly kind: "gone"; readonly operation: Operation | null }
  /** Somebody stopped the gateway. */
  | { readonly kind: "gateway-stopped" };

interface OperationWatcher {
  readonly onOperation: (operation: Operation, worktree: Worktree) => void;
  readonly onEnd: (end: FollowedEnd) => void;
  /** It can be followed no further. */
  readonly onFailure: (error: unknown) => void;
}

export interface OperationFollower {
  /** Resolves once events arrive: what is begun from then on is not missed. */
  readonly ready: Promise<void>;
  dispose(): void;
}

/**
 * Follows one operation by the gateway's event stream. A gateway that crashed is started again, and goes on or says that it was
 * interrupted.
 */
export function followOperation(
  { client, runningClient }: Pick<CliContext, "client" | "runningClient">,
  operationId: string,
  { onOperation, onEnd, onFailure }: OperationWatcher,
): OperationFollower {
  let worktree: Worktree | null = null;
  let operation: Operation | null = null;
  let setReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (setReady = resolve));

  const see = (seen: Worktree) => {
    if (seen.operation?.id === operationId) {
      worktree = seen;
      operation = seen.operation;
      onOperation(operation, seen);
    }
    // Something else is done to it by now: then ours is over.
    if (operation !== null && seen.id === worktree?.id && (seen.operation?.id !== operationId || isOver(seen))) {
      onEnd({ kind: "over", worktree: seen, operation });
    }
  };
  const lookAt = (model: Model) => {
    for (const seen of model.worktrees.values()) see(seen);
    if (worktree !== null && !model.worktrees.has(worktree.id)) onEnd({ kind: "gone", operation });
  };
  const apply = (change: Change) => {
    if (change.type === "worktree.changed") see(change.worktree);
    else if (change.type === "worktree.removed" && change.id === worktree?.id) onEnd({ kind: "gone", operation });
  };
  const live = new LiveModel({
    client: runningClient,
    onModel(model, changes) {
      if (changes === null) lookAt(model);
      else changes.forEach(apply);
      setReady();
    },
    onConnection(connection) {
      if (connection === "stopped") onEnd({ kind: "gateway-stopped" });
      if (connection !== "absent") return;
      client.forgetEndpoint();
      client.endpoint().catch(onFailure);
    },
  });
  return { ready, dispose: () => live.dispose() };
}

/** Neither is anything done any more nor is it undone. */
function isOver({ status, operation }: Worktree): boolean {
  return operation?.state !== "running" && status !== "adding" && status !== "removing";
}
