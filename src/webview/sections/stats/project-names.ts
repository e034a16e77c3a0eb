import type { Project } from "../../../protocol/entities.ts";

/** What each project is called, with its folder's own folder where two have the same name. */
export function projectNames(projects: Iterable<Project>): ReadonlyMap<string, string> {
  const all = [...projects];
  const isShared = (name: string) => all.filter((other) => other.name === name).length > 1;
  return new Map(
    all.map(({ id, name, path }) => [id, isShared(name) ? `${name} (${parentFolder(path)})` : name] as const),
  );
}

function parentFolder(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-2) ?? path;
}
