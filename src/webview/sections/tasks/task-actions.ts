import { isQueued } from "../../../presentation/queue-rows.ts";
import { needsPerson, waitsForPause } from "../../../presentation/run-words.ts";
import { nodeId } from "../../../presentation/tree-nodes.ts";
import type { Task } from "../../../protocol/entities.ts";
import { isTaskEnded } from "../../../protocol/states.ts";
import { copyText, runCommand } from "../../host.ts";
import type { RowAction } from "../../parts/row-button.tsx";

/** What can be done about a task, what is wanted most first; moving it in the queue is the queue's. */
export function taskActions(task: Task, place: { readonly isFirst: boolean }): readonly RowAction[] {
  switch (task.kind) {
    case "run":
      return isTaskEnded(task.state)
        ? endedActions(task)
        : isQueued(task)
          ? queuedActions(task, place)
          : runningActions(task);
    case "prompt":
      return [...terminalAction(task), copyAction(task)];
    case "foreign":
      return [copyAction(task), removeAction(task)];
    case "root":
      return [copyAction(task)];
  }
}

function queuedActions(task: Task, { isFirst }: { readonly isFirst: boolean }): readonly RowAction[] {
  const label = waitsForPause(task) ? "Run Next When It Resets" : "Run Next";
  return [
    ...(needsPerson(task) ? [retryAction(task)] : []),
    ...(isFirst ? [] : [{ icon: "arrow-circle-up", label, onClick: () => runCommand("runNext", task.id) }]),
    { icon: "close", label: "Cancel Task", onClick: () => runCommand("cancelTask", task.id) },
  ];
}

function runningActions(task: Task): readonly RowAction[] {
  return [
    outputAction(task),
    ...sessionAction(task),
    { icon: "close", label: "Cancel Task", onClick: () => runCommand("cancelTask", task.id) },
  ];
}

function endedActions(task: Task): readonly RowAction[] {
  return [retryAction(task), outputAction(task), ...sessionAction(task), copyAction(task)];
}

function retryAction({ id }: Task): RowAction {
  return { icon: "debug-restart", label: "Retry Task", onClick: () => runCommand("retryTask", id) };
}

function outputAction({ id, run }: Task): RowAction {
  const label = run?.via === "terminal" ? "Show Terminal" : "Show Task Output";
  return { icon: "output", label, onClick: () => runCommand("showTaskOutput", id) };
}

function sessionAction({ id, sessionId }: Task): readonly RowAction[] {
  if (sessionId === null) return [];
  return [{ icon: "list-tree", label: "Show Session", onClick: () => runCommand("showTaskSession", id) }];
}

/** A prompt was typed in the terminal of its session. */
function terminalAction({ sessionId }: Task): readonly RowAction[] {
  if (sessionId === null) return [];
  const onClick = () => runCommand("showTerminal", nodeId.session(sessionId));
  return [{ icon: "terminal", label: "Show Terminal", onClick }];
}

function copyAction({ description, title, kind }: Task): RowAction {
  const label = kind === "foreign" ? "Copy Title" : "Copy Prompt";
  return { icon: "copy", label, onClick: () => copyText(description ?? title) };
}

/** The tool that reported it may be long gone. */
function removeAction({ id }: Task): RowAction {
  return { icon: "trash", label: "Remove Task", onClick: () => runCommand("removeTask", nodeId.task(id)) };
}
