import { randomUUID } from "node:crypto";
import type { Worktree } from "../../protocol/entities.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { type FollowedEnd, followOperation } from "./follow-operation.ts";
import { type StepList, stepListFor } from "./step-list.ts";

/** How what was begun ended, for this process. */
export type OperationEnd =
  | (FollowedEnd & { readonly wasCancelled: boolean })
  /** The person did not want to wait until it is undone. */
  | { readonly kind: "left" };

/**
 * Begins something that is done to a worktree, shows its steps and waits until it is over. Ctrl-C cancels it, and waits until it is
 * undone; a second one leaves that to the gateway.
 * @param begin asks the gateway for it, under this id.
 * @throws {TallyError} what the gateway refuses it with
 */
export async function runOperation<T extends { readonly worktree: Worktree }>(
  begin: (operationId: string) => Promise<T>,
  context: CliContext,
): Promise<{ readonly answer: T; readonly end: OperationEnd }> {
  const { client, env } = context;
  // Whoever follows does not start a gateway.
  await client.endpoint();
  const operationId = randomUUID();
  const steps = stepListFor(env);
  const over = deferred<FollowedEnd>();
  const follower = followOperation(context, operationId, {
    onOperation: (operation) => steps.show(operation.steps),
    onEnd: over.resolve,
    onFailure: over.reject,
  });
  const interruption = listenForInterrupts();
  // It may fail before anybody waits for it.
  over.promise.catch(() => undefined);
  try {
    await Promise.race([follower.ready, over.promise]);
    const answer = await begin(operationId);
    const { worktree } = answer;
    if (worktree.operation?.id !== operationId) return { answer, end: doneAtOnce(worktree) };
    void interruption.first.then(() => cancel(worktree.id, steps, context));
    const end = await Promise.race([over.promise, interruption.second]);
    return { answer, end: end === null ? { kind: "left" } : { ...end, wasCancelled: interruption.wasInterrupted() } };
  } finally {
    steps.end();
    interruption.dispose();
    follower.dispose();
  }
}

async function cancel(id: string, steps: StepList, { client }: CliContext): Promise<void> {
  steps.note("Cancelling. Ctrl-C once more leaves that to the gateway.");
  try {
    await client.call("cancelWorktree", { id, body: {} });
  } catch (error) {
    // It may be over meanwhile, or take longer than an answer may: the events tell what becomes of it.
    if (error instanceof TallyError && passing.has(error.code)) return;
    steps.note(error instanceof Error ? error.message : String(error));
  }
}

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["worktree-not-found", "gateway-unreachable"]);

/** Where there was nothing to do that takes long. */
function doneAtOnce(worktree: Worktree): OperationEnd {
  return { kind: "over", worktree, operation: null, wasCancelled: false };
}

interface Interruption {
  readonly first: Promise<void>;
  /** Null, so that it can be told from other ends. */
  readonly second: Promise<null>;
  wasInterrupted(): boolean;
  dispose(): void;
}

function listenForInterrupts(): Interruption {
  const first = deferred<undefined>();
  const second = deferred<null>();
  let count = 0;
  const onInterrupt = () => {
    count += 1;
    if (count === 1) first.resolve(undefined);
    else second.resolve(null);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onInterrupt);
  return {
    first: first.promise,
    second: second.promise,
    wasInterrupted: () => count > 0,
    dispose() {
      for (const signal of signals) process.off(signal, onInterrupt);
    },
  };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
