import type { GatewayClient } from "../../client/http.ts";
import type { Task } from "../../protocol/entities.ts";
import { MAX_TASKS_PER_PAGE } from "../../protocol/queue-routes.ts";
import { isWholeId, taskMeant } from "./task-ref.ts";

/** The id of the task that a word means. What means none is left to the gateway to refuse. */
export async function resolveTask(ref: string, client: GatewayClient, { isEndedMeant = false } = {}): Promise<string> {
  if (isWholeId(ref)) return ref;
  const places = isEndedMeant ? [endedTasks, openTasks] : [openTasks, endedTasks];
  for (const tasksThere of places) {
    const task = taskMeant(ref, await tasksThere(client));
    if (task !== null) return task.id;
  }
  return ref;
}

/** What runs, then what waits, in its order. */
export async function openTasks(client: GatewayClient): Promise<readonly Task[]> {
  return (await client.call("queue", {})).tasks;
}

/** The latest that have ended; older ones are named by their whole id. */
export async function endedTasks(client: GatewayClient): Promise<readonly Task[]> {
  const query = { kind: "run", state: "DONE,ERROR,CANCELLED", limit: MAX_TASKS_PER_PAGE } as const;
  return (await client.call("listTasks", { query })).tasks;
}
