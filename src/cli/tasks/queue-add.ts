import type { Task } from "../../protocol/entities.ts";
import { type ErrorCode, TallyError } from "../../protocol/errors.ts";
import type { CliContext } from "../context.ts";
import { exitCodeOfError, exitCodes } from "../exit-codes.ts";
import { printJson } from "../screen/print.ts";
import { lineToCopy } from "../screen/shell-words.ts";
import { say } from "../talk.ts";
import { followTask } from "./follow-task.ts";
import { handOver, orUndone, placeOf } from "./hand-over.ts";
import { promptsOf } from "./prompts.ts";
import { readTaskWish } from "./task-options.ts";
import { allHandedOverWords } from "./task-words.ts";

/** Queues a task, or one for each prompt of a file, in its order. */
export async function addToQueue(args: readonly string[], context: CliContext): Promise<number> {
  const wish = readTaskWish(args, "queue add");
  const prompts = await promptsOf(wish);
  const consent = { isTrusted: wish.isTrusted, trustLine: lineToCopy(["tally", "queue", "add", "--trust"], args) };
  const place = await placeOf(wish, consent, context);
  const order = {
    place: place.place,
    at: wish.isFirst ? "first" : "last",
    whenPaused: wish.whenPaused ?? "wait",
  } as const;
  const added: Task[] = [];
  const add = async (prompt: string) => {
    const task = await handOver({ ...order, prompt }, { wish, consent }, context);
    added.push(task);
  };
  // What is put before all others one by one would come out in the wrong order.
  const inTurn = wish.isFirst ? [...prompts].reverse() : prompts;
  const [first = "", ...others] = inTurn;
  await orUndone(place, () => add(first), context);
  const refusal = await addOthers(others, add);
  const inOrder = wish.isFirst ? added.toReversed() : added;
  if (!wish.json && !wish.isFollowed) say(allHandedOverWords(inOrder, { nowMs: Date.now() }));
  if (refusal !== null) say(`tally queue: ${refusal.words}`);
  const [only] = added;
  if (wish.isFollowed && only) {
    return followTask(only.id, { json: wish.json, onInterrupt: "cancel", making: place.making }, context);
  }
  if (wish.json) printJson(wish.file === null ? inOrder[0] : inOrder);
  return refusal === null ? exitCodes.ok : exitCodeOfError(refusal.code);
}

interface Refusal {
  readonly code: ErrorCode;
  readonly words: string;
}

/** One that is refused keeps those before it in the queue, and says how many are missing. @returns null when all were added. */
async function addOthers(prompts: readonly string[], add: (prompt: string) => Promise<void>): Promise<Refusal | null> {
  for (const [index, prompt] of prompts.entries()) {
    try {
      await add(prompt);
    } catch (error) {
      if (!(error instanceof TallyError)) throw error;
      const left = prompts.length - index;
      const missing = left === 1 ? "The last task was" : `${left} tasks were`;
      return { code: error.code, words: `${error.message} ${missing} not added.` };
    }
  }
  return null;
}
