import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import { type Project, type Worktree, worktreeSchema } from "../../protocol/entities.ts";
import type { Store, Transaction } from "../store/store.ts";
import { type Repository, repositoryName, repositoryOf } from "./repository.ts";

/** What is known of a folder before anything is written. */
export interface Place {
  readonly projectId: string;
  readonly path: string;
  readonly commonDir: string | null;
  readonly folderName: string;
  readonly file: ProjectFile;
  readonly worktree: Worktree | null;
}

/** What somebody says the project is called and opened with; undefined where they say nothing. */
export interface ProjectClaims {
  readonly name?: string | undefined;
  readonly ide?: string | undefined;
}

/** The part of a repository's `tally.json` that names the project. It names, and so needs nobody's approval. */
const projectFileSchema = z.object({ name: z.string().trim().min(1).max(200).optional(), ide: z.string().optional() });
type ProjectFile = z.infer<typeof projectFileSchema>;

const MAX_PROJECT_FILE_BYTES = 64 * 1024;

/** The id of a project or worktree, from what identifies it: its canonical path. */
export function idOf(identity: string): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 12);
}

/** Where a folder belongs: its git repository, the same from any worktree and subfolder, else the folder itself. */
export async function placeOf(folder: string): Promise<Place> {
  // A project may be reported whose folder is not (any more) there; then its path as given identifies it.
  const path = await realpath(folder).catch(() => resolve(folder));
  const repository = await repositoryOf(path).catch(() => null);
  if (!repository) {
    const file = await readProjectFile(path);
    return { projectId: idOf(path), path, commonDir: null, folderName: basename(path) || path, file, worktree: null };
  }
  const projectId = idOf(repository.commonDir);
  return {
    projectId,
    path: repository.mainPath,
    commonDir: repository.commonDir,
    folderName: repositoryName(repository),
    file: await readProjectFile(repository.linkedWorktree?.path ?? repository.mainPath),
    worktree: worktreeOf(projectId, repository),
  };
}

function worktreeOf(projectId: string, { linkedWorktree }: Repository): Worktree | null {
  if (!linkedWorktree) return null;
  const { path, branch } = linkedWorktree;
  return worktreeSchema.parse({ id: idOf(path), projectId, name: basename(path), path, branch });
}

async function readProjectFile(folder: string): Promise<ProjectFile> {
  try {
    const path = join(folder, "tally.json");
    const found = await stat(path);
    // A repository says what lies there: a device, or a pipe that nobody writes to, would never end.
    if (!found.isFile() || found.size > MAX_PROJECT_FILE_BYTES) return {};
    return projectFileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    // No such file, or one that is not ours: the folder's name will do.
    return {};
  }
}

/**
 * Writes the project (and worktree) of a place where they are new or changed, and returns the project.
 * A name that was given once stays until another one is given; `tally.json` comes next, the folder's name last.
 */
export function settle(
  store: Store,
  transaction: Transaction,
  place: Place,
  claims: ProjectClaims,
  now: number,
): Project {
  const known = store.project(place.projectId);
  const givenName = claims.name ?? known?.givenName ?? null;
  const project: Project = {
    id: place.projectId,
    name: givenName ?? place.file.name ?? place.folderName,
    path: place.path,
    commonDir: place.commonDir,
    preferredIde: claims.ide ?? place.file.ide ?? known?.preferredIde ?? null,
    createdAt: known?.createdAt ?? now,
    updatedAt: known?.updatedAt ?? now,
  };
  const isChanged =
    !known ||
    known.name !== project.name ||
    known.path !== project.path ||
    known.preferredIde !== project.preferredIde ||
    known.givenName !== givenName;
  if (isChanged) {
    project.updatedAt = now;
    transaction.putProject(project, { givenName });
  }
  if (place.worktree) {
    const known = store.worktree(place.worktree.id);
    const { branch } = place.worktree;
    if (!known) transaction.putWorktree({ ...place.worktree, createdAt: now, updatedAt: now });
    else if (known.branch !== branch) transaction.putWorktree({ ...known, branch, updatedAt: now });
  }
  return project;
}
