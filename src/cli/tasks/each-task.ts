import type { GatewayClient } from "../../client/http.ts";
import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments } from "../usage.ts";
import { resolveTask } from "./resolve-task.ts";

/** As many tasks as are named. @throws {UsageError} for an option that there is not */
export function readTaskRefs(args: readonly string[]): { readonly json: boolean; readonly refs: readonly string[] } {
  const isOption = (word: string) => word.startsWith("-");
  const { values } = readArguments(args.filter(isOption), { json: { type: "boolean" } }, []);
  return { json: values.json ?? false, refs: [...new Set(args.filter((word) => !isOption(word)))] };
}

/** The ids of the tasks that words mean. @throws {UsageError} before anything is done to any, where one may mean several */
export async function resolveTasks(
  refs: readonly string[],
  client: GatewayClient,
  which: { readonly isEndedMeant?: boolean } = {},
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const ref of refs) ids.add(await resolveTask(ref, client, which));
  return [...ids];
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
