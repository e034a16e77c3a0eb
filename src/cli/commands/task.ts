import type { RunCommand } from "../command-table.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { print, printJson } from "../screen/print.ts";
import { surfaceOf } from "../screen/surface.ts";
import { say } from "../talk.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { followTask } from "../tasks/follow-task.ts";
import { resolveTask } from "../tasks/resolve-task.ts";
import { formatTask } from "../tasks/task-facts.ts";
import { namedTask } from "../tasks/task-words.ts";
import { readArguments } from "../usage.ts";

const options = { json: { type: "boolean" } } as const;

export const run: RunCommand = (words, context) => {
  const [word, ...args] = words;
  if (word === "follow") return follow(args, context);
  if (word === "cancel") return cancel(args, context);
  return show(words, context);
};

async function show(args: readonly string[], { client, env }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["task"]);
  const id = await resolveTask(operands[0], client);
  if (values.json) {
    printJson(await client.call("getTask", { id }));
    return exitCodes.ok;
  }
  const [known, { projects, worktrees }] = await Promise.all([
    client.call("getTask", { id }),
    client.call("snapshot", {}),
  ]);
  print(formatTask({ ...known, projects, worktrees }, surfaceOf(process.stdout, env)));
  return exitCodes.ok;
}

async function follow(args: readonly string[], context: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["task"]);
  const id = await resolveTask(operands[0], context.client);
  return followTask(id, { json: values.json ?? false, onInterrupt: "detach", making: null }, context);
}

async function cancel(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, options, ["task"]);
  const task = await cancelTask(await resolveTask(operands[0], client), client);
  if (values.json) printJson(task);
  else say(`Cancelled ${namedTask(task)}.`);
  return exitCodes.ok;
}
