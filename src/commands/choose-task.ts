import type * as vscode from "vscode";
import type { Task } from "../protocol/entities.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { queueOf } from "../presentation/queue-rows.ts";
import { runTitle } from "../presentation/run-words.ts";
import { runIcon } from "../views/state-icons.ts";
import type { TreeNode } from "../presentation/tree-nodes.ts";
import { age, stateWords } from "../presentation/wording.ts";
import { showInformation } from "../views/messages.ts";
import { pickOne } from "../views/questions.ts";
import { chooseSeveral, type Invocation, SELECTION } from "./several.ts";
import type { Tally } from "./tally.ts";

interface TaskItem extends vscode.QuickPickItem {
  readonly task: Task;
}

export interface TaskChoice {
  readonly placeholder: string;
  /** Leaves out tasks for which the command makes no sense. */
  readonly isFitting: (task: Task) => boolean;
  /** What is said when there is none. */
  readonly none: string;
}

/**
 * The task a command is about: the row it was invoked on, the one with the given id, else the one that the person picks.
 * @returns null when there is none, which is said, or the person went away.
 */
export async function chooseTask(
  { link, tree }: Tally,
  target: unknown,
  { placeholder, isFitting, none }: TaskChoice,
): Promise<Task | null> {
  const { model } = link.live;
  const given = target === SELECTION ? tree.selected : target;
  if (typeof given === "string") {
    const task = taskOf(tree.tree.nodes.get(given)) ?? model.tasks.get(given);
    return task?.kind === "run" ? task : null;
  }
  const ended = [...model.tasks.values()].filter(({ kind, state }) => kind === "run" && isTaskEnded(state));
  ended.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  const items = [...queueOf(model), ...ended].filter(isFitting).map(taskItem);
  if (items.length === 0) {
    void showInformation(none);
    return null;
  }
  const picked = await pickOne(items, { placeHolder: placeholder, matchOnDescription: true });
  return picked?.task ?? null;
}

/**
 * The tasks a command is about that can be done with several: those of the selected rows for which it makes sense, else the one that
 * {@link chooseTask} finds.
 * @returns none when there is none, which is said, or the person went away.
 */
export function chooseTasks(tally: Tally, on: Invocation, choice: TaskChoice): Promise<readonly Task[]> {
  return chooseSeveral(tally, on, {
    ofRow: (row) => taskOf(tally.tree.row(row)),
    isFitting: (task) => task.kind === "run" && choice.isFitting(task),
    chooseOne: () => chooseTask(tally, on.target, choice),
  });
}

function taskOf(node: TreeNode | undefined): Task | undefined {
  return node?.kind === "run" || node?.kind === "task" ? node.task : undefined;
}

function taskItem(task: Task): TaskItem {
  const since = age(task.endedAt ?? task.startedAt ?? task.createdAt, Date.now());
  return {
    label: runTitle(task),
    iconPath: runIcon(task),
    description: `${task.agent} · ${stateWords[task.state]} ${since}`,
    task,
  };
}
