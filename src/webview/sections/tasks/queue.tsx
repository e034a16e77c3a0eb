import { useMemo } from "preact/hooks";
import { useNow } from "../../now.ts";
import { Failure } from "../../parts/failure.tsx";
import { QueueRow } from "./queue-row.tsx";
import { moveBetweenRows, type OpenRows, useCurrentRow } from "./row-state.ts";
import { behindOthers, type TaskLists } from "./task-lists.ts";
import { ShowMore, useShown } from "./show-more.tsx";
import { useQueueMoves } from "./use-queue-moves.ts";

interface QueueProps {
  readonly lists: TaskLists;
  /** Whether all that waits is in it, so that it can be put into another order. */
  readonly isWhole: boolean;
  readonly open: OpenRows;
}

/** What runs, then what waits in its order. */
export function Queue({ lists, isWhole, open: { isOpen, toggle } }: QueueProps) {
  const { underWay, waiting } = lists;
  const now = useNow();
  const order = useMemo(() => waiting.map(({ id }) => id), [waiting]);
  const running = useShown(underWay);
  const { shown, more } = useShown(waiting);
  const ids = [...running.shown, ...shown].map(({ id }) => id);
  const [current, onFocus] = useCurrentRow(ids);
  const behind = useMemo(() => behindOthers(lists), [lists]);
  const { moves, marked, failure, said, onKeyDown } = useQueueMoves(order, isWhole);
  if (ids.length === 0) return null;
  const rowOf = (task: (typeof waiting)[number], canMove: boolean) => (
    <QueueRow
      key={task.id}
      task={task}
      isBehind={behind.has(task.id)}
      isFirst={isWhole && task.id === order[0]}
      isLast={isWhole && task.id === order.at(-1)}
      isCurrent={task.id === current}
      isOpen={isOpen(task.id)}
      now={now}
      onToggle={toggle}
      onFocus={onFocus}
      moves={canMove && isWhole ? moves : null}
      marked={marked?.id === task.id ? marked.half : null}
    />
  );
  return (
    <div
      class="queue"
      onKeyDown={(event) => {
        onKeyDown(event);
        moveBetweenRows(event);
      }}
    >
      {underWay.length === 0 ? null : (
        <>
          <h3 class="tasks-heading" id="tasks-under-way">
            Running <span class="task-count">{underWay.length}</span>
          </h3>
          <ul class="task-list" aria-labelledby="tasks-under-way">
            {running.shown.map((task) => rowOf(task, false))}
          </ul>
          <ShowMore more={running.more} />
        </>
      )}
      {waiting.length === 0 ? null : (
        <>
          <h3 class="tasks-heading" id="tasks-waiting">
            Waiting <span class="task-count">{waiting.length}</span>
          </h3>
          {failure === null ? null : <Failure text={`It could not be moved: ${failure}`} />}
          <ul class="task-list" aria-labelledby="tasks-waiting">
            {shown.map((task) => rowOf(task, true))}
          </ul>
          <ShowMore more={more} />
        </>
      )}
      <span class="said" role="status">
        {said}
      </span>
    </div>
  );
}
