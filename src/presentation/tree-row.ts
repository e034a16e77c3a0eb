import type { Session, Task } from "../protocol/entities.ts";
import { oneLine } from "../protocol/visible.ts";
import { isWaiting } from "../protocol/waiting.ts";
import { continuationInShort } from "./continuation-words.ts";
import { groupDescription, groupIcon, groupLabel, groupName, endedDescription, endedIcon } from "./group-words.ts";
import { pauseDescription, pauseLabel, pauseRowTitle, usageInShort } from "./limit-words.ts";
import { processDescription, processLabel, processName } from "./process-words.ts";
import { rowContext } from "./row-context.ts";
import { endedRunDescription, queueDescription, runDescription, runLabel, runRowTitle } from "./run-words.ts";
import { pauseIcon, processIcon, runState, type StateIcon, stateIcons, worktreeIcon } from "./state-icons.ts";
import type { SessionNode, TaskNode, TreeNode } from "./tree-nodes.ts";
import { shownState } from "./tree-order.ts";
import {
  countWords,
  foreignDescription,
  promptDescription,
  sessionDescription,
  sessionLabel,
  stateWords,
} from "./wording.ts";
import { worktreeDescription, worktreeLabel, worktreeName } from "./worktree-words.ts";

/** All that a row shows of itself but for its tooltip, so that two can be compared. */
export interface DrawnRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says of it. */
  readonly says: string;
  readonly icon: StateIcon;
  /** What `when` clauses in package.json tell rows apart by. */
  readonly context: string;
  /** What a click does. */
  readonly click: RowCommand | null;
}

export interface RowCommand {
  readonly command: string;
  readonly title: string;
  readonly arguments?: string[];
}

/** A title may be a whole sentence; what stands behind it in the row must be seen too, above all what a session waits for. */
const TITLE_CHARS = 48;
const SHORT_TITLE_CHARS = 24;
/** Beside it, the time at which it goes on, or what it waits for, is seen in a side bar of the usual width. */
const PAUSED_TITLE_CHARS = 16;
const PATH_CHARS = 200;

const showLimits: RowCommand = { command: "tally.showLimits", title: "Show Limits" };

/** How a row looks at this moment. */
export function drawRow(node: TreeNode, now: number): DrawnRow {
  return { ...looksOf(node, now), context: rowContext(node) };
}

type Looks = Omit<DrawnRow, "context">;

function looksOf(node: TreeNode, now: number): Looks {
  switch (node.kind) {
    case "queue": {
      const description = queueDescription(node);
      return row("Queue", description, ["checklist"], { says: `Queue. ${description}` });
    }
    case "run":
      return row(runRowTitle(node, now), runDescription(node, now), stateIcons[runState(node.task)], {
        says: runLabel(node, now),
        click: showOutputOf(node.id),
      });
    case "later": {
      const { length } = node.children;
      return row(`${length} more`, "", ["ellipsis"], { says: `${length} more tasks that wait` });
    }
    case "group":
      return row(groupName(node.of), groupDescription(node), groupIcon(node.of), { says: groupLabel(node) });
    case "project": {
      const description = countWords(node.counts);
      return row(node.project.name, description, ["repo"], { says: `Project ${node.project.name}. ${description}` });
    }
    case "worktree": {
      const { worktree, counts } = node;
      const description = worktreeDescription(worktree, counts);
      return row(worktreeName(worktree), description, worktreeIcon(worktree), {
        says: worktreeLabel(worktree, counts),
      });
    }
    case "process":
      return row(processName(node.process), processDescription(node.process), processIcon(node.process), {
        says: processLabel(node.process),
        click: { command: "tally.showProcess", title: "Show Process", arguments: [node.id] },
      });
    case "shared": {
      const says = `Shared with the main checkout: ${node.children.length}`;
      return row("Shared with the main checkout", "", ["link"], { says });
    }
    case "sharedPath": {
      const path = oneLine(node.path, PATH_CHARS);
      return row(path, "", ["link"], { says: `${path}, shared with the main checkout` });
    }
    case "session":
      return sessionLooks(node, now);
    case "task":
      return taskLooks(node, now);
    case "earlier": {
      const { length } = node.children;
      return row(`… ${length} earlier`, "", ["history"], { says: `${length} earlier prompts` });
    }
    case "more": {
      const { length } = node.children;
      return row(`${length} more`, "", ["ellipsis"], { says: `${length} more tasks of other tools` });
    }
    case "ended": {
      const description = endedDescription(node);
      return row("Ended", description, endedIcon(node), { says: `Ended: ${description}` });
    }
    case "pause":
      return row(pauseRowTitle(node.pause, now), pauseDescription(node.pause, now), pauseIcon(node.pause), {
        says: pauseLabel(node.pause, now),
        click: showLimits,
      });
    case "account": {
      const label = oneLine(node.account.label, SHORT_TITLE_CHARS);
      const description = usageInShort(node.account, now);
      const says = `Used of ${node.account.label}: ${description}`;
      return row(label, description, ["dashboard"], { says, click: showLimits });
    }
  }
}

function row(
  label: string,
  description: string,
  icon: StateIcon,
  { says, click = null }: { says: string; click?: RowCommand | null },
): Looks {
  return { label, description, says, icon, click };
}

function sessionLooks({ id, session, isPauseOver, place }: SessionNode, now: number): Looks {
  const title = oneLine(session.title, titleChars(session, now));
  const circumstances = { isPauseOver, place };
  return row(title, sessionDescription(session, now, circumstances), stateIcons[shownState(session)], {
    says: sessionLabel(session, now, circumstances),
    // One that a wrapper started has its terminal elsewhere: there is nothing that a click could show.
    click: session.mode === "external" ? null : showTerminalOf(id),
  });
}

function taskLooks({ id, task, place }: TaskNode, now: number): Looks {
  const description = taskDescription(task, now, place);
  const kind = task.kind === "prompt" ? "Prompt" : "Task";
  return row(task.title, description, stateIcons[task.state], {
    says: `${kind} ${task.title}, ${stateWords[task.state]}, ${description}`,
    click: clickOnTask(id, task),
  });
}

function clickOnTask(id: string, { kind, sessionId }: Task): RowCommand | null {
  if (kind === "run") return showOutputOf(id);
  return sessionId === null ? null : showTerminalOf(sessionId);
}

/** What stands behind a task that is not in the queue. */
function taskDescription(task: Task, now: number, place: string | null): string {
  if (task.kind === "run") return endedRunDescription(task, now);
  return task.kind === "foreign" ? foreignDescription(task, now, place) : promptDescription(task, now);
}

/** @param target a task's row. */
function showOutputOf(target: string): RowCommand {
  return { command: "tally.showTaskOutput", title: "Show Output", arguments: [target] };
}

/** @param target a session, or its row. */
function showTerminalOf(target: string): RowCommand {
  return { command: "tally.showTerminal", title: "Show Terminal", arguments: [target] };
}

function titleChars(session: Session, now: number): number {
  const goesOn = continuationInShort(session, now) !== null;
  if (goesOn && session.state === "PAUSED") return PAUSED_TITLE_CHARS;
  return goesOn || isWaiting(session) ? SHORT_TITLE_CHARS : TITLE_CHARS;
}
