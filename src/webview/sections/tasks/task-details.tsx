import { useState } from "preact/hooks";
import type { Task } from "../../../protocol/entities.ts";
import { isTaskEnded } from "../../../protocol/states.ts";
import { visible } from "../../../protocol/visible.ts";
import { Facts } from "../../parts/facts.tsx";
import { TaskOutput } from "./task-output.tsx";
import { taskFacts } from "./task-words.ts";

interface TaskDetailsProps {
  readonly task: Task;
  readonly place: string;
  readonly account: string | null;
  readonly session: string | null;
}

/** All that is known of a task: why it waits or failed, what it said, what it does, and what was asked. */
export function TaskDetails({ task, place, account, session }: TaskDetailsProps) {
  const { title, description, error, result, details, run, state } = task;
  const isEnded = isTaskEnded(state);
  const wait = isEnded ? null : (run?.waitsFor?.text ?? null);
  const hasOutput = task.kind === "run" && run?.via === "headless";
  return (
    <>
      {wait === null ? null : <p>{visible(wait)}</p>}
      <Text name="Error" text={error} className="task-failure" />
      <Text name="Result" text={result} />
      {details === error || details === result ? null : <Text name={isEnded ? "Details" : "Reported"} text={details} />}
      {hasOutput && !isEnded ? <TaskOutput task={task} /> : null}
      {hasOutput && isEnded ? <EndedOutput task={task} /> : null}
      {description === null || description.trim() === title ? null : <Text name="Prompt" text={description} />}
      <Facts facts={taskFacts(task, { place, account, session })} />
    </>
  );
}

/** What it came to has been said; what it did on the way is asked for when it is wanted. */
function EndedOutput({ task }: { readonly task: Task }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="disclosure task-earlier-output" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Output</summary>
      {isOpen ? <TaskOutput task={task} /> : null}
    </details>
  );
}

interface TextProps {
  readonly name: string;
  readonly text: string | null;
  readonly className?: string;
}

function Text({ name, text, className = "" }: TextProps) {
  if (text === null || text.trim() === "") return null;
  return (
    <div class="task-text">
      <h4>{name}</h4>
      <pre class={className} tabIndex={0} aria-label={name}>
        {visible(text).trim()}
      </pre>
    </div>
  );
}
