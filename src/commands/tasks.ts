import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Model } from "../client/model.ts";
import type { Task } from "../protocol/entities.ts";
import { TallyError } from "../protocol/errors.ts";
import { isTaskEnded } from "../protocol/states.ts";
import { DoubleClick } from "../views/double-click.ts";
import { showFailure } from "../views/failure.ts";
import { type Move, nextInQueue, stepMove } from "../views/queue-drop.ts";
import { isQueued, waitingRows } from "../views/queue-rows.ts";
import { needsPerson, runTitle } from "../views/run-words.ts";
import { nodeId } from "../views/tree-nodes.ts";
import { chooseTask, type TaskChoice } from "./choose-task.ts";
import { requireTrust } from "./require-trust.ts";
import { sessionEnvironment } from "./session-environment.ts";
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

/** When a task was taken out of the queue on its row. */
const takenOut = new DoubleClick();

/** Takes a task out of the queue, which can be undone; or stops it, of which is asked before. */
export async function cancelTask(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Cancel which task?", ...open });
  if (task === null || (!isQueued(task) && !(await confirmStop(task)))) return;
  if (isQueued(task) && isRow(tally, target) && takenOut.isSecond(performance.now())) return;
  const before = nextInQueue(tally.tree.tree, task.id);
  const cancelled = tally.link.client.call("cancelTask", { id: task.id });
  const answer = await withSlowProgress(`Cancelling "${runTitle(task)}"`, cancelled);
  void tellCancelled(tally, answer.task, { wasWaiting: isQueued(task), before });
}

/** Takes all tasks out of the queue that wait; what runs goes on. */
export async function emptyQueue(tally: Tally): Promise<void> {
  const tasks = waitingRows(tally.tree.tree).map((row) => row.task);
  if (tasks.length === 0) {
    void vscode.window.showInformationMessage(waiting.none);
    return;
  }
  const empty = "Empty Queue";
  const all = tasks.length === 1 ? "the task that waits" : `all ${tasks.length} tasks that wait`;
  const asked = { modal: true, detail: "What runs goes on. This cannot be undone." };
  if ((await vscode.window.showWarningMessage(`Take ${all} out of the queue?`, asked, empty)) !== empty) return;
  await withSlowProgress("Emptying the queue", takeOut(tally, tasks));
}

/** The last first: none begins because the one before it is gone. */
async function takeOut({ link }: Tally, tasks: readonly Task[]): Promise<void> {
  for (const { id } of tasks.toReversed()) {
    const now = link.live.model.tasks.get(id);
    // One that has begun meanwhile is none of those that were asked about.
    if (now && isQueued(now)) await link.client.call("cancelTask", { id });
  }
}

/** Queues a task again that has ended, or that waits for the person. */
export async function retryTask(tally: Tally, target?: unknown): Promise<void> {
  requireTrust();
  const task = await chooseTask(tally, target, { placeholder: "Run which task again?", ...ended });
  if (task === null) return;
  const again = await retry(tally, task);
  vscode.window.setStatusBarMessage(`Tally: "${runTitle(again)}" is in the queue again.`, SAID_MS);
}

/** Shows what the task does, or did: in a tab of its own, or in the terminal of its session where it is done there. */
export async function showTaskOutput(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Whose output?", ...any });
  if (task === null) return;
  if (task.run?.via === "terminal" && task.sessionId !== null) {
    await vscode.commands.executeCommand("tally.showTerminal", task.sessionId);
  } else {
    // On a click the keyboard stays with the rows: there is nothing to type.
    tally.outputs.show(task, { preserveFocus: isRow(tally, target) });
  }
}

export async function copyTaskPrompt(tally: Tally, target?: unknown): Promise<void> {
  const task = await chooseTask(tally, target, { placeholder: "Whose prompt?", ...any });
  if (task === null) return;
  await vscode.env.clipboard.writeText(task.description ?? task.title);
  vscode.window.setStatusBarMessage(`Copied the prompt of "${runTitle(task)}"`, SAID_MS);
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

async function confirmStop(task: Task): Promise<boolean> {
  const isInTerminal = task.run?.via === "terminal";
  const detail = isInTerminal
    ? "Its agent has the prompt already and goes on with it: stop it in its terminal."
    : "Its agent is stopped in the middle of its work. What it has written to disk stays.";
  const stop = { title: isInTerminal ? "Give Up Task" : "Stop Task" };
  // Beside the editor's own button "Cancel", neither would be sure to be understood.
  const keep = { title: "Keep It Running", isCloseAffordance: true };
  const question = `${isInTerminal ? "Give up" : "Stop"} "${runTitle(task)}"?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, stop, keep)) === stop;
}

/** Whether the command was called on a row of the tree. */
function isRow({ tree }: Tally, target: unknown): boolean {
  return typeof target === "string" && tree.tree.nodes.has(target);
}

/** Never rejects. */
async function tellCancelled(
  tally: Tally,
  task: Task,
  { wasWaiting, before }: { readonly wasWaiting: boolean; readonly before: string | null },
): Promise<void> {
  const back = wasWaiting ? "Undo" : "Run Again";
  const said = wasWaiting ? `Took "${runTitle(task)}" out of the queue.` : `Cancelled "${runTitle(task)}".`;
  if ((await vscode.window.showInformationMessage(said, back)) !== back) return;
  try {
    requireTrust();
    await retry(tally, task);
    // Its neighbour may have begun meanwhile: then it stays at the end.
    if (before !== null) await moveTask(tally, task.id, { before }).catch(() => undefined);
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
