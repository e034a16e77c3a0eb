import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Manifest } from "./manifest.ts";
import type { PlainGit } from "./object-store.ts";
import { nameOf, textOf } from "./raw-path.ts";

export interface MovedPlaces {
  /** Where the files are being put together. */
  readonly draft: string;
  /** Where they will be. */
  readonly path: string;
  readonly adminDir: string;
}

/** Submodules and git's folders for them point to one another. Where one of the two has another place now, both are told. */
export async function repointSubmodules(
  git: PlainGit,
  { places, folder }: Manifest,
  moved: MovedPlaces,
): Promise<void> {
  const { draft, path, adminDir } = moved;
  const oldAdminDir = join(places.commonDir, "worktrees", places.adminId);
  if (places.path === path && oldAdminDir === adminDir) return;
  for (const entry of folder) {
    if (entry.type !== "file" || nameOf(entry.path) !== ".git") continue;
    const gitFile = textOf(entry.path);
    const [, target] = /^gitdir: (.+)\n?$/.exec(await readFile(join(draft, gitFile), "utf8")) ?? [];
    if (target === undefined) continue;
    const oldGitDir = resolve(places.path, dirname(gitFile), target);
    if (!oldGitDir.startsWith(oldAdminDir + sep)) continue;
    const gitDir = join(adminDir, relative(oldAdminDir, oldGitDir));
    await writeFile(join(draft, gitFile), `gitdir: ${gitDir}\n`);
    await git(["config", "--file", join(gitDir, "config"), "core.worktree", join(path, dirname(gitFile))]);
  }
}
