import { memo } from "preact/compat";
import { placeName } from "../../../presentation/queue-rows.ts";
import type { Task } from "../../../protocol/entities.ts";
import { useModel } from "../../live-state.ts";
import { taskActions } from "./task-actions.ts";
import { TaskDetails } from "./task-details.tsx";
import { TaskRow } from "./task-row.tsx";
import { errorInShort, taskFactsInShort, taskLabel, taskTitle } from "./task-words.ts";

interface PastRowProps {
  readonly task: Task;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  readonly now: number;
  readonly onToggle: (id: string) => void;
  readonly onFocus: (id: string) => void;
}

/** A task that has ended, or a prompt. */
export const PastRow = memo(function PastRow({ task, isCurrent, isOpen, now, onToggle, onFocus }: PastRowProps) {
  const place = useModel((model) => placeName(task, model));
  const account = useModel(({ accounts }) => (task.accountId && accounts.get(task.accountId)?.label) ?? null);
  const session = useModel(({ sessions }) => (task.sessionId && sessions.get(task.sessionId)?.title) ?? null);
  const facts = taskFactsInShort(task, place, now);
  return (
    <TaskRow
      id={task.id}
      state={task.state}
      title={taskTitle(task)}
      label={taskLabel(task, facts)}
      facts={facts}
      error={errorInShort(task)}
      actions={taskActions(task, { isFirst: false })}
      isCurrent={isCurrent}
      isOpen={isOpen}
      onToggle={onToggle}
      onFocus={onFocus}
    >
      <TaskDetails task={task} place={place} account={account} session={session} />
    </TaskRow>
  );
});
