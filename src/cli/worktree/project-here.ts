import { relative, isAbsolute, sep } from "node:path";
import type { Snapshot } from "../../protocol/events.ts";

/**
 * The repository that a folder belongs to, by the nearest of the folders that Tally knows; null when it knows none. A plain folder in which
 * a session ran, such as the home folder, has no worktrees, and may be around repositories that are not known yet.
 */
export function projectIdHere(
  { projects, worktrees }: Pick<Snapshot, "projects" | "worktrees">,
  folder: string,
): string | null {
  const known = [
    ...projects.flatMap(({ id, path, commonDir }) => (commonDir === null ? [] : [{ projectId: id, path }])),
    ...worktrees.map(({ projectId, path }) => ({ projectId, path })),
  ];
  const around = known.filter(({ path }) => isInside(folder, path));
  return around.sort((a, b) => b.path.length - a.path.length)[0]?.projectId ?? null;
}

/** Whether a folder is the other one or in it. */
export function isInside(folder: string, parent: string): boolean {
  const way = relative(parent, folder);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
