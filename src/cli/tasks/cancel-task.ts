import type { GatewayClient } from "../../client/http.ts";
import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { formatAge } from "../screen/age.ts";
import { shortId } from "./task-ref.ts";
import { namedTask } from "./task-words.ts";

/** Cancels a task. @throws {TallyError} `task-ended` with what became of it, where it has ended already */
export async function cancelTask(id: string, client: GatewayClient): Promise<Task> {
  try {
    return (await client.call("cancelTask", { id })).task;
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "task-ended") throw error;
    const { task } = await client.call("getTask", { id });
    throw new TallyError("task-ended", endedWords(task, Date.now()));
  }
}

/** `5snhq2ojp (Fix) was cancelled 2s ago. Queue it again: tally queue retry 5snhq2ojp` */
export function endedWords(task: Task, nowMs: number): string {
  const ended = { DONE: "was done", CANCELLED: "was cancelled", ERROR: "failed" } as const;
  const how = task.state in ended ? ended[task.state as keyof typeof ended] : "ended";
  const when = task.endedAt === null ? "" : ` ${formatAge(nowMs - task.endedAt)} ago`;
  return `${namedTask(task)} ${how}${when}. Queue it again: tally queue retry ${shortId(task.id)}`;
}
