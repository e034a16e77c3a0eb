import { TaskOutput } from "../../client/task-output.ts";
import type { Task, Worktree } from "../../protocol/entities.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import { isTaskEnded } from "../../protocol/states.ts";
import type { CliContext } from "../context.ts";
import { deferred } from "../deferred.ts";
import { exitCodes } from "../exit-codes.ts";
import { listenForInterrupts } from "../interruption.ts";
import { say } from "../talk.ts";
import { cancelOperation } from "../worktree/run-operation.ts";
import { followMaking } from "./follow-making.ts";
import { shortId } from "./task-ref.ts";
import { jsonView, textView } from "./task-view.ts";
import { UnseenEntries } from "./unseen-entries.ts";

/** Longer than a gateway takes to be restarted. */
const RESTART_PATIENCE_MS = 10_000;

interface Following {
  readonly json: boolean;
  /** What Ctrl-C does: who began a task here ends it, and who looks at it looks away. */
  readonly onInterrupt: "cancel" | "detach";
  /** The worktree that is being made for it. */
  readonly making: Worktree | null;
}

/** Shows what a task does until it has ended. @returns the exit code. */
export async function followTask(
  taskId: string,
  { json, onInterrupt, making }: Following,
  context: CliContext,
): Promise<number> {
  const view = json ? jsonView() : textView(context.env);
  const unseen = new UnseenEntries();
  const ended = deferred<Task>();
  let last: Task | null = null;
  const interruption = listenForInterrupts();
  const watcher = { onBegin: () => view.coverWait(), onEnd: (isMade: boolean) => view.uncoverWait(isMade) };
  const worktree = making === null ? null : followMaking(making, watcher, context);
  const output = new TaskOutput({
    client: context.client,
    taskId,
    patienceMs: RESTART_PATIENCE_MS,
    onFrame({ entries, task }, isAnew) {
      if (last === null) view.begin(task);
      last = task;
      for (const entry of unseen.of(entries, isAnew)) view.entry(entry);
      view.task(task);
      if (isTaskEnded(task.state)) ended.resolve(task);
    },
    onFailure: ended.reject,
  });
  try {
    const first = await Promise.race([ended.promise, interruption.first]);
    if (first) return exitCodeOf(first);
    view.end();
    if (onInterrupt === "detach") {
      say(`[Tally] It goes on. Follow it again: tally task follow ${shortId(taskId)}`);
      return exitCodes.interrupted;
    }
    say("[Tally] Cancelling. Ctrl-C once more leaves that to the gateway.");
    void cancelTask(taskId, context).catch(ended.reject);
    const cancelled = await Promise.race([ended.promise, interruption.second]);
    if (cancelled === null) {
      say(`[Tally] The gateway goes on cancelling it. What became of it: tally task ${shortId(taskId)}`);
      return exitCodes.interrupted;
    }
    if (making !== null && worktree?.isUnderWay() === true) {
      worktree.dispose();
      await Promise.race([cancelOperation(making, context), interruption.second]);
    }
    return exitCodeOf(cancelled);
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "gateway-stopping") throw error;
    view.end();
    say(`[Tally] ${stoppedWords(last)} Follow it again: tally task follow ${shortId(taskId)}`);
    return exitCodes.gatewayNotRunning;
  } finally {
    output.dispose();
    worktree?.dispose();
    view.end();
    interruption.dispose();
  }
}

/** What becomes of a task while there is no gateway. */
function stoppedWords(task: Task | null): string {
  return task?.state === "RUNNING"
    ? "The gateway has stopped; the task runs on."
    : "The gateway has stopped; the task waits until it is started.";
}

/** What has become of it, the output tells. */
async function cancelTask(id: string, { client }: CliContext): Promise<void> {
  try {
    await client.call("cancelTask", { id });
  } catch (error) {
    // It may have ended meanwhile, or take longer than an answer may.
    if (!(error instanceof TallyError) || !passing.has(error.code)) throw error;
  }
}

const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["task-ended", "gateway-unreachable"]);

function exitCodeOf({ state }: Task): number {
  switch (state) {
    case "DONE":
      return exitCodes.ok;
    case "CANCELLED":
      return exitCodes.interrupted;
    default:
      return exitCodes.failure;
  }
}
