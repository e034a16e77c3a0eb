import { memo } from "preact/compat";
import { isQueued, runNode } from "../../../presentation/queue-rows.ts";
import { waitInShort } from "../../../presentation/run-words.ts";
import { runState } from "../../../presentation/state-icons.ts";
import type { RunNode } from "../../../presentation/tree-nodes.ts";
import { age } from "../../../presentation/wording.ts";
import type { Task } from "../../../protocol/entities.ts";
import { useModel } from "../../live-state.ts";
import type { Half } from "./queue-moves.ts";
import { taskActions } from "./task-actions.ts";
import { TaskDetails } from "./task-details.tsx";
import { type Dragging, TaskRow } from "./task-row.tsx";
import { stateWord, taskFactsInShort, taskLabel, taskTitle } from "./task-words.ts";

/** How a row that waits is moved; the same for all of them. */
export interface QueueMoves {
  readonly step: (id: string, step: "up" | "down") => void;
  readonly dragStart: (id: string, event: DragEvent) => void;
  readonly dragOver: (id: string, event: DragEvent) => void;
  readonly drop: (id: string, event: DragEvent) => void;
  readonly dragEnd: () => void;
}

interface QueueRowProps {
  readonly task: Task;
  readonly isBehind: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly now: number;
  readonly onToggle: (id: string) => void;
  readonly onFocus: (id: string) => void;
  /** Null where it cannot be moved: it runs, or not all that waits is seen. */
  readonly moves: QueueMoves | null;
  readonly marked: Half | null;
}

type Row = Omit<RunNode, "isBehind" | "isFirst" | "isLast">;

/** A task that has not ended. */
export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { task, isBehind, isFirst, isLast, now, moves, marked } = props;
  const row: RunNode = { ...useModel((model) => runNode(model, task), isSameRow), isBehind, isFirst, isLast };
  const isRun = task.kind === "run";
  const title = taskTitle(task);
  const facts = isRun ? queueFacts(row, now) : taskFactsInShort(task, row.place, now);
  return (
    <TaskRow
      id={task.id}
      state={runState(task)}
      title={title}
      label={isRun ? taskLabel(task, [stateWord(task.state), ...facts]) : taskLabel(task, facts)}
      facts={facts}
      actions={[...moveActions(props), ...taskActions(task, { isFirst })]}
      isCurrent={props.isCurrent}
      isOpen={props.isOpen}
      onToggle={props.onToggle}
      onFocus={props.onFocus}
      dragging={moves === null ? null : draggingOf(task.id, moves, marked)}
    >
      <TaskDetails task={task} place={row.place} account={row.account} session={row.session?.title ?? null} />
    </TaskRow>
  );
});

function isSameRow(a: Row, b: Row): boolean {
  return (
    a.task === b.task &&
    a.place === b.place &&
    a.account === b.account &&
    a.session?.title === b.session?.title &&
    a.session?.isWaiting === b.session?.isWaiting
  );
}

/** What it waits for, or how long it has run; where; and on whose account. */
function queueFacts(row: RunNode, now: number): readonly string[] {
  const { task, place, account } = row;
  const { run, startedAt, createdAt } = task;
  const since = age(startedAt ?? createdAt, now);
  const running = `${since === "now" ? "<1m" : since}${run?.via === "terminal" ? ", in its terminal" : ""}`;
  const agent = account ?? task.agent;
  return [waitInShort(row, now) ?? running, ...(place === "" ? [] : [place]), agent];
}

function moveActions({ task, moves, isFirst, isLast }: QueueRowProps) {
  if (moves === null || !isQueued(task)) return [];
  return [
    ...(isFirst ? [] : [{ icon: "arrow-up", label: "Move Up", onClick: () => moves.step(task.id, "up") }]),
    ...(isLast ? [] : [{ icon: "arrow-down", label: "Move Down", onClick: () => moves.step(task.id, "down") }]),
  ];
}

function draggingOf(id: string, moves: QueueMoves, marked: Half | null): Dragging {
  return {
    marked,
    onStart: (event) => moves.dragStart(id, event),
    onOver: (event) => moves.dragOver(id, event),
    onDrop: (event) => moves.drop(id, event),
    onEnd: moves.dragEnd,
  };
}
