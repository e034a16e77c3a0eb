import { TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { say } from "../talk.ts";
import { followTask } from "../tasks/follow-task.ts";
import { handOver, orUndone, placeOf } from "../tasks/hand-over.ts";
import { sayHeldTask } from "../tasks/held-task.ts";
import { promptsOf } from "../tasks/prompts.ts";
import { readTaskWish } from "../tasks/task-options.ts";
import { handedOverWords } from "../tasks/task-words.ts";

export async function run(args: readonly string[], context: CliContext): Promise<number> {
  const wish = readTaskWish(args, "run");
  const [prompt = ""] = await promptsOf(wish);
  const consent = { isTrusted: wish.isTrusted, trustLine: lineToCopy(["tally", "run", "--trust"], args) };
  try {
    const place = await placeOf(wish, consent, context);
    const order = { prompt, place: place.place, at: "first", whenPaused: wish.whenPaused ?? "refuse" } as const;
    const task = await orUndone(place, () => handOver(order, { wish, consent }, context), context);
    if (wish.isFollowed) {
      return await followTask(task.id, { json: wish.json, onInterrupt: "cancel", making: place.making }, context);
    }
    if (wish.json) printJson(task);
    else say(handedOverWords(task, { nowMs: Date.now() }));
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof TallyError) || error.code !== "paused") throw error;
    sayHeldTask(error, args, context);
    return exitCodes.held;
  }
}
