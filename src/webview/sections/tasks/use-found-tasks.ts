import type { Task } from "../../../protocol/entities.ts";
import type { Model } from "../../../protocol/model.ts";
import { useModel } from "../../live-state.ts";
import { foundTasks } from "./found-tasks.ts";

interface Finding extends Pick<Model, "worktrees" | "projects"> {
  readonly search: string;
  readonly isFound: (task: Task) => boolean;
}

let latest: Finding | null = null;

/** Says of each task whether the search finds it. All of the page has the same answers: each task is looked at once. */
export function useFoundTasks(search: string): (task: Task) => boolean {
  const worktrees = useModel((model) => model.worktrees);
  const projects = useModel((model) => model.projects);
  const isLatest = latest?.search === search && latest.worktrees === worktrees && latest.projects === projects;
  if (!latest || !isLatest) {
    latest = { search, worktrees, projects, isFound: foundTasks(search, { worktrees, projects }) };
  }
  return latest.isFound;
}
