import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, rename, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { TallyError } from "../../../protocol/errors.ts";
import { deleteTree } from "../delete-tree.ts";
import { countFiles } from "./count-files.ts";
import type { FileEntry, Manifest } from "./manifest.ts";
import { repointSubmodules } from "./moved-submodules.ts";
import { type PlainGit, plainGit, throwIfCancelled } from "./object-store.ts";
import { textOf } from "./raw-path.ts";
import { findFinished, makeAdmin, pointersOf, removeHalfMade, type RestoredAdmin, unlock } from "./restored-admin.ts";
import { restoreBranches, type RestoredBranches, type RestoredHead, unmakeBranches } from "./restored-branches.ts";
import { readSnapshot } from "./snapshots.ts";
import { closeFolders, writeTree } from "./write-tree.ts";

/** So many files that could not be brought back are named. */
const MAX_LOST_NAMED = 5;

export interface RestoreSnapshot {
  readonly commonDir: string;
  readonly ref: string;
  /** Does not exist. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** How far it is: "1,204 of 20,000 files". */
  readonly onProgress?: ((detail: string) => void) | undefined;
}

export interface Restored {
  /** The branch that its HEAD is on; null when it is detached. */
  readonly branch: string | null;
  readonly isDetached: boolean;
  /** What is not as it was, for a person. */
  readonly notes: readonly string[];
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * Brings a worktree back as it was: its files, what git knows of it alone, and its branch where that is gone. It is put together beside
 * its place, and is in it from one moment to the next. When it fails nothing is left of it; when it is cut off, the next call begins anew.
 * @throws {TallyError} `snapshot-not-found`, `folder-exists`, `cancelled`, `git-failed`
 */
export async function restoreSnapshot(options: RestoreSnapshot): Promise<Restored> {
  const { commonDir, ref, path, signal } = options;
  const { extra, manifest } = await readSnapshot(commonDir, ref);
  const finished = await findFinished(commonDir, ref, path);
  if (finished) return { ...(await finish(plainGit(commonDir, signal), finished, manifest)), notes: [], extra };
  if (await exists(path))
    throw new TallyError("folder-exists", `${path} is there already. Move it away, then restore again.`);

  const git = plainGit(commonDir, signal);
  const draft = draftOf(path);
  const firstMade = await mkdir(dirname(path), { recursive: true });
  const made: { branches?: RestoredBranches; admin?: RestoredAdmin } = {};
  const lost: FileEntry[] = [];
  try {
    await deleteTree(draft);
    made.branches = await restoreBranches(git, commonDir, manifest);
    made.admin = await makeAdmin(commonDir, ref, manifest.places.adminId);
    await fillAdmin(git, made.admin, manifest, options);
    await setHead(made.admin, made.branches.head);
    lost.push(...(await fillDraft(git, draft, made.admin, manifest, options)));
    await moveInto(draft, path);
  } catch (error) {
    await deleteTree(draft).catch(() => undefined);
    if (made.admin) await removeHalfMade(made.admin).catch(() => undefined);
    // Also after it was cancelled.
    if (made.branches) await unmakeBranches(plainGit(commonDir), made.branches.made).catch(() => undefined);
    if (firstMade !== undefined) await removeEmpty(dirname(path), firstMade);
    throw error;
  }
  const notes = [...made.branches.notes, ...noteOfLost(lost)];
  return { ...(await finish(git, made.admin, manifest)), notes, extra };
}

/** Where a worktree is put together before it is moved to `path`. */
function draftOf(path: string): string {
  return join(dirname(path), `.tally-restoring-${createHash("sha256").update(path).digest("hex").slice(0, 12)}`);
}

/** Removes what a restore that was cut off has left beside `path`, where nothing is yet. */
export async function discardDraft(path: string): Promise<void> {
  await deleteTree(draftOf(path));
}

async function fillAdmin(
  git: PlainGit,
  admin: RestoredAdmin,
  manifest: Manifest,
  options: RestoreSnapshot,
): Promise<void> {
  const { commonDir, path, signal } = options;
  const entries = manifest.admin.filter((entry) => entry.path !== "locked");
  const { gitdir } = pointersOf(manifest, commonDir, admin, path);
  await writeFile(join(admin.path, "gitdir"), gitdir);
  await writeFile(join(admin.path, "commondir"), "../..\n");
  const [lost] = await writeTree(git, admin.path, entries, { signal, onFiles: () => undefined });
  if (lost) {
    throw new TallyError(
      "git-failed",
      `What git knew of the worktree is not in the repository any more (${textOf(lost.path)}, ${lost.blob}), so it cannot be restored.`,
    );
  }
  await closeFolders(admin.path, entries);
}

async function fillDraft(
  git: PlainGit,
  draft: string,
  admin: RestoredAdmin,
  manifest: Manifest,
  options: RestoreSnapshot,
): Promise<FileEntry[]> {
  const { commonDir, path, signal, onProgress } = options;
  await mkdir(draft, 0o700);
  const tell = countFiles(manifest.folder.filter(({ type }) => type === "file").length, onProgress);
  const lost = await writeTree(git, draft, manifest.folder, { signal, onFiles: tell });
  await writeFile(join(draft, ".git"), pointersOf(manifest, commonDir, admin, path).gitFile, { flag: "wx" });
  await repointSubmodules(git, manifest, { draft, path, adminDir: admin.path });
  await closeFolders(draft, manifest.folder);
  throwIfCancelled(signal);
  return lost;
}

/** What somebody removed from the repository is no reason to withhold the rest. */
function noteOfLost(lost: readonly FileEntry[]): string[] {
  if (lost.length === 0) return [];
  const names = lost.slice(0, MAX_LOST_NAMED).map(({ path }) => textOf(path));
  const more = lost.length > names.length ? ` and ${lost.length - names.length} more` : "";
  return [`Not in the repository any more, and so not brought back: ${names.join(", ")}${more}.`];
}

async function setHead(admin: RestoredAdmin, head: RestoredHead): Promise<void> {
  const git = plainGit(admin.path);
  switch (head.kind) {
    case "as-it-was":
      return;
    case "detached":
      await git(["update-ref", "--no-deref", "-m", "tally: restored", "HEAD", head.at]);
      return;
    case "unborn":
      await git(["symbolic-ref", "HEAD", `refs/heads/${head.branch}`]);
  }
}

/** A folder that may not be written can not be moved either, on some systems. */
async function moveInto(draft: string, path: string): Promise<void> {
  const { mode } = await lstat(draft);
  await chmod(draft, mode | 0o700);
  if (await exists(path))
    throw new TallyError("folder-exists", `${path} was made meanwhile. Move it away, then restore again.`);
  await rename(draft, path);
  await chmod(path, mode);
}

/** It is in its place: from here on it is a worktree as any other. */
async function finish(
  git: PlainGit,
  admin: RestoredAdmin,
  manifest: Manifest,
): Promise<Pick<Restored, "branch" | "isDetached">> {
  const head = await plainGit(admin.path)(["symbolic-ref", "--quiet", "HEAD"], { okCodes: [0, 1] });
  const branch = /^refs\/heads\/(.+)\n$/.exec(head.stdout.toString("utf8"))?.[1] ?? null;
  const lock = manifest.admin.find(({ path }) => path === "locked");
  await unlock(admin, lock?.type === "file" ? (await git(["cat-file", "blob", lock.blob])).stdout : null);
  return { branch, isDetached: branch === null };
}

/** Folders that were made for it, from `folder` up to `first`, unless something is in them by now. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let each = folder; !relative(first, each).startsWith(".."); each = dirname(each)) {
    try {
      await rmdir(each);
    } catch {
      return;
    }
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
