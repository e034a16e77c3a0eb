import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../../protocol/entities.ts";
import type { Snapshot } from "../../protocol/events.ts";
import { TallyError } from "../../protocol/errors.ts";
import { printable } from "../screen/width.ts";
import { UsageError } from "../usage.ts";
import { projectIdHere } from "../worktree/project-here.ts";

type Known = Pick<Snapshot, "projects" | "worktrees">;

/** So many names are told to a person who mistyped one. */
const MAX_NAMES = 10;

/**
 * The project of this name; a word with a separator, or of dots alone, is a path, and means the project that it is in.
 * @throws {TallyError} when there is none. @throws {UsageError} when several have the name
 */
export function namedProject(known: Known, named: string, cwd: string): Project {
  const { projects } = known;
  const [only, ...others] = projects.filter(({ name }) => name === named);
  if (only && others.length === 0) return only;
  if (only) {
    const paths = [only, ...others].map(({ path }) => path).join(", ");
    throw new UsageError(`Several projects are called "${named}". Give its path: ${paths}`);
  }
  if (!isPath(named)) throw unknownProject(named, projects);
  const path = canonical(resolve(cwd, named));
  const id = projects.find((project) => project.path === path)?.id ?? projectIdHere(known, path);
  const project = projects.find((each) => each.id === id);
  if (project) return project;
  throw unknownProject(named, projects);
}

function isPath(word: string): boolean {
  return /[/\\]/.test(word) || word === "." || word === "..";
}

function unknownProject(named: string, projects: readonly Project[]): TallyError {
  const names = [...new Set(projects.map(({ name }) => printable(name)))].sort();
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  const known =
    names.length === 0
      ? "Tally knows none yet."
      : `There ${names.length === 1 ? "is" : "are"}: ${names.slice(0, MAX_NAMES).join(", ")}${more}.`;
  return new TallyError("invalid-request", `There is no project "${named}". ${known}`);
}

function canonical(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // A folder that is gone may still be known.
    return path;
  }
}
