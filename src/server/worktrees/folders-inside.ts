import type { Stats } from "node:fs";
import { lstat, mkdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/** Without the links and points in it that would make two paths of one file differ: `a/b`, `""` for the root itself. */
export function plainPath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Whether a path, or a folder that it is in, is one of these; all with `/` between their parts. */
export function isAtOrBelow(path: string, roots: ReadonlySet<string>): boolean {
  if (roots.has(path)) return true;
  for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
    if (roots.has(path.slice(0, end))) return true;
  }
  return false;
}

/** What is at a path, links not followed; null when nothing is. */
export async function whatIsAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}

/** Makes folders in one checkout as they are in another one, and never out of it. */
export class FoldersInside {
  readonly #root: string;
  readonly #like: string;
  readonly #made = new Map<string, Promise<string | null>>();

  /** @param like whose folders say which mode those that are missing get: a secret one stays so. */
  constructor(root: string, like: string) {
    this.#root = root;
    this.#like = like;
  }

  /**
   * A folder in the root, made when it is not there.
   * @param path relative to the root, with `/` between its parts
   * @returns where it is; null when a file is in the way, or a link that leads out of the root
   */
  ensure(path: string): Promise<string | null> {
    const known = this.#made.get(path);
    if (known) return known;
    const made = path === "" ? realpath(this.#root) : this.#make(path);
    this.#made.set(path, made);
    return made;
  }

  async #make(path: string): Promise<string | null> {
    const end = path.lastIndexOf("/");
    const parent = await this.ensure(path.slice(0, Math.max(end, 0)));
    if (parent === null) return null;
    const folder = join(parent, path.slice(end + 1));
    const there = await whatIsAt(folder);
    if (there === null) {
      await mkdir(folder, { mode: await this.#modeLike(path) });
      return folder;
    }
    if (there.isDirectory()) return folder;
    if (!there.isSymbolicLink()) return null;
    return this.#target(folder);
  }

  async #target(link: string): Promise<string | null> {
    const root = await realpath(this.#root);
    const target = await realpath(link).catch(() => null);
    if (target === null || !isWithin(root, target)) return null;
    return (await stat(target)).isDirectory() ? target : null;
  }

  /** Its owner may always write: what belongs in it is still to come. */
  async #modeLike(path: string): Promise<number> {
    const like = await stat(join(this.#like, path)).catch(() => null);
    return ((like?.mode ?? 0o777) & 0o777) | 0o700;
  }
}

/** Whether a real path is in a real folder, or that folder. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
