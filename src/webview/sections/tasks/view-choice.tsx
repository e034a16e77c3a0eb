import { type TaskView, taskViews } from "./task-lists.ts";

const names: Record<TaskView, string> = {
  all: "Handed over",
  queue: "Queue",
  failed: "Failed",
  done: "Done",
  prompts: "Prompts",
};

interface ViewChoiceProps {
  readonly view: TaskView;
  readonly counts: Readonly<Record<TaskView, number>>;
  readonly onChoose: (view: TaskView) => void;
}

/** Which tasks are shown, with how many there are of each. */
export function ViewChoice({ view, counts, onChoose }: ViewChoiceProps) {
  return (
    <div class="task-views" role="group" aria-label="Show">
      {taskViews.map((each) => (
        <button key={each} type="button" aria-pressed={each === view} onClick={() => onChoose(each)}>
          {names[each]} <span class="task-count">{counts[each]}</span>
        </button>
      ))}
    </div>
  );
}
