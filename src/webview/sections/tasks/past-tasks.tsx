import type { Task } from "../../../protocol/entities.ts";
import { useNow } from "../../now.ts";
import { PastRow } from "./past-row.tsx";
import { moveBetweenRows, type OpenRows, useCurrentRow } from "./row-state.ts";
import { ShowMore, useShown } from "./show-more.tsx";

interface PastTasksProps {
  readonly tasks: readonly Task[];
  readonly title: string | null;
  readonly open: OpenRows;
}

/** What is over, the latest first. */
export function PastTasks({ tasks, title, open: { isOpen, toggle } }: PastTasksProps) {
  const now = useNow();
  const { shown, more } = useShown(tasks);
  const [current, onFocus] = useCurrentRow(shown.map(({ id }) => id));
  if (tasks.length === 0) return null;
  return (
    <>
      {title === null ? null : (
        <h3 class="tasks-heading" id="tasks-past">
          {title} <span class="task-count">{tasks.length}</span>
        </h3>
      )}
      <ul class="task-list" aria-label={title ?? "Tasks"} onKeyDown={moveBetweenRows}>
        {shown.map((task) => (
          <PastRow
            key={task.id}
            task={task}
            isCurrent={task.id === current}
            isOpen={isOpen(task.id)}
            now={now}
            onToggle={toggle}
            onFocus={onFocus}
          />
        ))}
      </ul>
      <ShowMore more={more} />
    </>
  );
}
