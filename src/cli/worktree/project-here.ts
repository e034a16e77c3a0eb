import { relative, isAbsolute, sep } from "node:path";
import type { Snapshot } from "../../protocol/events.ts";

/** The project that a folder belongs to, by the nearest of the folders that Tally knows; null when it knows none. */
export function projectIdHere(
  { projects, worktrees }: Pick<Snapshot, "projects" | "worktrees">,
  folder: string,
): string | null {
  const known = [
    ...projects.map(({ id, path }) => ({ projectId: id, path })),
    ...worktrees.map(({ projectId, path }) => ({ projectId, path })),
  ];
  const around = known.filter(({ path }) => isInside(folder, path));
  return around.sort((a, b) => b.path.length - a.path.length)[0]?.projectId ?? null;
}

function isInside(folder: string, parent: string): boolean {
  const way = relative(parent, folder);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
