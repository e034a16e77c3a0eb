import { useMemo } from "preact/hooks";
import * as z from "zod";
import { queueDescription } from "../../../presentation/run-words.ts";
import { runCommand } from "../../host.ts";
import { useModel } from "../../live-state.ts";
import { Button, IconButton } from "../../parts/button.tsx";
import { Section } from "../../parts/section.tsx";
import { useSaved } from "../../saved-state.ts";
import { PastTasks } from "./past-tasks.tsx";
import { Queue } from "./queue.tsx";
import { useOpenRows } from "./row-state.ts";
import { countQueue, countTasks, taskLists, type TaskView, taskViews } from "./task-lists.ts";
import { useFoundTasks } from "./use-found-tasks.ts";
import { ViewChoice } from "./view-choice.tsx";

/** What agents were given to do: what runs, what waits in which order, and what came of the rest. */
export function TasksSection({ search }: { readonly search: string }) {
  const tasks = useModel((model) => model.tasks);
  const { running, waiting } = useMemo(() => countQueue(tasks.values()), [tasks]);
  return (
    <Section
      id="tasks"
      title="Queue and Tasks"
      count={queueDescription({ running, waiting })}
      actions={
        <>
          <IconButton icon="add" label="Add Task..." onClick={() => runCommand("addTask")} />
          <IconButton
            icon="clear-all"
            label="Empty Queue"
            disabled={waiting === 0}
            onClick={() => runCommand("emptyQueue")}
          />
        </>
      }
    >
      <Tasks search={search} />
    </Section>
  );
}

const nothingOf: Record<TaskView, string> = {
  all: "",
  queue: "Nothing runs and nothing waits.",
  failed: "No task has failed.",
  done: "No task is done yet.",
  prompts: "No prompt was typed in a session yet.",
};

function Tasks({ search }: { readonly search: string }) {
  const [view, setView] = useSaved("tasks.view", z.enum(taskViews), "all");
  const open = useOpenRows();
  const tasks = useModel((model) => model.tasks);
  const counts = useMemo(() => countTasks(tasks.values()), [tasks]);
  const isFound = useFoundTasks(search);
  const found = useMemo(() => [...tasks.values()].filter(isFound), [tasks, isFound]);
  const isSearching = search.trim() !== "";
  const foundCounts = useMemo(() => (isSearching ? countTasks(found) : counts), [isSearching, found, counts]);
  const lists = useMemo(() => taskLists(found, view), [found, view]);
  if (counts.all + counts.prompts === 0) {
    return (
      <div class="tasks-empty">
        <p class="empty">
          Nothing was handed over yet. A task waits here for a free agent, and for the end of a limit.
        </p>
        <Button icon="checklist" onClick={() => runCommand("addTask")}>
          Add Task...
        </Button>
      </div>
    );
  }
  return (
    <>
      <ViewChoice view={view} counts={foundCounts} onChoose={setView} />
      {counts[view] === 0 ? <p class="empty">{nothingOf[view] || "No task was handed over yet."}</p> : null}
      <Queue lists={lists} isWhole={!isSearching} open={open} />
      <PastTasks tasks={lists.past} title={view === "all" ? "Ended" : null} open={open} />
    </>
  );
}
