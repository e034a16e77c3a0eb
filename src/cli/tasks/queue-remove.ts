import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { resolveTask } from "./resolve-task.ts";
import { namedTask } from "./task-words.ts";

/** Takes tasks out of the queue; one that runs is stopped. */
export async function removeFromQueue(args: readonly string[], { client }: CliContext): Promise<number> {
  const { json, refs } = readTaskRefs(args);
  if (refs.length === 0) throw new UsageError("<task> is missing.");
  const ids = await inTurn(refs, (ref) => resolveTask(ref, client));
  return changeEach(ids, json, async (id) => {
    const { task } = await client.call("cancelTask", { id });
    if (!json) say(`Cancelled ${namedTask(task)}.`);
    return task;
  });
}

/** As many tasks as are named. */
export function readTaskRefs(args: readonly string[]): { readonly json: boolean; readonly refs: readonly string[] } {
  const json = { json: { type: "boolean" } } as const;
  const refs = args.filter((word) => !word.startsWith("-"));
  const { values } = readArguments(
    args.filter((word) => word.startsWith("-")),
    json,
    [],
  );
  return { json: values.json ?? false, refs: [...new Set(refs)] };
}

export async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** Does it to each; one that is refused keeps the others from nothing. @returns the exit code. */
export async function changeEach(
  ids: readonly string[],
  json: boolean,
  change: (id: string) => Promise<Task>,
): Promise<number> {
  const changed: Task[] = [];
  let exitCode: number = exitCodes.ok;
  for (const id of ids) {
    try {
      changed.push(await change(id));
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      say(`tally queue: ${error.message}`);
      exitCode = exitCodeOfError(error.code);
    }
  }
  if (json) printJson(changed);
  return exitCode;
}
