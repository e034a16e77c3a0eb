import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Model } from "../protocol/model.ts";
import type { Task } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { DoubleClick } from "../views/double-click.ts";
import { showFailure } from "../views/failure.ts";
import { askInDialog, showInformation, showInStatusBar } from "../views/messages.ts";
import { type Move, nextInQueue, stepMove, type TaskMove } from "../presentation/queue-drop.ts";
import { isQueued, waitingRows } from "../presentation/queue-rows.ts";
import { needsPerson, runTitle } from "../presentation/run-words.ts";
import { nodeId, type Tree } from "../presentation/tree-nodes.ts";
import { chooseTask, chooseTasks, type TaskChoice } from "./choose-task.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
import { listed, oneOrMany, withEach, withEachInTurn } from "./several.ts";
import { withSlowProgress } from "./slow-progress.ts";
import type { Tally } from "./tally.ts";

const SAID_MS = 5_000;

const waiting = { isFitting: isQueued, none: "No task waits in the queue." };
const open = { isFitting: (task: Task) => !isTaskEnded(task.state), none: "No task is in the queue." };
const ended = {
  isFitting: (task: Task) => isTaskEnded(task.state) || needsPerson(task),
  none: "There is no task that could be run again.",
};
const any: Omit<TaskChoice, "placeholder"> = { isFitting: () => true, none: "There is no task to choose from." };

/** The task comes before all others that wait. What it waits for itself, such as the end of a pause, it still waits for. */
export async function runNext(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Run which task next?", ...waiting });
  if (task !== null) await moveTask(tally, task.id, { to: "first" });
}

export async function moveTaskUp(tally: Tally, target?: unknown): Promise<void> {
  await step(tally, target, "up");
}

export async function moveTaskDown(tally: Tally, target?: unknown): Promise<void> {
  await step(tally, target, "down");
}

/** Puts a task that waits elsewhere in the queue. */
export async function moveTask({ link }: Tally, id: string, move: Move): Promise<void> {
  await link.client.call("moveTask", { id, body: move });
}

/** Puts tasks elsewhere in the queue, one after the other. */
export async function moveTasks(tally: Tally, moves: readonly TaskMove[]): Promise<void> {
  await withEachInTurn(moves, ({ taskId, move }) => moveTask(tally, taskId, move));
}

/** When a task was taken out of the queue on its row. */
const takenOut = new DoubleClick();

/** Takes tasks out of the queue, which can be undone; or stops them, of which is asked before. */
export async function cancelTask(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  const tasks = await chooseTasks(tally, { target, selected }, { placeholder: "Cancel which task?", ...open });
  if (tasks.length === 0) return;
  const running = tasks.filter((task) => !isQueued(task));
  if (running.length > 0 && !(await confirmStop(tasks, running))) return;
  if (running.length === 0 && isRow(tally, target) && takenOut.isSecond(performance.now())) return;
  const places = placesOf(tally.tree.tree, tasks.filter(isQueued));
  const cancelling = cancelAll(tally, tasks);
  const cancelled = await withSlowProgress(`Cancelling ${oneOrMany(tasks.map(runTitle), "tasks")}`, cancelling);
  tellBegun(
    tally,
    tasks.filter((task) => !cancelled.includes(task)),
  );
  if (cancelled.length > 0) {
    const left = places.filter(({ task }) => cancelled.some(({ id }) => id === task.id));
    void tellCancelled(tally, cancelled, left);
  }
}

/**
 * What waits first: none begins because the one before it is gone.
 * @returns those that were cancelled
 */
async function cancelAll(tally: Tally, tasks: readonly Task[]): Promise<readonly Task[]> {
  const queued = await takeOut(tally, tasks.filter(isQueued));
  const running = tasks.filter((task) => !isQueued(task));
  await withEach(running, ({ id }) => tally.link.client.call("cancelTask", { id }));
  return tasks.filter((task) => queued.includes(task) || running.includes(task));
}

/** A task that was taken out of the queue, and before which one it stood; null: it was the last. */
interface Place {
  readonly task: Task;
  readonly before: string | null;
}

/** Those of the queue, in its order. */
function placesOf(tree: Tree, tasks: readonly Task[]): readonly Place[] {
  const rows = waitingRows(tree).filter(({ task }) => tasks.some(({ id }) => id === task.id));
  return rows.map(({ task }) => ({ task, before: nextInQueue(tree, task.id) }));
}

/** Takes all tasks out of the queue that wait; what runs goes on. */
export async function emptyQueue(tally: Tally): Promise<void> {
  const tasks = waitingRows(tally.tree.tree).map((row) => row.task);
  if (tasks.length === 0) {
    void showInformation(waiting.none);
    return;
  }
  const empty = "Empty Queue";
  const all = tasks.length === 1 ? "the task that waits" : `all ${tasks.length} tasks that wait`;
  const message = `Take ${all} out of the queue?`;
  if ((await askInDialog({ message, detail: "What runs goes on. This cannot be undone." }, empty)) !== empty) return;
  await withSlowProgress("Emptying the queue", takeOut(tally, tasks));
}

/**
 * The last first: none begins because the one before it is gone.
 * @returns those that were taken out
 */
async function takeOut({ link }: Tally, tasks: readonly Task[]): Promise<readonly Task[]> {
  const taken: Task[] = [];
  for (const task of tasks.toReversed()) {
    const now = link.live.model.tasks.get(task.id);
    // One that has begun meanwhile is none of those that were asked about.
    if (!now || !isQueued(now)) continue;
    await link.client.call("cancelTask", { id: task.id });
    taken.push(task);
  }
  return taken;
}

/** Queues tasks again that have ended, or that wait for the person. */
export async function retryTask(tally: Tally, target?: unknown, selected?: unknown): Promise<void> {
  requireTrust();
  const tasks = await chooseTasks(tally, { target, selected }, { placeholder: "Run which task again?", ...ended });
  if (tasks.length === 0) return;
  await withEachInTurn(tasks, (task) => retry(tally, task));
  const are = tasks.length === 1 ? "is" : "are";
  const what = oneOrMany(tasks.map(runTitle), "tasks");
  showInStatusBar(`Tally: ${what} ${are} in the queue again.`, SAID_MS);
}

/** Shows what the task does, or did: in a tab of its own, or in the terminal of its session where it is done there. */
export async function showTaskOutput(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Whose output?", ...any });
  if (task === null) return;
  if (task.run?.via === "terminal" && task.sessionId !== null) {
    await vscode.commands.executeCommand("tally.showTerminal", task.sessionId);
  } else {
    // On a click the keyboard stays with the rows: there is nothing to type.
    await tally.outputs.show(task, { preserveFocus: isRow(tally, target) });
  }
}

export async function copyTaskPrompt(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Whose prompt?", ...any });
  if (task === null) return;
  await vscode.env.clipboard.writeText(task.description ?? task.title);
  showInStatusBar(`Copied the prompt of "${runTitle(task)}"`, SAID_MS);
}

/** Brings the row of the session before the person in which the task is done. */
export async function showTaskSession(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, {
    placeholder: "Whose session?",
    isFitting: ({ sessionId }) => sessionId !== null,
    none: "No task has a session yet: it gets one when it begins.",
  });
  if (task === null) return;
  if (task.sessionId === null) {
    throw new TallyError("session-not-found", `"${runTitle(task)}" has no session yet: it gets one when it begins.`);
  }
  await tally.tree.reveal(nodeId.session(task.sessionId));
}

async function step(tally: Tally, target: unknown, direction: "up" | "down"): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Move which task?", ...waiting });
  const move = task === null ? null : stepMove(tally.tree.tree, task.id, direction);
  if (task !== null && move !== null) await moveTask(tally, task.id, move);
}

/** @param running those of `tasks` that have begun. */
async function confirmStop(tasks: readonly Task[], running: readonly Task[]): Promise<boolean> {
  const isInTerminal = running.every(({ run }) => run?.via === "terminal");
  const titles = tasks.map(runTitle);
  const agents = running.length === 1 ? "Its agent" : `The agents of ${running.length} that run`;
  const verbs = running.length === 1 ? ["has", "goes", "is"] : ["have", "go", "are"];
  const detail = isInTerminal
    ? `${agents} ${verbs[0]} the prompt already and ${verbs[1]} on with it: stop it in its terminal.`
    : `${agents} ${verbs[2]} stopped in the middle of the work. What was written to disk stays.`;
  const what = tasks.length === 1 ? "Task" : `${tasks.length} Tasks`;
  const stop = isInTerminal ? `Give Up ${what}` : `Stop ${what}`;
  // Beside the editor's own button "Cancel", neither would be sure to be understood.
  const keep = tasks.length === 1 ? "Keep It Running" : "Keep Them";
  const message = `${isInTerminal ? "Give up" : "Stop"} ${oneOrMany(titles, "tasks")}?`;
  return (await askInDialog({ message, detail: [listed(titles), detail], keep }, stop)) === stop;
}

/** Whether the command was called on a row of the tree. */
function isRow({ tree }: Tally, target: unknown): boolean {
  return typeof target === "string" && tree.tree.nodes.has(target);
}

/** @param left those that were to be taken out of the queue, and no longer were in it. */
function tellBegun({ link }: Tally, left: readonly Task[]): void {
  const begun = left.filter(({ id }) => link.live.model.tasks.get(id)?.endedAt === null);
  if (begun.length === 0) return;
  const have = begun.length === 1 ? "has" : "have";
  const what = oneOrMany(begun.map(runTitle), "tasks");
  void showInformation(`${what} ${have} begun meanwhile. To stop what runs, cancel it again.`);
}

/** Never rejects. */
async function tellCancelled(tally: Tally, tasks: readonly Task[], places: readonly Place[]): Promise<void> {
  const wereWaiting = places.length === tasks.length;
  const back = wereWaiting ? "Undo" : "Run Again";
  const what = oneOrMany(tasks.map(runTitle), "tasks");
  const said = wereWaiting ? `Took ${what} out of the queue.` : `Cancelled ${what}.`;
  if ((await showInformation(said, back)) !== back) return;
  try {
    requireTrust();
    const running = tasks.filter(({ id }) => !places.some(({ task }) => task.id === id));
    await withEachInTurn(running, (task) => retry(tally, task));
    // The last first: so the one that each stood before is back already.
    await withEachInTurn(places.toReversed(), async ({ task, before }) => {
      await retry(tally, task);
      // Its neighbour may have begun meanwhile: then it stays at the end.
      if (before !== null) await moveTask(tally, task.id, { before }).catch(() => undefined);
    });
  } catch (error) {
    void showFailure(error);
  }
}

async function retry({ link }: Tally, task: Task): Promise<Task> {
  const env = sessionEnvironment(folderOf(link.live.model, task));
  return (await link.client.call("retryTask", { id: task.id, body: { env, at: "last" } })).task;
}

function folderOf({ worktrees, sessions, projects }: Model, { sessionId, worktreeId, projectId }: Task): string {
  const session = sessionId === null ? undefined : sessions.get(sessionId);
  const worktree = worktreeId === null ? undefined : worktrees.get(worktreeId);
  return session?.cwd ?? worktree?.path ?? projects.get(projectId)?.path ?? homedir();
}
