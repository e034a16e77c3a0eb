import type { RouteBodyInput } from "../../protocol/routes.ts";
import type { Task } from "../../protocol/entities.ts";
import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { say } from "../talk.ts";
import { readArguments, UsageError } from "../usage.ts";
import { endedTasks, openTasks } from "./resolve-task.ts";
import { taskMeant } from "./task-ref.ts";
import { namedTask, taskStateWords } from "./task-words.ts";

type Move = RouteBodyInput<"moveTask">;

/** A move of a task, with the number that it then has in the queue. */
export interface PlannedMove {
  /** Null: it is there already. */
  readonly move: Move | null;
  readonly number: number;
}

export async function moveInQueue(args: readonly string[], { client }: CliContext): Promise<number> {
  const { values, operands } = readArguments(args, { json: { type: "boolean" } }, ["task", "to"], ["other task"]);
  const [ref, to, otherRef] = operands;
  const open = await openTasks(client);
  const waiting = open.filter(({ state }) => state !== "RUNNING");
  const meant = taskMeant(ref, open) ?? taskMeant(ref, await endedTasks(client));
  if (meant === null) throw new TallyError("task-not-found", `There is no task "${ref}". See them with: tally queue`);
  if (!waiting.includes(meant)) {
    const { word } = taskStateWords[meant.state];
    throw new TallyError("task-not-queued", `${namedTask(meant)} does not wait in the queue: it is ${word}.`);
  }
  const { move, number } = planMove(waiting, meant, { to, otherRef });
  const task = move === null ? meant : (await client.call("moveTask", { id: meant.id, body: move })).task;
  const place = `number ${number} of ${waiting.length}`;
  if (values.json) printJson(task);
  else say(move === null ? `${namedTask(task)} is ${place} already.` : `${namedTask(task)} is now ${place}.`);
  return exitCodes.ok;
}

interface Where {
  readonly to: string;
  readonly otherRef: string | undefined;
}

/** @param waiting all that wait, in their order. @throws {UsageError} for a place that is none */
export function planMove(waiting: readonly Task[], task: Task, { to, otherRef }: Where): PlannedMove {
  const others = waiting.filter((each) => each !== task);
  const index = waiting.indexOf(task);
  const needsOther = to === "before" || to === "after";
  if (needsOther && otherRef === undefined) throw new UsageError(`${to} which task? Name it behind "${to}".`);
  if (!needsOther && otherRef !== undefined) throw new UsageError(`"${otherRef}" is one argument too many.`);
  switch (to) {
    case "first":
      return { move: index === 0 ? null : { to }, number: 1 };
    case "last":
      return { move: index === others.length ? null : { to }, number: others.length + 1 };
    case "up": {
      const above = others[index - 1];
      return above ? { move: { before: above.id }, number: index } : { move: null, number: index + 1 };
    }
    case "down": {
      const below = others[index];
      return below ? { move: { after: below.id }, number: index + 2 } : { move: null, number: index + 1 };
    }
    case "before":
    case "after": {
      const other = taskMeant(otherRef ?? "", others);
      if (other === null) throw new UsageError(`No other task "${otherRef ?? ""}" waits. See them with: tally queue`);
      const at = others.indexOf(other) + (to === "before" ? 0 : 1);
      return { move: to === "before" ? { before: other.id } : { after: other.id }, number: at + 1 };
    }
    default:
      throw new UsageError(
        `"${to}" is no place in the queue. Say first, last, up, down, before <task> or after <task>.`,
      );
  }
}
