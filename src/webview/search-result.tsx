import type { Task } from "../protocol/entities.ts";
import type { Model } from "../protocol/model.ts";
import { useModel } from "./live-state.ts";
import { Button } from "./parts/button.tsx";
import { type Found, isNothing, searchWords } from "./search-words.ts";
import { sessionLists } from "./sections/sessions/session-lists.ts";
import { useFoundTasks } from "./sections/tasks/use-found-tasks.ts";

interface SearchResultProps {
  readonly search: string;
  readonly onClear: () => void;
}

/** What the search comes to in all of the page: its headings show that, so it is only said to a screen reader. That there is nothing is seen. */
export function SearchResult({ search, onClear }: SearchResultProps) {
  const isSearching = search.trim() !== "";
  const isTaskFound = useFoundTasks(search);
  const found = useModel((model) => (isSearching ? foundIn(model, search, isTaskFound) : null), isSame);
  const isEmpty = found !== null && isNothing(found);
  return (
    <div class={isEmpty ? "notice" : "said"}>
      <span role="status">{found === null ? "" : searchWords(search, found)}</span>
      {isEmpty ? <Button onClick={onClear}>Clear the Search</Button> : null}
    </div>
  );
}

function foundIn(model: Model, search: string, isTaskFound: (task: Task) => boolean): Found {
  const { live, ended } = sessionLists(model, search);
  // What stands for a whole session is no row of the tasks.
  const tasks = [...model.tasks.values()].filter((task) => task.kind !== "root" && isTaskFound(task));
  return { sessions: live.length + ended.length, tasks: tasks.length };
}

function isSame(a: Found | null, b: Found | null): boolean {
  return a?.sessions === b?.sessions && a?.tasks === b?.tasks;
}
