import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { TallyError } from "../../../protocol/errors.ts";
import type { SnapshotInfo } from "../../../protocol/worktrees.ts";
import { KeptFiles } from "./kept-files.ts";
import { type KeptOfGit, keptOfGit } from "./kept-of-git.ts";
import { firstChange, look, refuseLink, type Seen } from "./look.ts";
import { MadeReadable } from "./make-readable.ts";
import { commitMessage, type Entry, type Label, type Manifest, manifestJson } from "./manifest.ts";
import {
  gitText,
  kindsOf,
  type PlainGit,
  plainGit,
  rawItems,
  throwIfCancelled,
  type TreeEntry,
  writeBlobTree,
  writeTrees,
} from "./object-store.ts";
import { type Raw, textOf } from "./raw-path.ts";
import { closedTo, type Readers } from "./readers.ts";
import { dropSnapshot, findSnapshot } from "./snapshots.ts";
import { stillWritten } from "./still-written.ts";

/** So often what was written meanwhile is taken again. */
const MAX_ROUNDS = 5;

export interface TakeSnapshot {
  readonly commonDir: string;
  /** Git's folder of the worktree: `<commonDir>/worktrees/<id>`. */
  readonly adminDir: string;
  /** Where the files are now: the worktree has been renamed. It may be gone: then what git knows of it is kept. */
  readonly folder: string;
  /** As it was; `path` is where it is to be again. */
  readonly worktree: { readonly name: string; readonly path: string; readonly branch: string | null };
  /** Of `snapshotRef`. A snapshot of the same worktree that is there already is replaced: the removal was cut off after it. */
  readonly ref: string;
  /** Kept with it, and given back: ports, ids of sessions, the recipe. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  /** How far it is: "1,204 of 20,000 files". */
  readonly onProgress?: ((detail: string) => void) | undefined;
}

/**
 * Keeps all that is in a worktree, and all that git knows of it alone, as one commit under `ref`. Nothing in the repository is
 * changed but for that, and none of its hooks is run.
 *
 * The commit's tree holds a manifest, and every file's contents under a name that says nothing. Its parents, and the trees of the
 * index, keep everything from git's garbage collection that the worktree alone kept from it.
 * @throws {TallyError} `worktree-busy` while a program goes on writing into it, `not-a-folder` for a link, `cancelled`,
 * `folder-unreadable`, `git-failed`; then there is no snapshot
 */
export async function takeSnapshot(options: TakeSnapshot): Promise<SnapshotInfo> {
  const readable = new MadeReadable();
  try {
    return await take(options, readable);
  } finally {
    await readable.putBack();
  }
}

/** What is written while it is taken is taken again, and there is no snapshot before the worktree has come to rest. */
async function take(options: TakeSnapshot, readable: MadeReadable): Promise<SnapshotInfo> {
  const { commonDir, folder, worktree, ref, signal } = options;
  const git = plainGit(commonDir, signal);
  await refuseLink(folder, worktree.path);
  const files = new KeptFiles(options);
  let seen = await look(options, readable);
  for (let rounds = 1; ; rounds += 1) {
    const written = await write(options, seen, files).catch((error: unknown) => ({ error }));
    throwIfCancelled(signal);
    const now = await look(options, readable);
    const changed = firstChange(seen, now);
    if (changed === null) {
      // It has failed for another reason than that something went meanwhile.
      if ("error" in written) throw written.error;
      await setRef(commonDir, git, ref, written.commit, worktree.path);
      if (await isWhole(git, written)) return { ref, ...written.label };
      await dropSnapshot(commonDir, ref);
      files.forget();
    }
    if (rounds === MAX_ROUNDS)
      throw changed === null ? pruned(commonDir) : await stillWritten(worktree.name, folder, changed);
    seen = now;
  }
}

interface Written {
  readonly commit: string;
  readonly kept: KeptOfGit;
  readonly label: Label;
}

/** Writes all that was seen, as a commit to which nothing refers yet. */
async function write(options: TakeSnapshot, seen: Seen, files: KeptFiles): Promise<Written> {
  const { commonDir, adminDir, folder, worktree, extra, signal } = options;
  if (seen.admin.found.length === 0) {
    throw new TallyError(
      "git-failed",
      `${adminDir} is gone: git knows nothing of ${worktree.path} any more. Nothing was removed.`,
    );
  }
  const git = plainGit(commonDir, signal);
  const places = { commonDir, adminDir, folder: seen.folder && folder, branch: worktree.branch, signal };
  const kept = await keptOfGit(places, seen.admin.found);
  await refuseForeign(git, kept, options);
  const entries = await files.keep(seen);
  throwIfCancelled(signal);

  const manifest: Manifest = {
    version: 1,
    extra: { ...extra },
    places: { path: worktree.path, commonDir, adminId: basename(adminDir) },
    pointers: { gitFile: await rawFile(join(folder, ".git")), gitdir: await rawFile(join(adminDir, "gitdir")) },
    head: kept.head,
    headBranch: kept.headBranch,
    branches: kept.branches,
    folder: entries.folder,
    admin: entries.admin,
  };
  const tree = await writeTree(git, manifest, kept, entries.readers);
  const ownFiles = entries.folder.filter((entry) => entry.type === "file");
  const label: Label = {
    name: worktree.name,
    branch: worktree.branch,
    head: kept.head ?? "0".repeat(tree.length),
    path: worktree.path,
    takenAt: Date.now(),
    files: ownFiles.length,
    bytes: ownFiles.reduce((sum, { size }) => sum + size, 0),
    leftOut: (seen.folder?.leftOut ?? []).map(textOf),
  };
  return { commit: await writeCommit(git, tree, kept.commits, label), kept, label };
}

/** A commit whose parent is missing would make the repository one that git cannot clean up any more. */
async function refuseForeign(
  git: PlainGit,
  { commits }: KeptOfGit,
  { commonDir, worktree }: TakeSnapshot,
): Promise<void> {
  const present = new Set((await kindsOf(git, commits)).map(({ id }) => id));
  const missing = commits.find((id) => !present.has(id));
  if (missing === undefined) return;
  throw new TallyError(
    "git-failed",
    `${commonDir} does not have commit ${missing}, which ${worktree.path} is at: that is a worktree of another repository. Nothing was removed.`,
  );
}

/** Until its ref was there, a `git gc --prune=now` of somebody else's could remove what was written already. */
async function isWhole(git: PlainGit, { commit, kept }: Written): Promise<boolean> {
  const listed = await git(["ls-tree", "-r", "-z", commit, "manifest.json", "blobs/"], { okCodes: [0, 1, 128] });
  if (listed.code !== 0) return false;
  if (kept.stagedTree !== null) {
    const staged = await git(["ls-tree", "-r", "-d", "-z", kept.stagedTree], { okCodes: [0, 1, 128] });
    if (staged.code !== 0) return false;
  }
  const blobs = rawItems(listed).map((item) => item.slice(0, item.indexOf("\t")).split(" ")[2] ?? "");
  const ids = new Set([...blobs, ...kept.commits, ...kept.trees]);
  return (await kindsOf(git, [...ids])).length === ids.size;
}

function pruned(commonDir: string): TallyError {
  return new TallyError(
    "git-failed",
    `${commonDir} is pruned again and again while the snapshot is taken, so nothing can be kept. Let "git gc" or "git prune" come to its end, then try again.`,
  );
}

async function writeTree(git: PlainGit, manifest: Manifest, kept: KeptOfGit, readers: Readers): Promise<string> {
  const blobsOf = (entries: readonly Entry[]) =>
    entries.flatMap((entry) => (entry.type === "file" ? [entry.blob] : []));
  const blobs = new Set([...blobsOf(manifest.folder), ...blobsOf(manifest.admin), ...kept.blobs]);
  const object = await gitText(git, [...closedTo(readers), "hash-object", "-w", "--stdin"], {
    input: manifestJson(manifest),
  });
  const top: TreeEntry[] = [{ mode: "100644", object, name: "manifest.json" }];
  if (blobs.size > 0) top.push({ mode: "040000", object: await writeBlobTree(git, blobs), name: "blobs" });
  const trees = kept.trees.map((id): TreeEntry => ({ mode: "040000", object: id, name: id }));
  if (trees.length > 0) top.push({ mode: "040000", object: (await writeTrees(git, [trees]))[0] ?? "", name: "trees" });
  return (await writeTrees(git, [top]))[0] ?? "";
}

/** Not `git commit-tree`: a reflog can name more commits than a command line holds. */
function writeCommit(git: PlainGit, tree: string, parents: readonly string[], label: Label): Promise<string> {
  const who = `Tally <tally@localhost> ${Math.floor(label.takenAt / 1_000)} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((id) => `parent ${id}`), `author ${who}`, `committer ${who}`, ""];
  return gitText(git, ["hash-object", "-w", "-t", "commit", "--stdin"], {
    input: `${lines.join("\n")}\n${commitMessage(label)}`,
  });
}

/** The one moment from which on there is a snapshot. */
async function setRef(commonDir: string, git: PlainGit, ref: string, commit: string, path: string): Promise<void> {
  const present = await findSnapshot(commonDir, ref);
  if (present && present.info.path !== path) {
    throw new TallyError("git-failed", `${ref} is the snapshot of another worktree (${present.info.path}). Try again.`);
  }
  await git(["update-ref", "--no-deref", ref, commit, present?.commit ?? "0".repeat(commit.length)]);
}

function rawFile(path: string): Promise<Raw | null> {
  return readFile(path, "latin1").catch(() => null);
}
