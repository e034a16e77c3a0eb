import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { UsageError } from "../usage.ts";
import { projectIdHere } from "../worktree/project-here.ts";

type Known = Pick<Snapshot, "projects" | "worktrees">;

/** The project of this name, or the one that this path is in. @throws {UsageError} when there is none, or several have the name */
export function namedProject(known: Known, named: string, cwd: string): Project {
  const { projects } = known;
  const [only, ...others] = projects.filter(({ name }) => name === named);
  if (only && others.length === 0) return only;
  if (only) {
    const paths = [only, ...others].map(({ path }) => path).join(", ");
    throw new UsageError(`Several projects are called "${named}". Give its path: ${paths}`);
  }
  const path = canonical(resolve(cwd, named));
  const id = projects.find((project) => project.path === path)?.id ?? projectIdHere(known, path);
  const project = projects.find((each) => each.id === id);
  if (project) return project;
  throw new UsageError(`There is no project "${named}". Give its name or its path; see them with: tally list --all`);
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A folder that is gone may still be known.
    return path;
  }
}
