import type { RunCommand } from "../command-table.ts";
import { addToQueue } from "../tasks/queue-add.ts";
import { listQueue } from "../tasks/queue-list.ts";
import { moveInQueue } from "../tasks/queue-move.ts";
import { removeFromQueue } from "../tasks/queue-remove.ts";
import { retryTasks } from "../tasks/queue-retry.ts";
import { didYouMean } from "../suggest.ts";
import { UsageError } from "../usage.ts";

const actions: Readonly<Record<string, RunCommand>> = {
  list: listQueue,
  add: addToQueue,
  move: moveInQueue,
  remove: removeFromQueue,
  retry: retryTasks,
};

export const run: RunCommand = (words, context) => {
  const [word = "list", ...args] = words;
  if (word.startsWith("-")) return listQueue(words, context);
  const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (action) return action(args, context);
  const meant = didYouMean(word, Object.keys(actions)) || 'To queue a prompt: tally queue add "<prompt>"';
  throw new UsageError(`There is no action "${word}". ${meant}`);
};
