import { placeName } from "../../../presentation/queue-rows.ts";
import type { Task } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { matchesSearch } from "../../search.ts";
import { stateWord } from "./task-words.ts";

/** So much of a long text is searched. */
const MAX_SEARCHED_CHARS = 2_000;

const everyTask = () => true;

/** Says of each task whether the search finds it; what was looked at before is not looked at again. */
export function foundTasks(search: string, model: Pick<Model, "worktrees" | "projects">): (task: Task) => boolean {
  if (search.trim() === "") return everyTask;
  // A task that changes is another object.
  const known = new WeakMap<Task, boolean>();
  return (task) => {
    const before = known.get(task);
    if (before !== undefined) return before;
    const isFound = matchesSearch(search, fieldsOf(task, model));
    known.set(task, isFound);
    return isFound;
  };
}

function fieldsOf(task: Task, model: Pick<Model, "worktrees" | "projects">): readonly (string | null)[] {
  const { title, description, agent, error, result, state, id } = task;
  const texts = [title, description, error, result].map((text) => text?.slice(0, MAX_SEARCHED_CHARS) ?? null);
  return [...texts, agent, stateWord(state), placeName(task, model), id];
}
