import { LiveModel } from "../../client/live-model.ts";
import type { Model } from "../../protocol/model.ts";
import type { Session, Worktree } from "../../protocol/entities.ts";
import type { Change } from "../../protocol/events.ts";
import type { Operation } from "../../protocol/worktrees.ts";
import type { CliContext } from "../context.ts";

/** How what is done to a worktree was seen to end. */
export type FollowedEnd =
  /** The worktree is there with its agent's session, whatever came of the operation. Null: there was nothing to do. */
  | {
      readonly kind: "over";
      readonly worktree: Worktree;
      readonly agent: Session | null;
      readonly operation: Operation | null;
    }
  /** The worktree is gone: it was removed, or all of it was undone. A removal keeps a snapshot. */
  | { readonly kind: "gone"; readonly operation: Operation | null; readonly hasSnapshot: boolean }
  /** Somebody stopped the gateway. */
  | { readonly kind: "gateway-stopped" };

interface OperationWatcher {
  readonly onOperation: (operation: Operation) => void;
  /** Something has changed: perhaps it has ended. */
  readonly onChange: () => void;
  /** It can be followed no further. */
  readonly onFailure: (error: unknown) => void;
}

export interface OperationFollower {
  /** Resolves once events arrive: what is begun from then on is not missed. */
  readonly ready: Promise<void>;
  /** How it has ended, as far as is known; null while it has not. */
  end(): FollowedEnd | null;
  /** What an answer told of the worktree: events may come after it. */
  hear(worktree: Worktree): void;
  dispose(): void;
}

/**
 * Follows one operation by the gateway's event stream, and what is done to its worktree after it: undoing what was made may be an
 * operation of its own. A gateway that crashed is started again, and says that it was interrupted.
 */
export function followOperation(
  { client, runningClient }: Pick<CliContext, "client" | "runningClient">,
  operationId: string,
  { onOperation, onChange, onFailure }: OperationWatcher,
): OperationFollower {
  let worktree: Worktree | null = null;
  let operation: Operation | null = null;
  let isGone = false;
  let isStopped = false;
  let setReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (setReady = resolve));

  const see = (seen: Worktree) => {
    if (seen.operation?.id === operationId) {
      operation = seen.operation;
      onOperation(operation);
    } else if (seen.id !== worktree?.id) return;
    worktree = seen;
  };
  const lookAt = (model: Model) => {
    for (const seen of model.worktrees.values()) see(seen);
    isGone = worktree !== null && !model.worktrees.has(worktree.id);
  };
  const apply = (change: Change) => {
    if (change.type === "worktree.changed") see(change.worktree);
    else if (change.type === "worktree.removed" && change.id === worktree?.id) isGone = true;
  };
  const live = new LiveModel({
    client: runningClient,
    onModel(model, changes) {
      if (changes === null) lookAt(model);
      else changes.forEach(apply);
      setReady();
      onChange();
    },
    onConnection(connection) {
      isStopped = connection === "stopped";
      if (isStopped) onChange();
      if (connection !== "absent") return;
      client.forgetEndpoint();
      client.endpoint().catch(onFailure);
    },
  });
  const agentOf = ({ agentSessionId }: Worktree) =>
    agentSessionId === null ? null : (live.model.sessions.get(agentSessionId) ?? null);
  return {
    ready,
    end() {
      if (isGone) return { kind: "gone", operation, hasSnapshot: worktree?.operation?.kind === "remove" };
      if (worktree !== null && isOver(worktree)) return { kind: "over", worktree, agent: agentOf(worktree), operation };
      return isStopped ? { kind: "gateway-stopped" } : null;
    },
    hear(told) {
      if (worktree !== null && told.id === worktree.id && told.updatedAt >= worktree.updatedAt) see(told);
    },
    dispose: () => live.dispose(),
  };
}

/** Neither is anything done any more nor is it undone. */
function isOver({ status, operation }: Worktree): boolean {
  return operation?.state !== "running" && status !== "adding" && status !== "removing";
}
