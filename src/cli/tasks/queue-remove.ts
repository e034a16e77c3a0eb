import { changeEach } from "../change-each.ts";
import type { CliContext } from "../context.ts";
import { say } from "../talk.ts";
import { UsageError } from "../usage.ts";
import { cancelTask } from "./cancel-task.ts";
import { readTaskRefs, resolveTasks } from "./each-task.ts";
import { namedTask } from "./task-words.ts";

/** Takes tasks out of the queue; one that runs is stopped. */
export async function removeFromQueue(args: readonly string[], { client }: CliContext): Promise<number> {
  const { json, refs } = readTaskRefs(args);
  if (refs.length === 0) throw new UsageError("<task> is missing.");
  return changeEach(await resolveTasks(refs, client), { command: "queue", json }, async (id) => {
    const task = await cancelTask(id, client);
    if (!json) say(`Cancelled ${namedTask(task)}.`);
    return task;
  });
}
