import type { GatewayClient } from "../../client/http.ts";
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
