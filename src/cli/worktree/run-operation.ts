import { randomUUID } from "node:crypto";
import type { Worktree } from "../../protocol/entities.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { CliContext } from "../context.ts";
import { deferred } from "../deferred.ts";
import { listenForInterrupts } from "../interruption.ts";
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
  // It may fail before anybody waits for it.
  over.promise.catch(() => undefined);
  let isCancelling = false;
  const settle = () => {
    const end = follower.end();
    // Before the gateway has answered, what is seen may be half way.
    if (end !== null && !isCancelling) over.resolve(end);
  };
  const follower = followOperation(context, operationId, {
    onOperation: (operation) => steps.show(operation.steps),
    onChange: settle,
    onFailure: over.reject,
  });
  const interruption = listenForInterrupts();
  try {
    await Promise.race([follower.ready, over.promise]);
    const answer = await begin(operationId);
    const { id, operation } = answer.worktree;
    if (operation?.id !== operationId) return { answer, end: await doneAtOnce(id, context) };
    void interruption.first.then(async () => {
      isCancelling = true;
      const left = await cancel(id, steps, context);
      if (left !== null) follower.hear(left);
      isCancelling = false;
      settle();
    });
    const end = await Promise.race([over.promise, interruption.second]);
    return { answer, end: end === null ? { kind: "left" } : { ...end, wasCancelled: interruption.wasInterrupted() } };
  } finally {
    steps.end();
    interruption.dispose();
    follower.dispose();
  }
}

/** Cancels what somebody began to do to a worktree, elsewhere, and waits until it is undone. */
export async function cancelOperation({ id, operation }: Worktree, context: CliContext): Promise<OperationEnd> {
  const steps = stepListFor(context.env);
  const over = deferred<FollowedEnd>();
  over.promise.catch(() => undefined);
  // Until the gateway has answered, what is seen may be half way.
  let isAnswered = false;
  const settle = () => {
    const end = isAnswered ? follower.end() : null;
    if (end !== null) over.resolve(end);
  };
  const follower = followOperation(context, operation?.id ?? "", {
    onOperation: (followed) => steps.show(followed.steps),
    onChange: settle,
    onFailure: over.reject,
  });
  try {
    await Promise.race([follower.ready, over.promise]);
    follower.hear((await context.client.call("cancelWorktree", { id, body: {} })).worktree);
    isAnswered = true;
    settle();
    return { ...(await over.promise), wasCancelled: true };
  } finally {
    steps.end();
    follower.dispose();
  }
}

/** @returns the worktree, if the gateway told anything of it. */
async function cancel(id: string, steps: StepList, { client }: CliContext): Promise<Worktree | null> {
  steps.note("Cancelling. Ctrl-C once more leaves that to the gateway.");
  try {
    return (await client.call("cancelWorktree", { id, body: {} })).worktree;
  } catch (error) {
    // It may be over meanwhile, or take longer than an answer may: the events tell what becomes of it.
    if (!(error instanceof TallyError) || !passing.has(error.code)) {
      steps.note(messageOf(error));
    }
    return null;
  }
}

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["worktree-not-found", "gateway-unreachable"]);

/** What has become of a worktree to which nothing was to be done that takes long. */
async function doneAtOnce(id: string, { client }: CliContext): Promise<OperationEnd> {
  const { worktrees, sessions } = await client.call("snapshot", {});
  const worktree = worktrees.find((each) => each.id === id);
  if (!worktree) return { kind: "gone", operation: null, hasSnapshot: false, wasCancelled: false };
  const agent = sessions.find((session) => session.id === worktree.agentSessionId) ?? null;
  return { kind: "over", worktree, agent, operation: null, wasCancelled: false };
}
