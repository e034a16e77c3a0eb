import { agentEnvironment } from "../../client/environment.ts";
import type { GatewayClient } from "../../client/http.ts";
import type { Task } from "../../protocol/entities.ts";
import { MAX_TASKS_PER_PAGE } from "../../protocol/queue-routes.ts";
import { changeEach } from "../change-each.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { UsageError } from "../usage.ts";
import { readTaskRefs, resolveTasks } from "./each-task.ts";
import { handedOverWords } from "./task-words.ts";

/** What failed longer ago was given up, as far as anybody can tell. */
const RECENTLY_MS = 24 * 3_600_000;

/** Queues ended tasks again, at the end; with `--failed` all that failed in the last day, in the order in which they were made. */
export async function retryTasks(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const isForFailed = args.includes("--failed");
  const { json, refs } = readTaskRefs(args.filter((word) => word !== "--failed"));
  if (isForFailed && refs.length > 0)
    throw new UsageError("--failed retries all that failed, so it goes without a task.");
  if (!isForFailed && refs.length === 0) throw new UsageError("<task> is missing; or say --failed.");
  const ids = isForFailed
    ? (await failedTasks(client)).map(({ id }) => id)
    : await resolveTasks(refs, client, { isEndedMeant: true });
  if (ids.length === 0) {
    if (json) printJson([]);
    say("No task has failed in the last 24 hours.");
    return exitCodes.ok;
  }
  const body = { env: agentEnvironment(env) };
  return changeEach(ids, { command: "queue", json }, async (id) => {
    const { task } = await client.call("retryTask", { id, body });
    if (!json) say(handedOverWords(task, { nowMs: Date.now() }));
    return task;
  });
}

/** Those that failed in the last day, the first made first. */
export async function failedTasks(client: GatewayClient): Promise<readonly Task[]> {
  const query = { kind: "run", state: "ERROR", limit: MAX_TASKS_PER_PAGE } as const;
  const { tasks } = await client.call("listTasks", { query });
  return failedRecently(tasks, Date.now());
}

/** Of the tasks that failed those of the last day. */
export function failedRecently(tasks: readonly Task[], nowMs: number): Task[] {
  return tasks
    .filter(({ endedAt }) => endedAt !== null && endedAt >= nowMs - RECENTLY_MS)
    .sort((a, b) => a.createdAt - b.createdAt);
}
