import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { failedTasks } from "./queue-retry.ts";
import { formatQueue } from "./queue-table.ts";
import { openTasks } from "./resolve-task.ts";
import { failedWords } from "./task-words.ts";

export async function listQueue(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, []);
  if (values.json) {
    printJson(await openTasks(client));
    return exitCodes.ok;
  }
  const [tasks, failed, surroundings] = await Promise.all([
    openTasks(client),
    failedTasks(client),
    client.call("snapshot", {}),
  ]);
  print(formatQueue(tasks, surroundings, surfaceOf(process.stdout, env)));
  if (tasks.length === 0) say('The queue is empty, and no task runs. Add one with: tally queue add "<prompt>"');
  if (failed.length > 0) say(failedWords(failed));
  return exitCodes.ok;
}
